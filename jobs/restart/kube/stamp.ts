import type { WorkloadKind } from '../../../src/plan/restart-plan.ts';
import type { Stamp } from '../ports.ts';
import { restartedAt, runAnnotation } from './observed/common.ts';

/**
 * The restart: our instant where the kind has its stamp, and on the object which run it was, on the
 * precondition that nobody has written since the decision (a resourceVersion in a patch is one:
 * Kubernetes API concepts, Resource versions).
 */
export const stampPatch = (kind: WorkloadKind, stamp: Stamp) => ({
  metadata: {
    resourceVersion: stamp.resourceVersion,
    annotations: { [runAnnotation]: `${stamp.instant}/${stamp.restart}` },
  },
  spec:
    kind === 'Rollout'
      ? { restartAt: stamp.instant }
      : { template: { metadata: { annotations: { [restartedAt]: stamp.instant } } } },
});
