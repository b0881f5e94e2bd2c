import { durationSeconds } from '../form/duration.ts';
import { rules } from '../form/rules.ts';
import type { ServiceFacts } from './check-reach.ts';
import type { ClusterDraft, ClusterIndex } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Expanded, ServiceDraft } from './expand-envs.ts';
import type { FleetDraft } from './shape.ts';

type Identity = NonNullable<Exclude<ClusterDraft['podIdentity'], string>>;

/** Its one key; nothing where that is in doubt. The word alone stands for a map without options. */
function identityOf(holder: Pick<ClusterDraft, 'podIdentity'>): Identity | undefined {
  const { podIdentity } = holder;
  if (!('podIdentity' in holder)) return { irsa: {} };
  if (typeof podIdentity === 'string') return { [podIdentity]: {} };
  return podIdentity && Object.keys(podIdentity).length === 1 ? podIdentity : undefined;
}

/** STS lets a session that was made by another role's last an hour at most ("Role chaining"). */
export function checkSession(
  holder: Pick<ClusterDraft, 'podIdentity'>,
  path: FleetPath,
  problems: Problems,
): void {
  const { irsa } = identityOf(holder) ?? {};
  if (!irsa || ('hops' in irsa && irsa.hops !== 2)) return;
  const { sessionDuration: text = '' } = irsa;
  if ((durationSeconds(text) ?? 0) <= 3600 || !rules.sessionDuration.test(text)) return;
  problems.add({
    code: 'fleet/chained-session',
    path: [...path, 'irsa', 'sessionDuration'],
    found: `a session of ${text} by two hops`,
    expected: 'at most 1h: STS lets a role that another role assumes last no longer',
    next: 'Write at most 1h, or hops: 1.',
  });
}

/** Its cluster has what the way to its identity asks for, and it is no more than that way can do. */
export function checkIdentity(
  { service, at }: Expanded<ServiceDraft>,
  facts: ServiceFacts,
  draft: FleetDraft,
  clusters: ClusterIndex,
  problems: Problems,
): void {
  if ('podIdentity' in service) checkSession(service, at('podIdentity'), problems);
  const hub = service.cluster === undefined ? undefined : clusters.byName.get(service.cluster);
  if (!hub) return;
  const own = 'podIdentity' in service;
  const identity = identityOf(own ? service : hub);
  if (!identity) return;
  const path = own ? at('podIdentity') : at('cluster');
  checkHost(identity, hub, { path, pathOfHub: at('cluster') }, problems);
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

interface Places {
  readonly path: FleetPath;
  readonly pathOfHub: FleetPath;
}

function checkHost(
  identity: Identity,
  hub: ClusterDraft,
  { path, pathOfHub }: Places,
  problems: Problems,
): void {
  const { name = '' } = hub;
  if ('irsa' in identity && !('oidcIssuer' in hub)) {
    problems.add({
      code: 'fleet/hub-without-issuer',
      path: pathOfHub,
      found: `the cluster "${name}", which has no oidcIssuer`,
      expected: 'a cluster with an oidcIssuer: its pods get their AWS identity by it',
      next: `Add oidcIssuer to the cluster "${name}".`,
    });
  }
  const agent = (['kiam', 'kube2iam'] as const).find((key) => key in identity);
  if (agent === undefined || ('agents' in hub && !hub.agents)) return;
  if (hub.agents && agent in hub.agents) return;
  problems.add({
    code: 'fleet/hub-without-agent',
    path,
    found: `${agent} in the cluster "${name}", which has no agents.${agent}`,
    expected: `a cluster in which ${agent} runs`,
    next: `Add agents.${agent} to the cluster "${name}".`,
  });
}
