import type { Fleet, User } from '../fleet/model.ts';
import { canBeOne, usersInto, type Entrant } from './entrants.ts';
import type { Finding } from './findings.ts';

/** What one user has, and a reviewer should see. */
export const ofUser = (user: User): readonly Finding[] => [
  ...clusterAdmin(user),
  ...systemGroup(user),
  ...wildcardRules(user),
  ...noMfa(user),
  ...noRights(user),
];

const adminPolicy = 'AmazonEKSClusterAdminPolicy';

function clusterAdmin({ groups, accessPolicies, breakGlass, path }: User): readonly Finding[] {
  const master = groups.includes('system:masters');
  const policy = accessPolicies.some(
    (one) => one.policy === adminPolicy && one.namespaces.length === 0,
  );
  if (breakGlass || (!master && !policy)) return [];
  return [
    {
      code: 'finding/cluster-admin',
      path,
      found: master ? 'the group system:masters, which no rule of RBAC can bound' : adminPolicy,
      expected: 'rights by name, or breakGlass: true for whoever is called in an emergency',
      next: 'Give it rights, such as {level: edit}, or set breakGlass: true.',
    },
  ];
}

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

/** Sessions of one template tell by their names who they are. */
const isShared = (a: Entrant, b: Entrant): boolean =>
  a.arn !== b.arn &&
  canBeOne(a.username, b.username) &&
  !(a.username === b.username && a.username.includes('{{'));

const sharedUsername = ({ arn, username, path }: Entrant, other: Entrant): Finding => ({
  code: 'finding/shared-username',
  path,
  found: `user ${username} for ${arn}, whom ${other.arn} is in the same cluster, or can be`,
  expected: 'a name for each: the audit log’s user.username tells them apart no more',
  next: 'Set another username, or one with {{SessionName}}, such as admin:{{SessionName}}.',
});
