import type { ObservedRollout } from '../../observed.ts';
import { safeText } from '../../redact.ts';
import { commonFacts, type RawObject } from './common.ts';

interface RawRollout extends RawObject {
  readonly spec?: RawObject['spec'] & {
    readonly paused?: boolean;
    readonly replicas?: number;
    readonly restartAt?: string;
    readonly workloadRef?: { readonly kind?: string; readonly name?: string };
  };
  readonly status?: {
    /** Text, unlike that of other kinds. */
    readonly observedGeneration?: string;
    /** Of the template that is wanted, and of the one that has been brought out. */
    readonly currentPodHash?: string;
    readonly stableRS?: string;
    readonly restartedAt?: string;
    readonly phase?: string;
    readonly message?: string;
    readonly availableReplicas?: number;
    /** The selector as text, for the scale subresource. */
    readonly selector?: string;
  };
}

/** Argo Rollouts, pkg/apis/rollouts/v1alpha1/types.go. */
export function toRollout(object: object): ObservedRollout {
  const raw: RawRollout = object;
  const { spec, status } = raw;
  const common = commonFacts('Rollout', raw, ['spec', 'restartAt']);
  const workload = spec?.workloadRef;
  return {
    kind: 'Rollout',
    ...common,
    ...(spec?.restartAt != null && { stamp: spec.restartAt }),
    // One that runs another object's template may have no selector of its own.
    podSelector: common.podSelector || (status?.selector ?? ''),
    replicas: spec?.replicas ?? 1,
    paused: spec?.paused ?? false,
    ...(workload?.kind === 'Deployment' && workload.name && { workloadRef: workload.name }),
    status: {
      ...(status?.restartedAt != null && { restartedAt: status.restartedAt }),
      ...(isUpdating(raw) && { updating: true as const }),
      phase: safeText(status?.phase ?? ''),
      message: safeText(status?.message ?? ''),
      availableReplicas: status?.availableReplicas ?? 0,
    },
  };
}

/** While it is, a `restartedAt` may be that of a new template alone (rollout/sync.go, resetRolloutStatus). */
function isUpdating({ metadata, status }: RawRollout): boolean {
  const seen = Number(status?.observedGeneration ?? metadata?.generation ?? 0);
  return seen < (metadata?.generation ?? 0) || status?.currentPodHash !== status?.stableRS;
}
