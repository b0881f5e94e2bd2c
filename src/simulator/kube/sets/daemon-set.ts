import { nameSuffix } from '../pods/pod-state.ts';
import { daemonSets } from '../resources.ts';
import type { SetKind } from './set-kind.ts';
import { countOf, nonZero, readyCount } from './set-kind.ts';
import { isOnDelete, specOf } from './sets.ts';

/** pkg/controller/daemon: a pod on each node; one after the other is replaced, broken ones first. */
export const daemonSetKind = (nodes: number): SetKind => ({
  type: daemonSets,
  wanted: () => nodes,
  template: (object) => specOf(object).template,
  parallel: () => true,
  stale: (object, { revision }, { update }) => !isOnDelete(object) && revision.hash !== update.hash,
  revisionAt: (_, __, { update }) => update,
  completes: () => false,
  status(_, view) {
    const ready = readyCount(view);
    return {
      currentNumberScheduled: view.pods.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: view.wanted,
      numberReady: ready,
      observedGeneration: view.observedGeneration,
      ...nonZero({
        updatedNumberScheduled: countOf(view, view.update),
        numberAvailable: ready,
        numberUnavailable: view.wanted - ready,
      }),
    };
  },
  podName: ({ metadata }, { serial }) =>
    `${metadata.name}-${nameSuffix(`${metadata.uid ?? ''}/${serial}`)}`,
  podLabels: (_, { revision }) => ({ 'controller-revision-hash': revision.hash }),
});
