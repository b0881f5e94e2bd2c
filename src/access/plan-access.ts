import type { Fleet } from '../fleet/model.ts';
import { planClusterAccess } from './clusters.ts';
import type { AccessProblem } from './codes.ts';
import { fleetConflicts } from './conflicts.ts';
import type { AccessGraph } from './graph.ts';
import { planRoles } from './roles.ts';

export type AccessResult =
  | { readonly kind: 'graph'; readonly graph: AccessGraph }
  | { readonly kind: 'invalid'; readonly problems: readonly AccessProblem[] };

/**
 * From a fleet to its access graph: every principal, hop, mapping, permission and plan. Problems are
 * those that only the whole shows: two owners of one role, two users for one mapping.
 */
export function planAccess(fleet: Fleet): AccessResult {
  const problems: AccessProblem[] = [...fleetConflicts(fleet)];
  const roles = planRoles(fleet, problems);
  const clusters = fleet.clusters
    .map((cluster) => planClusterAccess(fleet, cluster, problems))
    .filter((access) => access !== undefined);
  if (problems.length > 0) return { kind: 'invalid', problems: distinct(problems) };
  return { kind: 'graph', graph: { fleet: fleet.name, roles, clusters } };
}

/** A reach says the same of each of its clusters in one account: once is enough. */
function distinct(problems: readonly AccessProblem[]): readonly AccessProblem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()];
}
