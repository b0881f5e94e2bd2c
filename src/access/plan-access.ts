import type { Problem } from '../fleet/diagnostic.ts';
import type { Fleet, Service } from '../fleet/model.ts';
import { planClusterAccess } from './clusters.ts';
import type { AccessGraph } from './graph.ts';
import { planRoles } from './roles.ts';

export type AccessResult =
  | { readonly kind: 'graph'; readonly graph: AccessGraph }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/**
 * From a fleet to its access graph: every principal, hop, mapping, permission and plan. Problems are
 * those that only the whole shows: two owners of one role, two users for one mapping.
 */
export function planAccess(fleet: Fleet): AccessResult {
  const problems: Problem[] = [...serviceAccountConflicts(fleet)];
  const roles = planRoles(fleet, problems);
  const clusters = fleet.clusters
    .map((cluster) => planClusterAccess(fleet, cluster, problems))
    .filter((access) => access !== undefined);
  if (problems.length > 0) return { kind: 'invalid', problems };
  return { kind: 'graph', graph: { fleet: fleet.name, roles, clusters } };
}

/** A ServiceAccount's annotation holds one role: two services can't share it. */
function serviceAccountConflicts(fleet: Fleet): readonly Problem[] {
  const owners = new Map<string, Service>();
  return fleet.services.flatMap((service, index) => {
    const key = `${service.cluster.name}/${service.namespace}/${service.serviceAccount}`;
    const owner = owners.get(key);
    if (owner === undefined) {
      owners.set(key, service);
      return [];
    }
    return [
      {
        code: 'access/service-account-conflict',
        path: ['services', index],
        found: `ServiceAccount ${service.namespace}/${service.serviceAccount} of cluster ${service.cluster.name}, which is service ${owner.name}'s already`,
        expected: 'one service a ServiceAccount: its annotation holds one role',
        next: 'Give one of the two a `serviceAccount` of its own.',
      },
    ];
  });
}
