import type { Observed } from '../../../../jobs/restart/ports.ts';

/** A Deployment of three replicas, rolled out, never restarted; with what a case says on top. */
export const observed = (
  overrides: Partial<Omit<Observed, 'status'>> & {
    readonly status?: Partial<Observed['status']>;
  } = {},
): Observed => ({
  namespace: 'sts',
  name: 'app',
  uid: 'u1',
  resourceVersion: '100',
  generation: 4,
  paused: false,
  replicas: 3,
  managers: [],
  ...overrides,
  status: {
    observedGeneration: overrides.generation ?? 4,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
    ...overrides.status,
  },
});
