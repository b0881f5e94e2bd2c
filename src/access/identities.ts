import type { Cluster, Fleet, PodService, Service } from '../fleet/model.ts';
import type { HostCluster, IdentityPlan } from '../identities/mechanism.ts';
import { planIdentity } from '../identities/mechanisms.ts';
import type { Trust } from '../identities/trust.ts';
import { clusterArn, type AccountId } from '../names/arn.ts';
import { serviceSessionName } from './names.ts';
import { ownRoleArn, targetRoleArn } from './role-arns.ts';

/** What each service's identity asks for, by the service's id. */
export type Identities = ReadonlyMap<string, ServiceIdentity>;

export interface ServiceIdentity {
  /** The service's own role must be allowed to assume the targets'. */
  readonly chained: boolean;
  readonly targetTrust: (target: {
    readonly account: AccountId;
    readonly externalId?: string;
  }) => Trust;
  readonly targetSessionSeconds: number;
  /** Absent for a principal outside of Kubernetes. */
  readonly pod?: IdentityPlan;
}

export const planIdentities = (fleet: Fleet): Identities =>
  new Map(fleet.services.map((service) => [service.id, identityOf(fleet, service)]));

function identityOf(fleet: Fleet, service: Service): ServiceIdentity {
  if (service.kind === 'outside') {
    const roleArn = ownRoleArn(fleet, service);
    return {
      chained: true,
      targetSessionSeconds: 3600,
      targetTrust: ({ externalId }) => ({
        kind: 'role',
        roleArn,
        ...(externalId === undefined ? {} : { externalId }),
      }),
    };
  }
  const pod = planPod(fleet, service);
  const { chained, targetTrust, targetSessionSeconds } = pod;
  return { chained, targetTrust, targetSessionSeconds, pod };
}

function planPod(fleet: Fleet, service: PodService): IdentityPlan {
  const targets = service.reach.flatMap((reach) =>
    reach.clusters.map((cluster) => targetRoleArn(fleet, reach, cluster)),
  );
  return planIdentity({
    identity: service.podIdentity,
    role: { arn: ownRoleArn(fleet, service), name: service.role },
    namespace: service.namespace,
    serviceAccount: service.serviceAccount,
    host: hostOf(service.cluster),
    targets: [...new Set(targets)],
    hasOwnPermissions: service.policies.length > 0,
    ...(fleet.iam.sourceIdentity ? { sourceIdentity: serviceSessionName(service.id) } : {}),
  });
}

/** The cluster as its services' identities see it. */
export const hostOf = (cluster: Cluster): HostCluster => ({
  name: cluster.name,
  arn: clusterArn(cluster.partition, cluster.region, cluster.account.id, cluster.eksCluster),
  account: cluster.account.id,
  partition: cluster.partition,
  region: cluster.region,
  ...(cluster.oidcIssuer === undefined ? {} : { oidcIssuer: cluster.oidcIssuer }),
  ...(cluster.kiam ? { kiam: cluster.kiam } : {}),
  ...(cluster.kube2iam ? { kube2iam: cluster.kube2iam } : {}),
});
