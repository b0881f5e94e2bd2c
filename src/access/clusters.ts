import type { Cluster, Fleet } from '../fleet/model.ts';
import type { RoleArn } from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';
import { planGrants } from './grants.ts';
import type { ClusterAccess, Mapping } from './graph.ts';
import { planRestart } from './restarts.ts';
import { hubRoleArn, targetRoleArn } from './roles.ts';

/** What one cluster gets, or `undefined` where the fleet asks nothing of it. */
export function planClusterAccess(
  fleet: Fleet,
  cluster: Cluster,
  problems: AccessProblem[],
): ClusterAccess | undefined {
  const hosted = fleet.services.filter((service) => service.cluster.name === cluster.name);
  const restarts = fleet.restarts
    .map((restart, index) => ({ restart, index }))
    .filter(({ restart }) => restart.service.cluster.name === cluster.name)
    .map(({ restart, index }) => planRestart(fleet, restart, ['restarts', index]));
  const mappings = planMappings(fleet, cluster, problems);
  if (hosted.length === 0 && mappings.length === 0) return undefined;
  const namespaces = hosted.filter((service) => !service.existingNamespace);
  return {
    cluster,
    namespaces: [...new Set(namespaces.map((service) => service.namespace))].sort(),
    pods: hosted.map((service) => ({
      service: service.name,
      env: service.env,
      namespace: service.namespace,
      serviceAccount: service.serviceAccount,
      roleArn: hubRoleArn(service),
    })),
    restarts,
    mappings,
    grants: fleet.services.flatMap((service) => planGrants(fleet, service, cluster)),
  };
}

function planMappings(
  fleet: Fleet,
  cluster: Cluster,
  problems: AccessProblem[],
): readonly Mapping[] {
  const users = new Map<RoleArn, string>();
  fleet.services.forEach((service, serviceIndex) => {
    service.reach.forEach((reach, reachIndex) => {
      if (!reach.clusters.some((reached) => reached.name === cluster.name)) return;
      const arn = targetRoleArn(reach, cluster);
      const known = users.get(arn);
      if (known !== undefined && known !== reach.kubernetesUser) {
        problems.push({
          code: 'access/user-conflict',
          path: ['services', serviceIndex, 'reach', reachIndex],
          found: `user ${reach.kubernetesUser} for role ${arn}, which is ${known} in cluster ${cluster.name} already`,
          expected: 'one user a role and cluster: of two aws-auth entries the last silently wins',
          next: 'Use the same `kubernetesUser`, or another `role`.',
        });
      }
      const other = [...users].find(
        ([role, user]) => role !== arn && user === reach.kubernetesUser,
      )?.[0];
      if (other !== undefined) {
        problems.push({
          code: 'access/user-shared',
          path: ['services', serviceIndex, 'reach', reachIndex],
          found: `user ${reach.kubernetesUser} for role ${arn}, who is role ${other} in cluster ${cluster.name} already`,
          expected: 'one role a user and cluster: each would have the rights of the other',
          next: 'Set another `kubernetesUser`.',
        });
      }
      users.set(arn, known ?? reach.kubernetesUser);
    });
  });
  return [...users]
    .map(([roleArn, username]) => ({ roleArn, username }))
    .sort((a, b) => (a.roleArn < b.roleArn ? -1 : 1));
}
