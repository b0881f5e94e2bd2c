import type { WorkloadKind } from '../../../src/plan/restart-plan.ts';
import type { Observed } from '../ports.ts';
import { toDaemonSet } from './observed/daemon-set.ts';
import { toDeployment } from './observed/deployment.ts';
import { toRollout } from './observed/rollout.ts';
import { toStatefulSet } from './observed/stateful-set.ts';

export { restartedAt, runAnnotation } from './observed/common.ts';

/**
 * The facts of a workload, from an object of the API. Counts that are left out are 0 (the API omits
 * zeros), `replicas` is 1 (its default). The kind is the caller's: items of a list do not say it.
 * Throws `LinkError` with link `network` for something that is no object of the API.
 */
export function toObserved(kind: WorkloadKind, object: unknown): Observed {
  const raw = typeof object === 'object' && object !== null ? object : {};
  switch (kind) {
    case 'Deployment':
      return toDeployment(raw);
    case 'StatefulSet':
      return toStatefulSet(raw);
    case 'DaemonSet':
      return toDaemonSet(raw);
    case 'Rollout':
      return toRollout(raw);
  }
}
