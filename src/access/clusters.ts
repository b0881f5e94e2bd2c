import type { Cluster, Fleet, PodService } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';
import { planEntrants, toEntry, toMapping } from './entrants.ts';
import { planGrants } from './grants.ts';
import type { ClusterAccess, PodAccess } from './graph.ts';
import { mechanismsOf, type Identities } from './identities.ts';
import { planNamespaces } from './namespaces.ts';
import { planAwsConfig, planKubeconfig } from './profiles.ts';
import { planRestart } from './restarts.ts';
import { ownRoleArn } from './role-arns.ts';
import { planUserGrants } from './user-grants.ts';

/** What one cluster gets, or `undefined` where the fleet asks nothing of it. */
export function planClusterAccess(
  fleet: Fleet,
  cluster: Cluster,
  identities: Identities,
  problems: AccessProblem[],
): ClusterAccess | undefined {
  const hosted = fleet.services.filter(
    (service): service is PodService =>
      service.kind === 'pod' && service.cluster.name === cluster.name,
  );
  const restarts = fleet.restarts
    .map((restart, index) => ({ restart, index }))
    .filter(({ restart }) => restart.service.cluster.name === cluster.name)
    .map(({ restart, index }) => planRestart(fleet, restart, identities, ['restarts', index]));
  const entrants = planEntrants(fleet, cluster, problems);
  const agents = planAgents(cluster, hosted);
  if (hosted.length === 0 && entrants.length === 0 && Object.keys(agents).length === 0) {
    return undefined;
  }
  const byEntries = cluster.accessControl === 'access-entries';
  return {
    cluster,
    namespaces: planNamespaces(fleet, cluster, hosted),
    pods: hosted.map((service) => planPod(fleet, service, identities)),
    restarts,
    mappings: byEntries ? [] : entrants.map(toMapping),
    entries: byEntries ? entrants.map(toEntry) : [],
    associations: hosted.flatMap(({ id }) => identities.get(id)?.pod?.association ?? []),
    grants: fleet.services.flatMap((service) => planGrants(fleet, service, cluster)),
    userGrants: planUserGrants(fleet, cluster),
    ...agents,
  };
}

function planPod(fleet: Fleet, service: PodService, identities: Identities): PodAccess {
  const pod = identities.get(service.id)?.pod;
  if (!pod) throw new Error(`no identity was planned for the service ${service.id}`);
  return {
    service: service.id,
    env: service.env,
    namespace: service.namespace,
    serviceAccount: service.serviceAccount,
    serviceAccountOwnership: service.existingServiceAccount ? 'existing' : 'rollcall',
    identity: service.podIdentity.kind,
    ...(pod.trusts.length > 0 ? { roleArn: ownRoleArn(fleet, service) } : {}),
    wiring: pod.wiring,
    ...(service.s3Check === undefined ? {} : { s3Check: service.s3Check }),
    // A kubeconfig's contexts name profiles.
    ...(service.awsConfig || service.kubeconfig
      ? { awsConfig: planAwsConfig(fleet, service, pod) }
      : {}),
    ...(service.kubeconfig ? { kubeconfig: planKubeconfig(fleet, service) } : {}),
  };
}

/** Agents that somebody runs already are left to them. */
const planAgents = (
  { kiam, kube2iam }: Cluster,
  hosted: readonly PodService[],
): Pick<ClusterAccess, 'kiam' | 'kube2iam'> => {
  const uses = (kind: 'kiam' | 'kube2iam') =>
    hosted.some((service) => mechanismsOf(service).includes(kind));
  return {
    ...(kiam && !kiam.existing && uses('kiam') ? { kiam: { agent: kiam } } : {}),
    ...(kube2iam && !kube2iam.existing && uses('kube2iam')
      ? { kube2iam: { agent: kube2iam } }
      : {}),
  };
};
