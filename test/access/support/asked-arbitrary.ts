import fc from 'fast-check';

export const policyNames = ['own', 'placed', 'broad', 'reasoned'] as const;
export type PolicyName = (typeof policyNames)[number];

const asked: Readonly<Record<PolicyName, object>> = {
  own: {
    actions: ['s3:GetObject'],
    resources: ['arn:{partition}:s3:::{service}-{env}-{account}/${aws:username}/*'],
  },
  placed: {
    actions: ['ssm:GetParameter', 'ssm:GetParameters'],
    resources: ['arn:{partition}:ssm:{region}:{account}:parameter/{cluster}/*'],
    conditions: {
      StringEquals: { 'aws:RequestedRegion': '{region}' },
      'ForAnyValue:StringLike': {
        'aws:PrincipalTag/team': ['{service}', '${aws:PrincipalTag/env}'],
      },
    },
  },
  broad: { actions: ['config:*'], resources: ['*'] },
  reasoned: { actions: ['s3:List*'], resources: ['*'], reason: 'Of no one bucket.' },
};

/** `policies` of a service or a reach; none where none was drawn. */
export const policiesOf = (
  names: readonly PolicyName[],
): { readonly policies?: readonly object[] } =>
  names.length === 0 ? {} : { policies: names.map((name) => asked[name]) };

const rights = [
  { level: 'view' },
  { level: 'edit', namespaces: ['a', 'b'] },
  {
    name: 'logs',
    rules: [{ groups: [''], resources: ['pods/log'], verbs: ['get'], names: ['p'] }],
    namespaces: ['a'],
  },
  { name: 'broad', rules: [{ groups: ['apps'], resources: ['*'], verbs: ['get'] }] },
] as const;

export const userLots = fc.record({
  kind: fc.constantFrom('user', 'role', 'people'),
  clusters: fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }),
  mfa: fc.boolean(),
  session: fc.constantFrom('15m', '1h', '12h'),
  masters: fc.boolean(),
  breakGlass: fc.boolean(),
  groups: fc.shuffledSubarray(['viewers', 'on']),
  rights: fc.shuffledSubarray([...rights]),
});
type UserLots = typeof userLots extends fc.Arbitrary<infer T> ? T : never;

export interface UserPlace {
  readonly index: number;
  readonly partition: string;
  readonly clusters: readonly string[];
  readonly byEntries: (cluster: string) => boolean;
}

/** A person: an IAM user, a role that exists, or a role made for people. */
export function userOf(
  lot: UserLots,
  { index, partition, clusters, byEntries }: UserPlace,
): object {
  const ours = `arn:${partition}:iam::000000000001`;
  const inAll = clusters.every(byEntries);
  const inNone = !clusters.some(byEntries);
  return {
    name: `person-${index}`,
    username: `person-${index}:{{SessionName}}`,
    ...principalOf(lot, index, ours),
    clusters,
    // In access entries EKS takes no group of Kubernetes' own.
    groups: [...lot.groups, ...(lot.masters && inNone ? ['system:masters'] : [])],
    breakGlass: lot.breakGlass,
    rights: lot.rights,
    ...(inAll
      ? {
          accessPolicies: [
            { policy: 'AmazonEKSViewPolicy', namespaces: ['a'] },
            ...(lot.masters ? [{ policy: 'AmazonEKSClusterAdminPolicy' }] : []),
          ],
        }
      : {}),
  };
}

function principalOf({ kind, mfa, session }: UserLots, index: number, ours: string): object {
  switch (kind) {
    case 'user':
      return { arn: `${ours}:user/people/person-${index}` };
    case 'role':
      return { arn: `${ours}:role/person-${index}` };
    case 'people': {
      // The second is a role of the fleet's own where somebody has kiam.
      const trusted = [`${ours}:user/people/boss`, `${ours}:role/kiam-server`];
      return { role: { name: `people-${index}`, trusted, mfa, sessionDuration: session } };
    }
  }
}
