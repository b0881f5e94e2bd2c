import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, User } from '../fleet/model.ts';
import { withoutPath, type PrincipalArn, type RoleName } from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';
import type { AccessEntry, AccessPolicyAssociation, Mapping } from './graph.ts';
import { targetRoleArn, userRoleArn } from './role-arns.ts';
import { groupOf } from './user-grants.ts';

/** A principal of IAM that enters a cluster, and as whom. */
export interface Entrant {
  readonly arn: PrincipalArn;
  readonly username: string;
  readonly groups: readonly string[];
  readonly policies: readonly AccessPolicyAssociation[];
  readonly path: FleetPath;
  /** The role that a service's reach names; absent for people. */
  readonly reached?: RoleName;
}

/** Everyone who enters a cluster, each once, by their ARNs. */
export function planEntrants(
  fleet: Fleet,
  cluster: Cluster,
  problems: AccessProblem[],
): readonly Entrant[] {
  // Neither aws-auth nor EKS tells ARNs apart by case, and a name is once in an account, on any path.
  const entrants = new Map<string, Entrant>();
  for (const entrant of [...servicesInto(fleet, cluster), ...usersInto(fleet, cluster)]) {
    const problem = conflictOf(entrant, entrants, cluster);
    if (problem) problems.push(problem);
    const key = withoutPath(entrant.arn).toLowerCase();
    if (!entrants.has(key)) entrants.set(key, entrant);
  }
  return [...entrants.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
}

const servicesInto = (fleet: Fleet, cluster: Cluster): readonly Entrant[] =>
  fleet.services.flatMap(({ reach: reaches }) =>
    reaches
      .filter(({ clusters }) => clusters.includes(cluster))
      .map((reach) => ({
        arn: targetRoleArn(fleet, reach, cluster),
        username: reach.kubernetesUser,
        groups: [],
        policies: [],
        path: reach.path,
        reached: reach.splitFrom ?? reach.role,
      })),
  );

/** People, each with the entry that a cluster has of them. */
export const usersInto = (fleet: Fleet, cluster: Cluster): readonly Entrant[] =>
  fleet.users
    .filter(({ clusters }) => clusters.includes(cluster))
    .map((user) => ({
      arn: arnOf(fleet, user, cluster),
      username: user.username,
      groups: [...(user.rights.length > 0 ? [groupOf(fleet.name, user)] : []), ...user.groups],
      policies: user.accessPolicies.map(({ policy, namespaces }) => ({
        policyArn: `arn:${cluster.partition}:eks::aws:cluster-access-policy/${policy}`,
        namespaces,
      })),
      path: user.path,
    }));

const arnOf = (fleet: Fleet, { principal }: User, { partition, account }: Cluster): PrincipalArn =>
  principal.kind === 'existing'
    ? principal.arn
    : userRoleArn(fleet, principal.role, { partition, id: account.id });

/** Of two entries for one principal the last silently wins; one user for two has the rights of both. */
function conflictOf(
  entrant: Entrant,
  others: ReadonlyMap<string, Entrant>,
  { name }: Cluster,
): AccessProblem | undefined {
  const known = others.get(withoutPath(entrant.arn).toLowerCase());
  if (known && (known.arn !== entrant.arn || !isSame(known, entrant))) {
    return {
      code: 'access/user-conflict',
      path: entrant.path,
      found: `${describe(entrant)} for ${entrant.arn}, which is ${describe(known)} in cluster ${name} already${known.arn === entrant.arn ? '' : ` as ${known.arn}`}`,
      expected: 'one user, and the same groups, for a principal and cluster: each has one entry',
      next: entrant.reached
        ? 'Use the same `kubernetesUser`, or another `role`.'
        : 'Make the two one: a user may have several rights, and a service’s role can be no user’s.',
    };
  }
  const shared = [...others.values()].find(
    ({ arn, username, reached }) =>
      arn !== entrant.arn && reached !== entrant.reached && canBeOne(username, entrant.username),
  );
  if (!shared) return undefined;
  return {
    code: 'access/user-shared',
    path: entrant.path,
    found: `user ${entrant.username} for ${entrant.arn}, who is ${shared.arn} in cluster ${name} already`,
    expected: 'one principal a user and cluster: each would have the rights of the other',
    next: `Set another \`${entrant.reached ? 'kubernetesUser' : 'username'}\`.`,
  };
}

/** One name, or one that a template can be filled in to: who chooses a session's name would choose the user. */
export const canBeOne = (a: string, b: string): boolean =>
  a === b || formOf(a).test(b) || formOf(b).test(a);

const formOf = (username: string): RegExp =>
  new RegExp(
    `^${username
      .split(/\{\{\w+\}\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

const isSame = (a: Entrant, b: Entrant): boolean =>
  JSON.stringify([a.username, a.groups, a.policies]) ===
  JSON.stringify([b.username, b.groups, b.policies]);

const describe = ({ username, groups }: Entrant): string =>
  `user ${username}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''}`;

/** aws-auth matches no role's ARN that has a path. */
export const toMapping = ({ arn, username, groups }: Entrant): Mapping => ({
  kind: arn.split(':')[5]?.startsWith('user/') ? 'user' : 'role',
  arn: withoutPath(arn),
  username,
  groups,
});

export const toEntry = ({ arn, username, groups, policies }: Entrant): AccessEntry => ({
  principalArn: arn,
  username,
  groups,
  policies,
});
