import { mechanismsOf } from '../src/access/identities.ts';
import { ownRoleArn } from '../src/access/role-arns.ts';
import type { Fleet } from '../src/fleet/model.ts';
import type { PodIdentityKind } from '../src/identities/pod-identity.ts';
import type { Access } from './access-list.ts';

/** A service whose running pods have a way to their role that the fleet file no longer knows. */
export interface SuddenMove {
  readonly service: string;
  readonly from: PodIdentityKind;
  readonly to: PodIdentityKind;
}

const agents = ['kiam', 'kube2iam'] as const;

/**
 * The services that an agent gave their role in an earlier output, and that leave it without
 * `migratingFrom`. Of a move that was open, the earlier output has the new way already.
 */
export const suddenMoves = (before: readonly Access[], fleet: Fleet): readonly SuddenMove[] =>
  fleet.services.flatMap((service) => {
    if (service.kind === 'outside') return [];
    const { id, cluster, namespace, serviceAccount, podIdentity } = service;
    const who = `${cluster.name} ${namespace}/${serviceAccount}`;
    const role = ownRoleArn(fleet, service);
    return agents
      .filter((from) => !mechanismsOf(service).includes(from))
      .filter((from) =>
        before.some((one) => one.who === who && one.to === role && one.what === from),
      )
      .map((from) => ({ service: id, from, to: podIdentity.kind }));
  });
