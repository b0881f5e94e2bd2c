import fc from 'fast-check';
import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import { document, ownContext, sessionOf, userOf } from './scenario.ts';
import type { Json, Scenario } from './scenario.ts';

const here = '903716715040';
const there = '508208880112';
const hub = `arn:aws:iam::${here}:role/team/hub`;
const other = `arn:aws:iam::${here}:role/other`;
const user = `arn:aws:iam::${here}:user/alice`;
const provider = `arn:aws:iam::${here}:oidc-provider/oidc.example.com/id/A`;
const roles = [`arn:aws:iam::${here}:role/app`, `arn:aws:iam::${there}:role/team/app`];
const cluster = `arn:aws:eks:eu-west-1:${here}:cluster/ci`;
const service = 'pods.eks.amazonaws.com';

/** Everything is drawn from few words, so that policies and requests often meet. */
const word = fc.constantFrom('a', 'ab', 'B');
const wordPattern = fc.constantFrom('a', 'ab', 'B', 'A', 'a*', '?', '*b', '*');
const arn = fc.constantFrom(hub, other, cluster, `${cluster}-2`);
const arnPattern = fc.constantFrom(
  hub,
  other,
  cluster,
  `arn:aws:iam::${here}:role/*`,
  `arn:aws:*::${here}:role/hub`,
  'arn:*:eks:eu-west-?:*:cluster/ci*',
);
const number = fc.constantFrom('0', '59', '3600', '-1', '0.5');

interface KeyKind {
  readonly keys: readonly string[];
  readonly operators: readonly string[];
  readonly expected: fc.Arbitrary<string>;
  readonly actual: fc.Arbitrary<string | readonly string[]>;
}

const texts = ['', 'Not'].flatMap((not) => [
  `String${not}Equals`,
  `String${not}Like`,
  `String${not}EqualsIgnoreCase`,
]);
const orIfThere = (names: readonly string[]) => names.flatMap((name) => [name, `${name}IfExists`]);
const ofSets = (names: readonly string[]) =>
  names.flatMap((name) => [`ForAnyValue:${name}`, `ForAllValues:${name}`]);
const bounds = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan'];

const kinds: readonly KeyKind[] = [
  {
    keys: ['sts:ExternalId', 'aws:PrincipalTag/team', 'aws:RequestTag/team', 'sts:SourceIdentity'],
    operators: [...orIfThere(texts), ...ofSets(texts)],
    expected: wordPattern,
    actual: word,
  },
  {
    keys: ['aws:SourceArn', 'aws:PrincipalArn'],
    operators: orIfThere(['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringLike']),
    expected: arnPattern,
    actual: arn,
  },
  {
    keys: ['aws:MultiFactorAuthPresent'],
    operators: orIfThere(['Bool']),
    expected: fc.constantFrom('true', 'false', 'True'),
    actual: fc.constantFrom('true', 'false'),
  },
  {
    keys: ['aws:MultiFactorAuthAge', 'sts:DurationSeconds'],
    operators: orIfThere([...bounds, 'GreaterThanEquals'].map((name) => `Numeric${name}`)),
    expected: number,
    actual: number,
  },
  {
    keys: ['aws:TagKeys', 'sts:TransitiveTagKeys'],
    operators: ofSets(texts),
    expected: wordPattern,
    actual: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
  },
];

const oneOrMore = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: one }, fc.uniqueArray(one, { minLength: 1, maxLength: 3 }));

const test = fc.constantFrom(...kinds).chain(({ keys, operators, expected }) =>
  fc.record({
    operator: fc.constantFrom(...operators),
    key: fc.constantFrom(...keys),
    expected: oneOrMore(expected),
  }),
);
const isNull = fc.record({
  operator: fc.constant('Null'),
  key: fc.constantFrom(...kinds.flatMap(({ keys }) => keys)),
  expected: fc.constantFrom('true', 'false'),
});
/** Of which ours says that it does not know. */
const notSimulated = fc.constantFrom(
  { operator: 'StringEquals', key: 'aws:TagKeys', expected: 'a' },
  { operator: 'IpAddress', key: 'aws:SourceIp', expected: '10.0.0.0/8' },
  { operator: 'StringLike', key: 'sts:ExternalId', expected: '${aws:PrincipalTag/team}' },
  { operator: 'ForAnyValue:StringLikeIfExists', key: 'aws:TagKeys', expected: 'a' },
);
const someConditions = fc
  .array(
    fc.oneof(
      { weight: 24, arbitrary: test },
      { weight: 4, arbitrary: isNull },
      { weight: 1, arbitrary: notSimulated },
    ),
    { maxLength: 2 },
  )
  .map((tests): Json => {
    const block: Record<string, Record<string, unknown>> = {};
    for (const { operator, key, expected } of tests) (block[operator] ??= {})[key] = expected;
    return block;
  });

const conditions = fc.oneof(fc.constant<Json>({}), someConditions);

const action = fc.constantFrom(
  'sts:AssumeRole',
  'STS:assumeROLE',
  'sts:Assume*',
  'sts:AssumeRol?',
  'sts:TagSession',
  'sts:*',
);
const eksAction = fc.constantFrom('eks:DescribeCluster', 'eks:*', '*');
const resource = fc.constantFrom(
  ...roles,
  cluster,
  `arn:aws:iam::${there}:role/*`,
  `arn:aws:iam::*:role/*app`,
  `arn:aws:iam::${here}:role/ap?`,
  '*',
);

const effect = fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Allow', 'Deny');
const either = <T>(name: string, values: fc.Arbitrary<T>) =>
  fc
    .tuple(fc.constantFrom(name, name, name, name, `Not${name}`), values)
    .map(([key, value]) => ({ [key]: value }));

const identityStatement = fc
  .tuple(
    effect,
    either('Action', oneOrMore(fc.oneof(action, eksAction))),
    either('Resource', oneOrMore(resource)),
    conditions,
  )
  .map(([Effect, actions, resources, Condition]): Json => ({
    Effect,
    ...actions,
    ...resources,
    Condition,
  }));

const awsPrincipal = fc.constantFrom(
  hub,
  other,
  user,
  here,
  `arn:aws:iam::${here}:root`,
  sessionOf(hub).sessionArn,
);
const principal: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: oneOrMore(awsPrincipal).map((AWS) => ({ AWS })) },
  { weight: 1, arbitrary: fc.constant({ AWS: '*' }) },
  { weight: 1, arbitrary: fc.constant({ Federated: provider }) },
  { weight: 1, arbitrary: fc.constant({ Service: service }) },
  { weight: 1, arbitrary: awsPrincipal.map((AWS) => ({ AWS, Service: [service] })) },
);
const trustStatement = fc
  .tuple(effect, principal, either('Action', oneOrMore(action)), conditions)
  .map(([Effect, Principal, actions, Condition]): Json => ({
    Effect,
    Principal,
    ...actions,
    Condition,
  }));

const policyOf = (statement: fc.Arbitrary<Json>) =>
  fc.array(statement, { minLength: 1, maxLength: 3 }).map((statements) => document(...statements));

const context = fc
  .tuple(
    ...kinds.flatMap(({ keys, actual }) =>
      keys.map((key) =>
        fc.option(actual, { nil: undefined }).map((value) => [key, value] as const),
      ),
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));

const callers: readonly Caller[] = [
  sessionOf(hub),
  sessionOf(hub),
  sessionOf(other),
  userOf(user),
  { kind: 'federated', providerArn: provider },
  { kind: 'service', service },
];

/** Small policies of every form that is simulated, and a few that are not, with a request each. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    caller: fc.constantFrom(...callers),
    role: fc.constantFrom(...roles),
    action: fc.constantFrom(
      'sts:AssumeRole',
      'sts:AssumeRole',
      'sts:TagSession',
      'eks:DescribeCluster',
    ),
    context,
    identity: fc.array(policyOf(identityStatement), { maxLength: 3 }),
    boundary: fc.option(policyOf(identityStatement), { freq: 4 }),
    trust: policyOf(trustStatement),
  })
  .map(({ caller, role, action: asked, context: said, identity, boundary, trust }) => {
    const anIdentity = caller.kind === 'role-session' || caller.kind === 'user';
    const inAccount = asked.startsWith('eks:') && anIdentity;
    return {
      caller,
      action: inAccount ? asked : asked.replace(/^eks:.*/, 'sts:AssumeRole'),
      resource: inAccount ? cluster : role,
      context: { ...(said as Scenario['context']), ...ownContext(caller) },
      ...(anIdentity ? { identity } : {}),
      ...(anIdentity && boundary ? { boundary } : {}),
      ...(inAccount ? {} : { trust }),
    };
  })
  .filter((scenario) => !trustsEveryone(scenario));

/**
 * Of `*` as a principal in the caller's own account the two differ on purpose: ours leaves the
 * choice to the account's identity policies, which is the stricter reading of the user guide.
 */
const trustsEveryone = ({ caller, resource, trust }: Scenario): boolean =>
  JSON.stringify(trust ?? '').includes('"AWS":"*"') &&
  (caller.kind === 'role-session' || caller.kind === 'user') &&
  resource.split(':')[4] === caller.account;
