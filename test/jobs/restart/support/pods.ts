import type { ObservedDaemonSet, ObservedStatefulSet } from '../../../../jobs/restart/observed.ts';
import type { ContainerStatus, Pod } from '../../../../jobs/restart/kube/pod-facts.ts';

/** The moment that the tests take for the stamp's. */
export const stampedAt = '2026-01-05T02:15:00Z';
export const before = '2026-01-01T00:00:00Z';
export const after = '2026-01-05T02:15:09Z';

export interface PodChanges {
  /** Default: `before`. */
  readonly made?: string;
  /** Default: true. */
  readonly ready?: boolean;
  readonly going?: true;
  readonly revision?: string;
  readonly stamp?: string;
  /** Default: `u`. */
  readonly owner?: string;
  readonly phase?: string;
  readonly container?: ContainerStatus;
  readonly conditions?: readonly {
    type: string;
    status: string;
    reason?: string;
    message?: string;
  }[];
}

/** A pod as the API server writes it. */
export const makePod = (name: string, changes: PodChanges = {}): Pod => {
  const { made = before, ready = true, going, revision, stamp, owner = 'u', phase } = changes;
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: made,
      ownerReferences: [{ uid: owner, controller: true }],
      ...(going && { deletionTimestamp: after }),
      ...(revision && { labels: { 'controller-revision-hash': revision } }),
      ...(stamp && { annotations: { 'kubectl.kubernetes.io/restartedAt': stamp } }),
    },
    status: {
      phase: phase ?? 'Running',
      conditions: [
        ...(changes.conditions ?? []),
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          message: 'containers with unready status: [main]',
        },
      ],
      ...(changes.container && { containerStatuses: [{ name: 'main', ...changes.container }] }),
    },
  };
};

const common = {
  namespace: 'sts',
  name: 'a',
  uid: 'u',
  resourceVersion: '9',
  generation: 4,
  labels: {},
  replicas: 3,
  stamp: stampedAt,
  podSelector: 'app=a',
  managers: [
    { manager: 'rollcall', operation: 'Update', time: '2026-01-05T02:15:05Z', ownsStamp: true },
  ],
  strategy: 'OnDelete',
} as const;

export const statefulSet: ObservedStatefulSet = {
  ...common,
  kind: 'StatefulSet',
  partition: 0,
  status: {
    observedGeneration: 4,
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    updatedReplicas: 0,
    currentRevision: 'old',
    updateRevision: 'new',
  },
};

export const daemonSet: ObservedDaemonSet = {
  ...common,
  kind: 'DaemonSet',
  status: {
    observedGeneration: 4,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 0,
    numberAvailable: 3,
  },
};
