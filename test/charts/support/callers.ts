import { serviceSessionName } from '../../../src/access/names.ts';
import type { Fleet, PodService, Service } from '../../../src/fleet/model.ts';
import { isOfFamily, type RolePlace } from './fleet-asks.ts';

/** A role that assumes another, and what it shows there. */
export interface Caller {
  readonly arn: string;
  /** Whose session may carry its tags on. */
  readonly pod?: PodService;
  readonly externalId?: string;
  readonly sourceIdentity?: string;
}

/** Every role that the fleet file lets assume this one: a service's, or what hands roles to its pods. */
export const callersOf = (fleet: Fleet, place: RolePlace): readonly Caller[] => [
  ...fleet.services.flatMap((service) => [
    ...hopsOf(fleet, service, place),
    ...handersOf(service, place).map((arn) => ({ arn })),
  ]),
  ...fleet.clusters.flatMap(({ kiam }) =>
    kiam && isAt(kiam.serverRoleArn, place) ? [{ arn: kiam.nodeRoleArn }] : [],
  ),
];

/** IRSA with one hop enters by its token alone. */
function hopsOf(fleet: Fleet, service: Service, place: RolePlace): readonly Caller[] {
  const pod = service.kind === 'pod' ? service : undefined;
  if (pod?.podIdentity.kind === 'irsa' && pod.podIdentity.hops === 1) return [];
  return service.reach
    .filter(
      ({ role, clusters }) =>
        isOfFamily(place.role, role) &&
        clusters.some(({ account }) => account.id === place.account),
    )
    .map(({ externalId }) => ({
      arn: ownArn(fleet, service),
      ...(externalId === undefined ? {} : { externalId }),
      ...(pod ? { pod } : {}),
      ...(pod && fleet.iam.sourceIdentity ? { sourceIdentity: serviceSessionName(pod.id) } : {}),
    }));
}

/** Of the fleet's own on its path; someone else's on none. */
const ownArn = ({ iam }: Fleet, { partition, account, role, existingRole }: Service): string =>
  `arn:${partition}:iam::${account.id}:role${existingRole ? '/' : iam.path}${role}`;

/** kiam's server, or kube2iam's nodes, in the service's own cluster. */
function handersOf(service: Service, place: RolePlace): readonly string[] {
  if (service.kind === 'outside') return [];
  const { podIdentity, cluster, account, role } = service;
  if (account.id !== place.account || role !== place.role) return [];
  switch (podIdentity.kind) {
    case 'kiam':
      return cluster.kiam ? [cluster.kiam.serverRoleArn] : [];
    case 'kube2iam':
      return cluster.kube2iam?.nodeRoleArns ?? [];
    case 'irsa':
    case 'eks-pod-identity':
      return [];
  }
}

export const isAt = (arn: string, { account, role }: RolePlace): boolean =>
  arn.includes(`:iam::${account}:role/`) && arn.endsWith(`/${role}`);
