import type { HaltReason } from './core/events.ts';
import { isRetryable, isWell, type Outcome } from './core/outcome.ts';

/**
 * Exit codes of the job. The CronJob's podFailurePolicy fails the Job at once on the final ones;
 * a pod that exits otherwise is tried again, and the run goes on where it stood.
 */
export const exitCodes = {
  /** Every workload has been restarted at or after the run's instant. */
  ok: 0,
  /** All of them had been before this attempt; 8 where `--detailed-exitcode` asks for it. */
  nothingToDo: 0,
  /** The program failed. Retried. */
  crashed: 1,
  /** Arguments or plan don't allow a run, or its record is of another plan. Final. */
  misconfigured: 2,
  /** The run is over and not all is well, or its record refuses it. Final. */
  incomplete: 3,
  /** The run was interrupted, or something did not answer. Retried. */
  retryable: 4,
  /** The failure budget is used up, or a gate was not passed. Final: the run stays halted. */
  halted: 5,
  /** No window is open, something blocks, a storm, or another pod holds the lock. Retried. */
  refused: 6,
  /** An operator has stopped the run. Final: it stays so. */
  cancelled: 7,
} as const;

export type ExitName = keyof typeof exitCodes;

/** For `nothingToDo`, where it is to be told from `ok`. */
export const detailedNothingToDo = 8;

export interface Ending {
  readonly outcomes: readonly Outcome[];
  readonly halted: HaltReason | undefined;
  /** Told to end before the waves, a soak or the last look were over. */
  readonly unfinished: boolean;
}

export function exitOf({ outcomes, halted, unfinished }: Ending): ExitName {
  if (halted === 'stopped') return 'cancelled';
  if (halted !== undefined) return 'halted';
  if (unfinished || outcomes.some(isRetryable)) return 'retryable';
  const isRefused = (outcome: Outcome): boolean =>
    outcome.kind === 'skipped' && (outcome.reason === 'window' || outcome.reason === 'blocked');
  if (outcomes.some(isRefused)) return 'refused';
  if (!outcomes.every(isWell)) return 'incomplete';
  return outcomes.some(({ kind }) => kind === 'restarted' || kind === 'wouldRestart')
    ? 'ok'
    : 'nothingToDo';
}
