import type { Observed } from '../ports.ts';

export type RolloutStatus =
  | { readonly kind: 'done' }
  | { readonly kind: 'waiting'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Whether a Deployment's rollout is complete: kubectl's rules in kubectl's order
 * (kubernetes/kubectl, pkg/polymorphichelpers/rollout_status.go).
 */
export function rolloutStatus(deployment: Observed): RolloutStatus {
  const { generation, replicas, status } = deployment;
  if (generation > status.observedGeneration) {
    return waiting('the change has not been observed yet');
  }
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

const waiting = (message: string): RolloutStatus => ({ kind: 'waiting', message });
