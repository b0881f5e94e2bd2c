import { describe, expect, it } from '@jest/globals';
import { PropsError, type PropsProblem } from '../../src/index.ts';
import { everyProp, type Plain } from './support/every-prop.ts';
import { library, ownChart, ownRole, targetRole } from './support/library.ts';

type Path = readonly string[];
const gone: unique symbol = Symbol('gone');

/** What is said of a construct with these props. */
function problemsOf(name: string, props: Plain): readonly PropsProblem[] {
  try {
    library[name]?.make(ownChart(), 'made', props as Readonly<Record<string, unknown>>);
    return [];
  } catch (error) {
    if (error instanceof PropsError) return error.problems;
    throw new Error(`${name} of ${JSON.stringify(props)}: ${String(error)}`, { cause: error });
  }
}

/** Every place below the props. */
const placesIn = (value: Plain, path: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries<Plain>(value as Readonly<Record<string, Plain>>).flatMap(([key, inner]) => [
        [...path, key],
        ...placesIn(inner, [...path, key]),
      ])
    : [];

/** A copy in which something else stands at the place; `gone`: nothing, which in a list is a hole. */
function withAt(value: Plain, [key, ...rest]: Path, wanted: Plain | typeof gone): Plain {
  if (key === undefined) return typeof wanted === 'symbol' ? undefined : wanted;
  const copy = (
    Array.isArray(value) ? [...(value as readonly Plain[])] : { ...(value as object) }
  ) as Record<string, Plain>;
  if (rest.length === 0 && wanted === gone) Reflect.deleteProperty(copy, key);
  else copy[key] = withAt(copy[key], rest, wanted);
  return copy;
}

const wrong: readonly (Plain | typeof gone)[] = [
  ...([gone, null, 5, 1e9, true, '', 'UPPER "x"', 'one', 'cn-north-1', targetRole] as const),
  ...[['x', 'x'], [], {}, { x: 1 }],
];

/** What a reader of TypeScript has not: a fleet file, its parts, and commands that read it. */
const ofFleetFiles =
  /yaml|fleet file|this file|of the file|schema|\brollcall (?:plan|synth|init|import)|\breach\b|`clusters`|perEnv|output folder|\bhops: |podIdentity\b|oidcIssuer|existing\w|services/i;

/** What is said in words that a construct’s user does not know, or of no prop. */
const alienIn = (props: Plain, problems: readonly PropsProblem[]): readonly string[] => {
  const keys = [...Object.keys(props as object), 'nme'];
  return problems.flatMap(({ prop, found, expected, next }) => {
    const said = [prop, found, expected, next].join(' | ');
    const isKnown = keys.includes(/^\w+/.exec(prop)?.[0] ?? '');
    // Constructs of ServiceAccounts have a prop of that name.
    const isService = !keys.includes('service') && /\bservice\b/i.test(said);
    return isKnown && !isService && !ofFleetFiles.test(said) ? [] : [said];
  });
};

describe.each(everyProp)('%s', (name, props) => {
  it('takes every prop that it has', () => {
    expect(problemsOf(name, props)).toEqual([]);
  });

  it('speaks of props where one is wrong, and says which', () => {
    const alien = new Set<string>();
    let refused = 0;
    for (const path of placesIn(props)) {
      const isInMap = !/^\d+$/.test(path.at(-1) ?? '');
      const broken = [
        ...wrong.map((one) => withAt(props, path, one)),
        ...(isInMap ? [withAt(props, [...path.slice(0, -1), 'nme'], 'x')] : []),
      ];
      for (const one of broken) {
        const problems = problemsOf(name, one);
        refused += problems.length;
        for (const said of alienIn(props, problems)) alien.add(said);
      }
    }
    expect([...alien]).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  });
});

describe('all that is missing is said at once', () => {
  const account = ['name', 'namespace'];
  const restart = ['region', 'identity', 'image', 'schedule', 'targets', 'workloads'];
  it.each<[string, readonly string[]]>([
    ['CrossAccountAccess', ['name', 'user', 'workloads']],
    ['IdentityServiceAccount', account],
    ['IrsaServiceAccount', [...account, 'roleArn']],
    ['PodIdentityServiceAccount', [...account, 'roleArn']],
    ['KeptNamespace', ['name']],
    ['KiamNamespace', ['name', 'roles']],
    ['Kube2iamNamespace', ['name', 'roles']],
    ['RestartCronJob', [...account, ...restart]],
  ])('of %s', (name, missing) => {
    const props = problemsOf(name, {}).map(({ prop }) => prop);
    expect(props.toSorted()).toEqual(missing.toSorted());
    const found = problemsOf(name, { nme: 'x' }).map(({ prop }) => prop);
    expect(found.toSorted()).toEqual([...missing, 'nme'].toSorted());
  });

  it('of a restart with a name, of its identity and of its targets', () => {
    const said = (props: Plain) => problemsOf('RestartCronJob', props).map(({ prop }) => prop);
    expect(said({ name: 'x' }).toSorted()).toEqual(['namespace', ...restart].toSorted());
    expect(said({ name: 'x', identity: { kind: 'irsa' }, targets: [{}], workloads: [] })).toEqual(
      expect.arrayContaining([
        ...['region', 'image', 'schedule', 'namespace', 'identity.roleArn', 'workloads'],
        ...['targets[0].name', 'targets[0].region', 'targets[0].roleArn'],
      ]),
    );
  });
});

describe('what props come to together', () => {
  const [, props] = everyProp.find(([name]) => name === 'RestartCronJob') ?? [];
  const one = { name: 'one', region: 'eu-west-2', roleArn: targetRole };
  const two = { ...one, name: 'two' };
  const inChina = { ...one, region: 'cn-north-1', roleArn: targetRole.replace('aws', 'aws-cn') };
  const association = { kind: 'eks-pod-identity', roleArn: ownRole, targetRole: true };
  const reserved = { kind: 'irsa', roleArn: ownRole, serviceAccount: 'default' };

  it.each<[string, Plain]>([
    ['fleet/duplicate-cluster', { targets: [one, { ...two, eksCluster: 'one' }] }],
    ['fleet/duplicate-name', { targets: [one, one] }],
    ['fleet/unknown-cluster', { strategy: { waves: [{ name: 'a', clusters: ['three'] }] } }],
    ['fleet/unmatched-cluster', { strategy: { waves: [{ name: 'a', clusters: ['one'] }] } }],
    ['fleet/empty-wave', { strategy: { waves: [{ name: 'a' }, { name: 'b' }] } }],
    ['fleet/run-too-short', { strategy: { soak: '1h', runTimeout: '1s' } }],
    ['fleet/failures-conflict', { strategy: { onFailure: 'continue', maxFailures: 1 } }],
    [
      'fleet/target-role',
      { identity: association, targets: [one, { ...two, roleArn: `${targetRole}-2` }] },
    ],
    ['access/external-id-conflict', { targets: [{ ...one, externalId: 'external' }, two] }],
    ['access/partition-crossed', { targets: [inChina] }],
    ['construct/role-partition', { targets: [{ ...inChina, region: 'eu-west-2' }] }],
    ['construct/role-partition', { targets: [{ ...one, region: 'us-gov-west-1' }] }],
    [
      'construct/role-partition',
      { identity: { kind: 'irsa', roleArn: ownRole.replace('aws', 'aws-us-gov') } },
    ],
    [
      'access/account-partition',
      { targets: [{ ...inChina, roleArn: `${ownRole.replace('aws', 'aws-cn')}-2` }] },
    ],
    ['access/role-collision', { targets: [{ ...one, roleArn: ownRole }] }],
    ['access/role-case', { targets: [one, { ...two, roleArn: targetRole.replace('/team', '') }] }],
    ['access/service-account-reserved', { identity: reserved }],
    ['construct/other-namespace', { identity: { ...reserved, namespace: 'other' } }],
    ['fleet/unknown-key', { identity: { kind: 'irsa', roleArn: ownRole, hops: 1 } }],
    ['fleet/unknown-key', { identity: { kind: 'kiam', roleArn: ownRole, audience: 'sts' } }],
  ])('%s', (code, changed) => {
    const all = { ...props, strategy: {}, ...(changed as object) };
    const problems = problemsOf('RestartCronJob', all);
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(alienIn(all, problems)).toEqual([]);
  });
});
