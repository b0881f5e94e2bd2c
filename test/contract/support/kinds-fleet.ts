import { writeSmallFleet } from './small-fleet.ts';

const rolloutSeconds = 0.4;
const optedOut = { 'rollcall.dev/restart': 'never' };

/** A cluster `one` with workloads of each kind and in each special case; a namespace and a restart for each case. */
export const writeKindsFleet = (home: string): string =>
  writeSmallFleet(home, { targets: { one: prior }, restarts });

const prior = {
  nodes: 2,
  deployments: [
    { namespace: 'each', name: 'api', replicas: 2 },
    { namespace: 'east', name: 'reader', labels: { part: 'keys' } },
    { namespace: 'east', name: 'other' },
    { namespace: 'west', name: 'reader', labels: { part: 'keys' } },
    { namespace: 'special', name: 'paused', paused: true },
    { namespace: 'special', name: 'empty', replicas: 0 },
    { namespace: 'special', name: 'solo', strategy: 'Recreate' },
    { namespace: 'special', name: 'kept', annotations: optedOut },
    { namespace: 'before', name: 'busy', replicas: 2, rolloutSeconds: 6 },
    { namespace: 'before', name: 'broken', failing: true, rolloutSeconds: 1 },
    { namespace: 'argo', name: 'shop-app', replicas: 0 },
  ].map((one) => ({ rolloutSeconds, ...one })),
  statefulSets: [
    { namespace: 'each', name: 'store', replicas: 2 },
    { namespace: 'special', name: 'split', replicas: 3, partition: 1 },
    { namespace: 'special', name: 'by-hand', updateStrategy: 'OnDelete' },
    { namespace: 'evicted', name: 'store', replicas: 2, updateStrategy: 'OnDelete' },
    { namespace: 'guarded', name: 'store', replicas: 2, updateStrategy: 'OnDelete' },
  ].map((one) => ({ rolloutSeconds, ...one })),
  daemonSets: [
    { namespace: 'each', name: 'agent' },
    { namespace: 'special', name: 'by-hand-too', updateStrategy: 'OnDelete' },
    { namespace: 'evicted', name: 'agent', updateStrategy: 'OnDelete' },
  ].map((one) => ({ rolloutSeconds, ...one })),
  rollouts: [
    { namespace: 'each', name: 'shop', replicas: 2, rolloutSeconds },
    { namespace: 'argo', name: 'shop', replicas: 1, workloadRef: 'shop-app', rolloutSeconds },
  ],
};

const restarts = {
  each: {
    workloads: [
      { namespace: 'each', names: ['api'] },
      { namespace: 'each', kind: 'StatefulSet', names: ['store'] },
      { namespace: 'each', kind: 'DaemonSet', names: ['agent'] },
      { namespace: 'each', kind: 'Rollout', names: ['shop'] },
    ],
  },
  labelled: {
    workloads: [
      { namespaces: ['east', 'west'], selector: { part: 'keys' } },
      { namespace: 'east', kind: 'StatefulSet', selector: { part: 'locks' } },
      { namespace: 'west', kind: 'DaemonSet', names: ['gone'] },
    ],
  },
  special: {
    workloads: [
      { namespace: 'special', names: ['paused', 'empty', 'solo', 'kept'] },
      { namespace: 'special', kind: 'StatefulSet', names: ['split', 'by-hand'] },
      { namespace: 'special', kind: 'DaemonSet', names: ['by-hand-too'] },
    ],
  },
  before: {
    workloads: [{ namespace: 'before', names: ['busy', 'broken'] }],
    strategy: { maxFailures: 0 },
  },
  evicted: {
    workloads: [
      { namespace: 'evicted', kind: 'StatefulSet', names: ['store'] },
      { namespace: 'evicted', kind: 'DaemonSet', names: ['agent'] },
    ],
    strategy: { evictOnDelete: true },
  },
  guarded: {
    workloads: [{ namespace: 'guarded', kind: 'StatefulSet', names: ['store'] }],
    strategy: { evictOnDelete: true, timeout: '30s' },
  },
  behind: {
    workloads: [{ namespace: 'argo', names: ['shop-app'] }],
    strategy: { argoRollouts: true },
  },
  both: {
    workloads: [
      { namespace: 'argo', names: ['shop-app'] },
      { namespace: 'argo', kind: 'Rollout', names: ['shop'] },
    ],
  },
};
