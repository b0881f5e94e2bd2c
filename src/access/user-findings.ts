import type { Fleet, User } from '../fleet/model.ts';
import { canBeOne, usersInto, type Entrant } from './entrants.ts';
import type { Finding } from './findings.ts';
import { clusterAdmin, rightsFindings } from './rights-findings.ts';

/** What one user has, and a reviewer should see. */
export const ofUser = (user: User): readonly Finding[] => [
  ...masters(user),
  ...rightsFindings(user),
  ...systemGroup(user),
  ...wildcardRules(user),
  ...noMfa(user),
  ...noRights(user),
];

const masters = ({ groups, breakGlass, path }: User): readonly Finding[] =>
  breakGlass || !groups.includes('system:masters')
    ? []
    : [clusterAdmin('the group system:masters, which no rule of RBAC can bound', path)];

/** Groups that Kubernetes and EKS keep for themselves: their rights change with a version. */
function systemGroup({ groups, path }: User): readonly Finding[] {
  const group = groups.find((one) => /^(?:system:(?!masters$)|eks:)/.test(one));
  if (group === undefined) return [];
  return [
    {
      code: 'finding/system-group',
      path,
      found: `the group ${group}, which Kubernetes or EKS keeps for itself`,
      expected: 'groups of your own, or rights',
      next: 'Give it rights, such as {level: view}.',
    },
  ];
}

function wildcardRules({ rights, path }: User): readonly Finding[] {
  const broad = rights.find(
    (right) =>
      right.kind === 'rules' &&
      right.rules.some(({ groups, resources, verbs }) =>
        [groups, resources, verbs].some((words) => words.includes('*')),
      ),
  );
  if (!broad) return [];
  return [
    {
      code: 'finding/wildcard-rule',
      path: [...path, 'rights', rights.indexOf(broad)],
      found: 'a rule with *',
      expected: 'groups, resources and verbs by their names',
      next: 'Name them: what is added to the cluster later would be in * too.',
    },
  ];
}

function noMfa({ principal, path }: User): readonly Finding[] {
  if (principal.kind === 'existing' || principal.mfa) return [];
  return [
    {
      code: 'finding/no-mfa',
      path: [...path, 'role'],
      found: 'a role that people may become without a second factor',
      expected: 'mfa: true',
      next: 'Leave mfa out, or set it to true, unless the people sign in by a provider that asks for it.',
    },
  ];
}

/** One that has a name of its own may be bound by that name, by others. */
function noRights(user: User): readonly Finding[] {
  const { name, username, rights, groups, accessPolicies, path } = user;
  if (username !== name || rights.length + groups.length + accessPolicies.length > 0) return [];
  return [
    {
      code: 'finding/no-rights',
      path,
      found: `user ${name}, who enters clusters and is given nothing there`,
      expected: 'rights, groups or access policies',
      next: 'Add rights, such as {level: view}; where bindings of someone else’s name it, write that name as username.',
    },
  ];
}

/** Their rights stay apart, which are bound to groups; what the audit log calls them does not. */
export const sharedUsernames = (fleet: Fleet): readonly Finding[] =>
  fleet.clusters.flatMap((cluster) => {
    const people = usersInto(fleet, cluster);
    return people.flatMap((one, index) => {
      const other = people.slice(0, index).find((before) => isShared(before, one));
      return other ? [sharedUsername(one, other)] : [];
    });
  });

const isShared = (a: Entrant, b: Entrant): boolean =>
  a.arn !== b.arn &&
  canBeOne(inItsAccount(a), inItsAccount(b)) &&
  !(a.username === b.username && tellsApart(a.username, [a, b]));

/** An account is known beforehand, and tells nobody of it from another. */
const inItsAccount = ({ username, arn }: Entrant): string =>
  username.replaceAll('{{AccountID}}', arn.split(':')[4] ?? '');

/** Keys are each one person's, and so are sessions; but a user's own keys have no session's name. */
const tellsApart = (template: string, entrants: readonly Entrant[]): boolean =>
  template.includes('{{AccessKeyID}}') ||
  (/\{\{SessionName(?:Raw)?\}\}/.test(template) &&
    entrants.some(({ arn }) => !arn.includes(':user/')));

const sharedUsername = ({ arn, username, path }: Entrant, other: Entrant): Finding => ({
  code: 'finding/shared-username',
  path,
  found: `user ${username} for ${arn}, whom ${other.arn} is in the same cluster, or can be`,
  expected: 'a name for each: the audit log’s user.username tells them apart no more',
  next: 'Set another username, or for roles one with {{SessionName}}, such as admin:{{SessionName}}.',
});
