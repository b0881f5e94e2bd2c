import { isRetryable, isWell, type Outcome } from './core/outcome.ts';

/**
 * Exit codes of the job. The CronJob's podFailurePolicy fails the Job at once on the final ones;
 * a pod that exits otherwise is tried again, and the run goes on where it stood.
 */
export const exitCodes = {
  /** Every workload has been restarted at or after the run's instant. */
  ok: 0,
  /** The program failed. Retried. */
  crashed: 1,
  /** Arguments or plan don't allow a run, or its record is of another plan. Final. */
  misconfigured: 2,
  /** The run is over and not all is well, or its record refuses it. Final. */
  incomplete: 3,
  /** The run was interrupted, or something did not answer. Retried. */
  retryable: 4,
} as const;

export type ExitName = keyof typeof exitCodes;

export function exitOf(outcomes: readonly Outcome[]): ExitName {
  if (outcomes.every(isWell)) return 'ok';
  return outcomes.some(isRetryable) ? 'retryable' : 'incomplete';
}
