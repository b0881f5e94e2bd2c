import type { Effect, Halted } from './events.ts';
import { note, overBudget } from './budget.ts';
import { formatInstant, type Instant } from './instant.ts';
import { troubleOutcome, type Outcome } from './outcome.ts';
import { endWorkload } from './settle-workload.ts';
import type { ClusterState, Run, Stop } from './state.ts';

/** What becomes of a workload that still had to be restarted when the run stopped. */
export function stopOutcome(instant: Instant, stop: Stop): Outcome {
  const skipped = (message: string): Outcome => {
    if (stop.reason === 'record') return troubleOutcome(stop.trouble);
    return { kind: 'skipped', reason: stop.reason, message };
  };
  switch (stop.reason) {
    case 'interrupted':
      return skipped('the run was told to end before its restart');
    case 'superseded':
      return skipped(`a run later than ${formatInstant(instant)} has begun, which restarts it`);
    case 'window':
      return skipped('no window is open');
    case 'lock':
      return skipped('another pod has taken over the Lease');
    case 'runTimeout':
      return skipped('the time of the run was over before its restart');
    case 'blocked':
    case 'preflight':
    case 'wave':
    case 'halted':
    case 'stopped':
      return skipped(stop.message);
    case 'record':
      return troubleOutcome(stop.trouble);
  }
}

/** What becomes of a workload that must not be begun; `undefined` where it may. */
export function heldOutcome(run: Run, cluster: ClusterState): Outcome | undefined {
  if (run.stopped) return stopOutcome(run.instant, run.stopped);
  if (cluster.held) return { kind: 'skipped', ...cluster.held };
  return undefined;
}

/**
 * No new patch from here on. What is rolling is still awaited. Workloads not seen yet are given up
 * unless the run still looks which of them meet its instant.
 */
export function stop(run: Run, reason: Stop, at: number, effects: Effect[]): void {
  run.stopped ??= reason;
  // Told to end, even a run that would only look has no time for what it has not seen.
  const looks = run.stopped.looks && reason.looks;
  if (!looks && run.stopped.looks) run.stopped = { ...run.stopped, looks: false };
  run.sweep = true;
  const outcome = stopOutcome(run.instant, run.stopped);
  for (const workload of run.workloads) {
    const { kind } = workload.phase;
    const waits = kind === 'ready' || kind === 'intending' || (kind === 'unseen' && !looks);
    if (waits) endWorkload(run, workload, outcome, at, effects);
  }
}

/** Stops for good: a later attempt at this run finds it so, and only looks. */
export function halt(run: Run, halted: Halted, at: number, effects: Effect[]): void {
  if (!run.halted) {
    run.halted = halted;
    note(run, effects);
    effects.push({ type: 'progress', message: `halted: ${halted.message}` });
  }
  stopHalted(run, run.halted, run.resumed, at, effects);
}

/** @param looks whether clusters that have not been seen are still looked at */
export function stopHalted(
  run: Run,
  halted: Halted,
  looks: boolean,
  at: number,
  effects: Effect[],
): void {
  const reason = halted.reason === 'stopped' ? 'stopped' : 'halted';
  stop(run, { reason, message: halted.message, looks }, at, effects);
}

/** Asked after every event: the budget may be used up by any of them. */
export function haltOverBudget(run: Run, at: number, effects: Effect[]): void {
  if (run.halted) return;
  const message = overBudget(run);
  if (message !== undefined) halt(run, { reason: 'budget', message }, at, effects);
}
