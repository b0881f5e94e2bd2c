/**
 * In which way new pods fail: they run and never become ready, crash again and again, have an image
 * that can't be pulled, or fit on no node.
 */
export type FailureMode = 'notReady' | 'crashLoop' | 'imagePull' | 'unschedulable';
export const failureModes = ['notReady', 'crashLoop', 'imagePull', 'unschedulable'] as const;

/** How the new pods of a workload behave. */
export interface RolloutBehaviour {
  /** From a change to the end of the rollout. */
  readonly rolloutSeconds: number;
  /** `true`: `notReady`. Default: they become ready. */
  readonly failing?: boolean | FailureMode | undefined;
}

export const failureOf = ({ failing }: RolloutBehaviour): FailureMode | undefined =>
  failing === true ? 'notReady' : failing === false ? undefined : failing;
