import { durationSeconds } from '../form/duration.ts';
import { rules } from '../form/rules.ts';
import { checkHost } from './check-host.ts';
import { migrationFault } from './check-migration.ts';
import type { ServiceFacts } from './check-reach.ts';
import type { ClusterDraft, ClusterIndex } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Expanded, ServiceDraft } from './expand-envs.ts';
import {
  type IdentityDraft,
  type IdentityHolder,
  identityKeys,
  type IdentityKey,
  identityOf,
} from './identity-draft.ts';
import type { FleetDraft } from './shape.ts';

/** What a cluster says for its services. */
export function checkClusterIdentity(
  cluster: ClusterDraft,
  path: FleetPath,
  problems: Problems,
): void {
  checkSessions(cluster, (key) => [...path, key], problems);
  const to = identityOf(cluster, 'podIdentity');
  const from = identityOf(cluster, 'migratingFrom');
  const fault = from && to && migrationFault(from, to);
  if (fault) problems.add({ ...fault, path: [...path, 'migratingFrom'] });
}

/** STS lets a session that was made by another role's last an hour at most ("Role chaining"). */
function checkSessions(
  holder: IdentityHolder,
  at: (key: IdentityKey) => FleetPath,
  problems: Problems,
): void {
  for (const key of identityKeys) {
    const { irsa } = identityOf(holder, key) ?? {};
    if (!irsa || ('hops' in irsa && irsa.hops !== 2)) continue;
    const { sessionDuration: text = '' } = irsa;
    if ((durationSeconds(text) ?? 0) <= 3600 || !rules.sessionDuration.test(text)) continue;
    problems.add({
      code: 'fleet/chained-session',
      path: [...at(key), 'irsa', 'sessionDuration'],
      found: `a session of ${text} by two hops`,
      expected: 'at most 1h: STS lets a role that another role assumes last no longer',
      next: 'Write at most 1h, or hops: 1.',
    });
  }
}

/** Its cluster has what the way to its identity asks for, and it is no more than that way can do. */
export function checkIdentity(
  { service, id, at }: Expanded<ServiceDraft>,
  facts: ServiceFacts,
  draft: FleetDraft,
  clusters: ClusterIndex,
  problems: Problems,
): void {
  checkSessions(service, at, problems);
  const hub = service.cluster === undefined ? undefined : clusters.byName.get(service.cluster);
  if (!hub) return;
  const own = 'podIdentity' in service;
  const identity = identityOf(own ? service : hub, 'podIdentity');
  if (!identity) return;
  const pathOfHub: FleetPath = ['clusters', draft.clusters?.indexOf(hub) ?? 0];
  const asked = { facts, draft, hub, pathOfHub, service: id };
  checkWay(identity, own ? at('podIdentity') : at('cluster'), asked, problems);
  const leaves = 'migratingFrom' in service;
  const left = leaves || !own ? identityOf(leaves ? service : hub, 'migratingFrom') : undefined;
  if (!left) return;
  const path = leaves ? at('migratingFrom') : at('cluster');
  const fault = migrationFault(left, identity);
  if (!fault) checkWay(left, path, asked, problems);
  // Of the cluster's own words it is told there.
  else if (leaves) problems.add({ ...fault, path });
}

interface Asked {
  readonly facts: ServiceFacts;
  readonly draft: FleetDraft;
  readonly hub: ClusterDraft;
  readonly pathOfHub: FleetPath;
  readonly service: string | undefined;
}

function checkWay(
  identity: IdentityDraft,
  path: FleetPath,
  { facts, draft, hub, pathOfHub, service }: Asked,
  problems: Problems,
): void {
  checkHost(identity, hub, { path, pathOfHub, service }, problems);
  const { irsa, 'eks-pod-identity': eksPodIdentity } = identity;
  const targetRole = eksPodIdentity?.targetRole === true;
  if (targetRole && facts.whole && facts.roles.size !== 1) {
    problems.add({
      code: 'fleet/target-role',
      path,
      found: `targetRole, of a service that reaches ${facts.roles.size} roles`,
      expected: 'exactly one role in one account: an association has one',
      next: 'Leave targetRole out: the job then makes the hops; or narrow the reach.',
    });
  }
  if (draft.iam?.sourceIdentity !== true || facts.reached.size === 0) return;
  if (!targetRole && irsa?.hops !== 1) return;
  problems.add({
    code: 'fleet/source-identity',
    path,
    found: `iam.sourceIdentity, and ${targetRole ? 'targetRole' : 'one hop'}`,
    expected: 'a hop that the service itself makes by sts:AssumeRole, which can set an identity',
    next: targetRole ? 'Remove one of the two.' : 'Write hops: 2, or remove iam.sourceIdentity.',
  });
}
