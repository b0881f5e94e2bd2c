import type { Fleet } from '../fleet/model.ts';
import { clusterConflicts } from './cluster-conflicts.ts';
import { planClusterAccess } from './clusters.ts';
import type { AccessProblem } from './codes.ts';
import { fleetConflicts } from './conflicts.ts';
import type { AccessGraph } from './graph.ts';
import { planFindings } from './plan-findings.ts';
import { planIdentities } from './identities.ts';
import { planProviders } from './providers.ts';
import { movingProfiles } from './profiles.ts';
import { ownersOfServiceAccounts, reservedServiceAccounts } from './service-accounts.ts';
import { sharedTargets } from './shared-targets.ts';
import { movingSplits, splitSharedRoles } from './split-roles.ts';
import { planRoles } from './roles/plan-roles.ts';

export type AccessResult =
  | { readonly kind: 'graph'; readonly graph: AccessGraph }
  | { readonly kind: 'invalid'; readonly problems: readonly AccessProblem[] };

/**
 * From a fleet to its access graph: every principal, hop, mapping, permission and plan. Problems are
 * those that only the whole shows: two owners of one role, two users for one mapping.
 */
export function planAccess(asked: Fleet): AccessResult {
  const fleet = splitSharedRoles(asked);
  const identities = planIdentities(fleet);
  const problems: AccessProblem[] = [
    ...fleetConflicts(fleet),
    ...clusterConflicts(fleet),
    ...reservedServiceAccounts(fleet),
    ...ownersOfServiceAccounts(fleet),
    ...sharedTargets(asked),
    ...movingProfiles(fleet, identities),
    ...movingSplits(asked),
  ];
  const roles = planRoles(fleet, identities, problems);
  const clusters = fleet.clusters
    .map((cluster) => planClusterAccess(fleet, cluster, identities, problems))
    .filter((access) => access !== undefined);
  if (problems.length > 0) return { kind: 'invalid', problems: distinct(problems) };
  return {
    kind: 'graph',
    graph: {
      fleet: fleet.name,
      providers: planProviders(fleet, roles),
      roles,
      clusters,
      findings: planFindings(fleet),
      iam: fleet.iam,
      delivery: fleet.delivery,
    },
  };
}

/** A reach says the same of each of its clusters in one account: once is enough. */
function distinct(problems: readonly AccessProblem[]): readonly AccessProblem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()];
}
