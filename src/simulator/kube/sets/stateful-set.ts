import { statefulSets } from '../resources.ts';
import type { SetKind } from './set-kind.ts';
import { countOf, nonZero, readyCount } from './set-kind.ts';
import { isOnDelete, partitionOf, specOf } from './sets.ts';

/**
 * pkg/controller/statefulset/stateful_set_control.go: from the highest ordinal down to the
 * partition, each pod waits for the one before it. A pod that never becomes ready holds up all
 * others, also those of a revert ("forced rollback" in the StatefulSet documentation).
 */
export const statefulSetKind: SetKind = {
  type: statefulSets,
  wanted: (object) => specOf(object).replicas ?? 1,
  template: (object) => specOf(object).template,
  parallel: (object) => specOf(object).podManagementPolicy === 'Parallel',
  stale: (object, { slot, revision }, { update }) =>
    !isOnDelete(object) && slot >= partitionOf(object) && revision.hash !== update.hash,
  revisionAt: (object, slot, { current, update }) =>
    !isOnDelete(object) && slot < partitionOf(object) ? current : update,
  // `completeRollingUpdate`: with OnDelete the current revision stays behind for ever.
  completes(object, view) {
    return (
      !isOnDelete(object) &&
      countOf(view, view.update) === view.wanted &&
      readyCount(view) === view.wanted
    );
  },
  status({ metadata }, view) {
    const ready = readyCount(view);
    return {
      observedGeneration: view.observedGeneration,
      replicas: view.pods.length,
      ...nonZero({
        readyReplicas: ready,
        currentReplicas: countOf(view, view.current),
        updatedReplicas: countOf(view, view.update),
      }),
      availableReplicas: ready,
      currentRevision: `${metadata.name}-${view.current.hash}`,
      updateRevision: `${metadata.name}-${view.update.hash}`,
      collisionCount: 0,
    };
  },
  podName: ({ metadata }, { slot }) => `${metadata.name}-${slot}`,
  podLabels: ({ metadata }, { slot, revision }) => ({
    'apps.kubernetes.io/pod-index': String(slot),
    'controller-revision-hash': `${metadata.name}-${revision.hash}`,
    'statefulset.kubernetes.io/pod-name': `${metadata.name}-${slot}`,
  }),
};
