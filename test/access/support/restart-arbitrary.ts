import fc from 'fast-check';

/** Workloads of a fleet file. */
export interface GroupModel {
  readonly name?: string;
  readonly namespace?: string;
  readonly namespaces?: readonly string[];
  readonly kind?: string;
  readonly names?: readonly string[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly after?: readonly string[];
}

/** What of a strategy decides about access, or about places in a plan. */
export interface StrategyModel {
  readonly waves?: readonly {
    readonly name: string;
    readonly clusters?: readonly string[];
    readonly soak?: string;
    readonly gates?: readonly object[];
  }[];
  readonly blockers?: readonly object[];
  readonly evictOnDelete: boolean;
  readonly diagnostics: boolean;
  readonly argoRollouts?: boolean;
}

const kind = fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Rollout');

const condition = fc.record(
  {
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'example.com/v1beta1'),
    resource: fc.constantFrom('deployments', 'nodes'),
    namespace: fc.constantFrom('a', 'monitoring'),
    name: fc.constantFrom('x', 'y', '0x1f'),
    type: fc.constant('Ready'),
  },
  { requiredKeys: ['apiVersion', 'resource', 'name', 'type'] },
);
const prometheus = fc.constantFrom(
  { url: 'http://prometheus.example.com', query: 'up == 0' },
  { url: 'https://prometheus.example.com:9090/x', query: 'ALERTS' },
);
const check = fc.oneof(fc.record({ condition }), fc.record({ prometheus }));
const gate = fc.oneof(
  check,
  fc.constant({ approval: {} }),
  fc.constant({ job: { image: 'registry.example.com/smoke:1', command: ['on', '0x1f'] } }),
);

/** What is drawn by lot for one restart. */
export const strategyLots = fc.record({
  kinds: fc.tuple(kind, kind),
  selects: fc.tuple(fc.boolean(), fc.boolean()),
  /** The namespaces in one group, or in two. */
  together: fc.boolean(),
  /** The second group comes after the first. */
  ordered: fc.boolean(),
  firstWave: fc.option(fc.nat(6), { nil: undefined }),
  gates: fc.array(gate, { minLength: 1, maxLength: 2 }),
  blockers: fc.option(fc.array(check, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  evictOnDelete: fc.boolean(),
  diagnostics: fc.boolean(),
  argoRollouts: fc.option(fc.boolean(), { nil: undefined }),
});
type Lots = typeof strategyLots extends fc.Arbitrary<infer T> ? T : never;

export function groupsOf(
  namespaces: readonly string[],
  names: readonly string[],
  { kinds, selects, together, ordered }: Lots,
): readonly GroupModel[] {
  const what = (index: 0 | 1, some: readonly string[] = names): GroupModel => ({
    kind: kinds[index],
    ...(selects[index] ? { selector: { 'example.com/on': 'yes' } } : { names: some }),
  });
  const after = ordered ? { after: ['first'] } : {};
  const [first = '', second] = namespaces;
  const another = { namespace: second ?? first, ...what(1, names.slice(0, 1)), ...after };
  if (!together && second !== undefined) {
    return [{ name: 'first', namespace: first, ...what(0) }, another];
  }
  // Of one kind, the second could name what the first names already.
  const all = [{ name: 'first', namespaces, ...what(0) }];
  return kinds[0] === kinds[1] ? all : [...all, another];
}

/** Two waves, of which the first takes one cluster and leaves at least one; or none. */
export function strategyOf(clusters: readonly string[], lots: Lots): StrategyModel {
  const { firstWave, gates, blockers, evictOnDelete, diagnostics, argoRollouts } = lots;
  const [first] = clusters.slice(firstWave === undefined ? Infinity : firstWave % clusters.length);
  const waves =
    first === undefined || clusters.length < 2
      ? undefined
      : [
          { name: 'canary', clusters: [first], soak: '5m' },
          { name: 'others', gates },
        ];
  return {
    ...(waves ? { waves } : {}),
    ...(blockers ? { blockers } : {}),
    evictOnDelete,
    diagnostics,
    ...(argoRollouts === undefined ? {} : { argoRollouts }),
  };
}
