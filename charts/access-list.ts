import type { AccessGraph, ClusterAccess, GrantRule, UserGrant } from '../src/access/graph.ts';
import type { Trust } from '../src/access/graph.ts';

/** One way from somebody to something: a hop of a chain, or a right at its end. */
export interface Access {
  /** An ARN, or `CLUSTER NAMESPACE/SERVICEACCOUNT` for pods. */
  readonly who: string;
  /** A role's ARN, or a cluster's name. */
  readonly to: string;
  /** How, or as whom and to do what: `irsa`, `assume`, `as sts: patch apps/deployments sts/web`. */
  readonly what: string;
}

/**
 * Who gets where: pods into roles, roles and people into roles, and principals into clusters, as
 * users with rights there. Each once, sorted. What a role may do in AWS besides is not in it.
 *
 * @param more what the form adds
 */
export function accessList(graph: AccessGraph, more: readonly Access[] = []): readonly Access[] {
  const found = [
    ...graph.clusters.flatMap(podsIntoRoles),
    ...graph.roles.flatMap((role) =>
      role.trusts.flatMap((trust) => intoRole(graph, trust, role.arn)),
    ),
    ...graph.clusters.flatMap(intoCluster),
    ...more,
  ];
  return [...new Map(found.map((one) => [keyOf(one), one] as const))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

/** Apart by what no ARN and no name holds. */
export const keyOf = ({ who, to, what }: Access): string => [who, to, what].join('\n');

const podsIntoRoles = ({ cluster, pods }: ClusterAccess): readonly Access[] =>
  pods.flatMap(({ namespace, serviceAccount, roleArn, identity }) =>
    roleArn === undefined
      ? []
      : [{ who: `${cluster.name} ${namespace}/${serviceAccount}`, to: roleArn, what: identity }],
  );

function intoRole(graph: AccessGraph, trust: Trust, to: string): readonly Access[] {
  switch (trust.kind) {
    case 'web-identity':
      return [{ who: podOf(graph, trust), to, what: 'irsa' }];
    case 'pod-identity':
      // The pod's own role, which stands with the pod.
      return [];
    case 'role': {
      const { podTags } = trust;
      const only = podTags ? `, for ${podTags.namespace}/${podTags.serviceAccount} alone` : '';
      return [{ who: trust.roleArn, to, what: `assume${only}` }];
    }
    case 'people':
      return [{ who: trust.principalArn, to, what: trust.mfa ? 'assume, by MFA' : 'assume' }];
  }
}

/** By the hub's name, where it is one of the fleet's. */
function podOf(
  { clusters }: AccessGraph,
  { issuer, subject }: Extract<Trust, { kind: 'web-identity' }>,
): string {
  const hub = clusters.find(({ cluster }) => cluster.oidcIssuer === issuer)?.cluster.name ?? issuer;
  return `${hub} ${subject.replace(/^system:serviceaccount:/, '').replace(':', '/')}`;
}

function intoCluster(access: ClusterAccess): readonly Access[] {
  const { cluster, mappings, entries, grants, userGrants } = access;
  const entrants = [
    ...mappings.map((one) => ({ ...one, policies: [] })),
    ...entries.map((one) => ({ ...one, arn: one.principalArn })),
  ];
  return entrants.flatMap(({ arn, username, groups, policies }) => {
    const rights = [
      ...grants
        .filter((grant) => grant.username === username)
        .flatMap(({ namespace, rules }) => rules.flatMap((rule) => rightsOf(rule, namespace))),
      ...userGrants.filter(({ group }) => groups.includes(group)).flatMap(userRights),
      ...policies.flatMap(({ policyArn, namespaces }) =>
        placesOf(namespaces).map((place) => `${policyArn.replace(/^.*\//, '')} ${place}`),
      ),
    ];
    const as = `as ${username}`;
    return [
      groups.length === 0 ? as : `${as} in ${groups.join(', ')}`,
      ...rights.map((right) => `${as}: ${right}`),
    ].map((what) => ({ who: arn, to: cluster.name, what }));
  });
}

/** One a name, so that a name more is one access more. */
const rightsOf = ({ verbs, group, resource, names }: GrantRule, namespace: string) =>
  (names ?? ['*']).map(
    (name) => `${verbs.join(', ')} ${qualified(group, resource)} ${namespace}/${name}`,
  );

const userRights = ({ rights }: UserGrant): readonly string[] =>
  rights.flatMap((right) =>
    placesOf(right.namespaces).flatMap((place) =>
      right.kind === 'level'
        ? [`${right.level} ${place}`]
        : right.rules.map(({ groups, resources, verbs, names }) => {
            const what = groups.flatMap((group) =>
              resources.map((resource) => qualified(group, resource)),
            );
            const only = names.length === 0 ? '' : ` ${names.join(', ')}`;
            return `${verbs.join(', ')} ${what.join(', ')}${only} ${place}`;
          }),
    ),
  );

export const qualified = (group: string, resource: string): string =>
  group === '' ? resource : `${group}/${resource}`;

const placesOf = (namespaces: readonly string[]): readonly string[] =>
  namespaces.length === 0 ? ['in the whole cluster'] : namespaces.map((name) => `in ${name}`);
