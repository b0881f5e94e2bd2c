import type {
  Observed,
  ObservedDaemonSet,
  ObservedDeployment,
  ObservedRollout,
  ObservedStatefulSet,
} from '../observed.ts';
import { parseInstant } from './instant.ts';

export type RolloutStatus =
  | { readonly kind: 'done' }
  /** As far as its owner lets it: some pods are older than the change. */
  | { readonly kind: 'partial'; readonly message: string }
  | { readonly kind: 'waiting'; readonly message: string }
  /** `OnDelete`, and all pods are up: one of those that are older than the change may go. */
  | { readonly kind: 'evictable'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Whether a rollout is complete: kubectl's rules in kubectl's order (kubernetes/kubectl,
 * pkg/polymorphichelpers/rollout_status.go), stricter where those take a rollout for done that is
 * not: a partition, a revision that is not current yet, `OnDelete`.
 */
export function rolloutStatus(workload: Observed): RolloutStatus {
  switch (workload.kind) {
    case 'Deployment':
      return deploymentStatus(workload);
    case 'StatefulSet':
      return statefulSetStatus(workload);
    case 'DaemonSet':
      return daemonSetStatus(workload);
    case 'Rollout':
      return argoStatus(workload);
  }
}

const notObserved = waiting('the change has not been observed yet');

function deploymentStatus({ generation, replicas, status }: ObservedDeployment): RolloutStatus {
  if (generation > status.observedGeneration) return notObserved;
  if (status.progressing?.reason === 'ProgressDeadlineExceeded') {
    return { kind: 'failed', message: `ProgressDeadlineExceeded: ${status.progressing.message}` };
  }
  if (status.updatedReplicas < replicas) {
    return waiting(`${status.updatedReplicas} of ${replicas} new replicas made`);
  }
  if (status.replicas > status.updatedReplicas) {
    return waiting(`${status.replicas - status.updatedReplicas} old replicas still end`);
  }
  if (status.availableReplicas < status.updatedReplicas) {
    return waiting(`${status.availableReplicas} of ${status.updatedReplicas} replicas available`);
  }
  return { kind: 'done' };
}

function statefulSetStatus(set: ObservedStatefulSet): RolloutStatus {
  const { generation, replicas, partition, strategy, status } = set;
  if (generation > status.observedGeneration) return notObserved;
  const up = Math.min(status.readyReplicas, status.availableReplicas);
  if (up < replicas) return waiting(`${up} of ${replicas} pods available`);
  // Those that a smaller size leaves over are counted as ready and as updated.
  if (status.replicas > replicas) {
    return waiting(`${status.replicas - replicas} surplus pods still end`);
  }
  const left = replicas - status.updatedReplicas;
  if (strategy === 'OnDelete') {
    return left > 0 ? evictable(left, replicas) : { kind: 'done' };
  }
  if (status.updatedReplicas < replicas - partition) {
    return waiting(
      `${status.updatedReplicas} of ${Math.max(0, replicas - partition)} pods updated`,
    );
  }
  if (partition > 0 && left > 0) {
    const message = `partition ${partition} keeps ${left} of ${replicas} pods as they were`;
    return { kind: 'partial', message };
  }
  if (partition === 0 && status.currentRevision !== status.updateRevision) {
    return waiting(`revision ${status.updateRevision} is not the current one yet`);
  }
  return { kind: 'done' };
}

function daemonSetStatus({ generation, strategy, status }: ObservedDaemonSet): RolloutStatus {
  const { desiredNumberScheduled: desired, updatedNumberScheduled, numberAvailable } = status;
  if (generation > status.observedGeneration) return notObserved;
  if (strategy === 'OnDelete') {
    if (numberAvailable < desired)
      return waiting(`${numberAvailable} of ${desired} pods available`);
    const left = desired - updatedNumberScheduled;
    return left > 0 ? evictable(left, desired) : { kind: 'done' };
  }
  if (updatedNumberScheduled < desired) {
    return waiting(`${updatedNumberScheduled} of ${desired} pods updated`);
  }
  if (numberAvailable < desired) return waiting(`${numberAvailable} of ${desired} pods available`);
  return { kind: 'done' };
}

/**
 * Argo says that no older pod is left by copying `restartAt` (argo-rollouts, rollout/restart.go):
 * before the last new one is up, and for a new template at once.
 */
function argoStatus({ stamp, replicas, status }: ObservedRollout): RolloutStatus {
  if (status.updating) return waiting('another template is being brought out');
  if (status.phase === 'Degraded' && status.message.includes('ProgressDeadlineExceeded')) {
    return { kind: 'failed', message: status.message };
  }
  const asked = parseInstant(stamp);
  const done = parseInstant(status.restartedAt);
  if (asked !== undefined && (done === undefined || done < asked)) {
    return waiting(
      `restarted at ${status.restartedAt ?? 'no time yet'}, not yet at ${stamp ?? ''}`,
    );
  }
  if (status.availableReplicas < replicas) {
    return waiting(`${status.availableReplicas} of ${replicas} replicas available`);
  }
  return { kind: 'done' };
}

function waiting(message: string): RolloutStatus {
  return { kind: 'waiting', message };
}

const evictable = (left: number, all: number): RolloutStatus => ({
  kind: 'evictable',
  message: `OnDelete: ${left} of ${all} pods are still those of before`,
});
