import type {
  ObservedDaemonSet,
  ObservedDeployment,
  ObservedRollout,
  ObservedStatefulSet,
} from '../../../../jobs/restart/observed.ts';

const common = {
  namespace: 'sts',
  name: 'app',
  uid: 'u1',
  resourceVersion: '100',
  generation: 4,
  labels: {},
  replicas: 3,
  podSelector: 'app=app',
  managers: [],
};

type Changes<T extends { readonly status: object }> = Partial<Omit<T, 'status'>> & {
  readonly status?: Partial<T['status']>;
};

/** A Deployment of three replicas, rolled out, never restarted; with what a case says on top. */
export const observed = (overrides: Changes<ObservedDeployment> = {}): ObservedDeployment => ({
  ...common,
  kind: 'Deployment',
  strategy: 'RollingUpdate',
  paused: false,
  ...overrides,
  status: {
    observedGeneration: overrides.generation ?? 4,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
    ...overrides.status,
  },
});

export const observedStatefulSet = (
  overrides: Changes<ObservedStatefulSet> = {},
): ObservedStatefulSet => ({
  ...common,
  kind: 'StatefulSet',
  strategy: 'RollingUpdate',
  partition: 0,
  ...overrides,
  status: {
    observedGeneration: overrides.generation ?? 4,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    updatedReplicas: 3,
    currentRevision: 'app-2',
    updateRevision: 'app-2',
    ...overrides.status,
  },
});

export const observedDaemonSet = (
  overrides: Changes<ObservedDaemonSet> = {},
): ObservedDaemonSet => ({
  ...common,
  kind: 'DaemonSet',
  strategy: 'RollingUpdate',
  ...overrides,
  status: {
    observedGeneration: overrides.generation ?? 4,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
    ...overrides.status,
  },
});

export const observedRollout = (overrides: Changes<ObservedRollout> = {}): ObservedRollout => ({
  ...common,
  kind: 'Rollout',
  paused: false,
  ...overrides,
  status: { phase: 'Healthy', message: '', availableReplicas: 3, ...overrides.status },
});
