import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Fleet, Service, ServicePolicy, User } from '../fleet/model.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import type { Finding } from './findings.ts';

/** What a fleet asks for, and a reviewer should see. Of one place each thing is said once. */
export function planFindings({ services, users }: Fleet): readonly Finding[] {
  const all = [...services.flatMap(ofService), ...users.flatMap(ofUser)];
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}

const ofService = (service: Service): readonly Finding[] => [
  ...legacyIdentity(service),
  ...noSessionTags(service),
  ...[...service.policies, ...service.reach.flatMap(({ policies }) => policies)].flatMap(wildcards),
];

function legacyIdentity(service: Service): readonly Finding[] {
  if (service.kind === 'outside') return [];
  const { legacy } = mechanisms[service.podIdentity.kind];
  if (legacy === undefined) return [];
  return [
    {
      code: 'finding/legacy-identity',
      path: service.path,
      found: `an identity by ${legacy}`,
      expected: 'IRSA or EKS Pod Identity',
      next: 'See what moving it changes: `rollcall plan --migrate irsa`, or eks-pod-identity.',
    },
  ];
}

/** Then nothing in the role's trust tells this ServiceAccount from another of its cluster. */
function noSessionTags(service: Service): readonly Finding[] {
  if (service.kind === 'outside') return [];
  const { podIdentity, path, cluster } = service;
  if (podIdentity.kind !== 'eks-pod-identity' || podIdentity.sessionTags) return [];
  return [
    {
      code: 'finding/no-session-tags',
      path,
      found: `a role that trusts whatever ServiceAccount of ${cluster.name} is associated with it`,
      expected: 'session tags, by which its trust names the one',
      next: 'Leave sessionTags: false out, unless the tags are too many for the session.',
    },
  ];
}

/** A policy that says why has been thought about. */
function wildcards({ actions, resources, reason, path }: ServicePolicy): readonly Finding[] {
  if (reason !== undefined) return [];
  const action = actions.find((text) => /[*?]/.test(text));
  const resource = resources.find(isBroad);
  return [
    ...(action === undefined ? [] : [wildcard('action', action, [...path, 'actions'])]),
    ...(resource === undefined ? [] : [wildcard('resource', resource, [...path, 'resources'])]),
  ];
}

/**
 * All of something: a wildcard before which no name stands, but at most a type (a bucket has none), or
 * one in place of the account.
 */
const isBroad = (resource: string): boolean => {
  const [, , service, , account = '', ...rest] = resource.split(':');
  if (/[*?]/.test(account)) return true;
  const broad = service === 's3' ? /^[*?]/ : /^(?:[A-Za-z-]+[/:])?[*?]/;
  return /^[*?]/.test(resource) || broad.test(rest.join(':'));
};

const wildcard = (what: 'action' | 'resource', found: string, path: FleetPath): Finding => ({
  code: `finding/wildcard-${what}`,
  path,
  found: `the ${what} ${found}`,
  expected: `each ${what} by its name`,
  next: 'Name them; where AWS knows no narrower one, add a reason.',
});

const ofUser = (user: User): readonly Finding[] => [
  ...clusterAdmin(user),
  ...systemGroup(user),
  ...wildcardRules(user),
  ...noMfa(user),
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
