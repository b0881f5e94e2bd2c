import { writeSmallFleet } from './small-fleet.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** In the middle of the time in which it is closed. */
const otherDay = (): string => weekdays[(new Date().getUTCDay() + 3) % 7] ?? '';

/** Whose rollouts a second pod, or an operator, comes in the middle of. */
const slow = ['stopped', 'doubled'];

const waves = (second: object = {}, first: object = {}) => ({
  waves: [
    { name: 'first', clusters: ['east'], ...first },
    { name: 'second', ...second },
  ],
});
const job = (command: string) => ({
  job: { image: 'registry.example.com/smoke:1', command: [command] },
});
const condition = (name: string, type: string, status: string) => ({
  apiVersion: 'apps/v1',
  resource: 'deployments',
  namespace: 'monitoring',
  name,
  type,
  status,
});

/** By name: a strategy for Deployment `a` in both clusters, in a namespace of the restart's name. */
const strategies = (): Readonly<Record<string, object>> => ({
  waves: waves({ gates: [{ approval: {} }] }, { soak: '20s' }),
  unapproved: waves({ gates: [{ approval: { timeout: '10s' } }] }),
  budget: { ...waves(), maxFailures: 0 },
  paused: {},
  stopped: { maxConcurrentClusters: 1 },
  dry: {},
  denied: {},
  'denied-all': { preflight: 'all' },
  window: { windows: [{ days: [otherDay()] }] },
  doubled: {},
  checked: waves({ gates: [job('/checks')] }),
  refused: waves({}, { gates: [job('/fails')] }),
  cleared: waves({ gates: [{ condition: condition('probes', 'Available', 'True') }] }),
  unmet: waves({
    gates: [{ condition: { ...condition('probes', 'Available', 'False'), timeout: '1s' } }],
  }),
  blocked: {
    blockers: [{ condition: condition('site', 'Maintenance', 'True') }],
    blockerTimeout: '5s',
  },
});

/** `readers` come after `databases`, which are all well in `ordered` and fail in `stuck`. */
const ordered = (namespace: string) => ({
  clusters: ['east'],
  workloads: [
    { name: 'readers', namespace, names: ['reader'], after: ['databases'] },
    { name: 'databases', namespace, kind: 'StatefulSet', names: ['database'] },
  ],
  strategy: { timeout: '30s' },
});

/** Clusters `east` and `west`, a namespace and a restart for each case. */
export function writeStrategyFleet(home: string): string {
  const cases = strategies();
  const deployments = (cluster: string) =>
    Object.keys(cases).map((namespace) => ({
      namespace,
      name: 'a',
      ...(slow.includes(namespace) ? { replicas: 4, rolloutSeconds: 3 } : { rolloutSeconds: 0.3 }),
      failing: cluster === 'east' && namespace === 'budget',
    }));
  const reader = { name: 'reader', rolloutSeconds: 0.3 };
  const database = { name: 'database', rolloutSeconds: 1 };
  return writeSmallFleet(home, {
    hub: {
      deployments: ['probes', 'site'].map((name) => ({ namespace: 'monitoring', name })),
    },
    targets: {
      east: {
        deployments: [
          ...deployments('east'),
          { namespace: 'ordered', ...reader },
          { namespace: 'stuck', ...reader },
        ],
        statefulSets: [
          { namespace: 'ordered', ...database },
          { namespace: 'stuck', ...database, failing: true },
        ],
      },
      west: { deployments: deployments('west') },
    },
    restarts: {
      ...Object.fromEntries(
        Object.entries(cases).map(([namespace, strategy]) => [
          namespace,
          { workloads: [{ namespace, names: ['a'] }], strategy },
        ]),
      ),
      ordered: ordered('ordered'),
      stuck: ordered('stuck'),
    },
  });
}
