import type { Cluster, Fleet, PodService, Service } from '../fleet/model.ts';
import type { HostCluster, IdentityPlan, PodWiring } from '../identities/mechanism.ts';
import { planIdentity } from '../identities/mechanisms.ts';
import type { PodIdentity, PodIdentityKind } from '../identities/pod-identity.ts';
import { clusterArn } from '../names/arn.ts';
import { serviceSessionName } from './names.ts';
import { ownRoleArn, targetRoleArn } from './role-arns.ts';

/** What each service's identity asks for, by the service's id. */
export type Identities = ReadonlyMap<string, ServiceIdentity>;

export interface ServiceIdentity {
  /** What roles must allow: one way; while the service moves, besides it the one that running pods still have. */
  readonly ways: readonly IdentityWay[];
  /** What new pods are given. Absent for a principal outside of Kubernetes. */
  readonly pod?: IdentityPlan;
  /** What running pods still have, while the service moves. */
  readonly left?: IdentityPlan;
}

/** What a way to an identity asks of roles. */
export type IdentityWay = Pick<
  IdentityPlan,
  'trusts' | 'assumedBy' | 'targetTrust' | 'chained' | 'targetSessionSeconds'
>;

export const planIdentities = (fleet: Fleet): Identities =>
  new Map(fleet.services.map((service) => [service.id, identityOf(fleet, service)]));

function identityOf(fleet: Fleet, service: Service): ServiceIdentity {
  if (service.kind === 'outside') {
    const roleArn = ownRoleArn(fleet, service);
    const way: IdentityWay = {
      trusts: [],
      assumedBy: [],
      chained: true,
      targetSessionSeconds: 3600,
      targetTrust: ({ externalId }) => ({
        kind: 'role',
        roleArn,
        ...(externalId === undefined ? {} : { externalId }),
      }),
    };
    return { ways: [way] };
  }
  const pod = planPod(fleet, service, service.podIdentity);
  if (!service.migratingFrom) return { ways: [pod], pod };
  const left = planPod(fleet, service, service.migratingFrom.identity);
  return { ways: [pod, left], pod: { ...pod, wiring: besides(pod.wiring, left.wiring) }, left };
}

/** A NetworkPolicy holds for pods that run already, too: they need the way to their own agent. */
const besides = (wiring: PodWiring, left: PodWiring): PodWiring => ({
  ...wiring,
  egress: [...wiring.egress, ...left.egress],
});

function planPod(fleet: Fleet, service: PodService, identity: PodIdentity): IdentityPlan {
  const targets = service.reach.flatMap((reach) =>
    reach.clusters.map((cluster) => targetRoleArn(fleet, reach, cluster)),
  );
  return planIdentity({
    identity,
    role: { arn: ownRoleArn(fleet, service), name: service.role },
    namespace: service.namespace,
    serviceAccount: service.serviceAccount,
    host: hostOf(service.cluster),
    targets: [...new Set(targets)],
    hasOwnPermissions: service.policies.length > 0,
    ...(fleet.iam.sourceIdentity ? { sourceIdentity: serviceSessionName(service.id) } : {}),
  });
}

/** The mechanisms that its pods have: new ones, and those that still run. */
export const mechanismsOf = ({
  podIdentity,
  migratingFrom,
}: PodService): readonly PodIdentityKind[] => [
  podIdentity.kind,
  ...(migratingFrom ? [migratingFrom.identity.kind] : []),
];

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
