import type { Effect, RunProgress } from './events.ts';
import type { Run, WorkloadState } from './state.ts';

/** Counts a failure once for its workload, whichever attempt met it. */
export function countFailure(run: Run, workload: WorkloadState, effects: Effect[]): void {
  if (run.failed.has(workload.key)) return;
  run.failed.add(workload.key);
  // Without a budget nobody asks for them later, and a record has its limits.
  if (run.plan.strategy.failureBudget) note(run, effects);
}

/** What is over the budget, as words; `undefined` while it is kept. */
export function overBudget(run: Run): string | undefined {
  const budget = run.plan.strategy.failureBudget;
  if (!budget || run.failed.size === 0) return undefined;
  const known = knownOf(run);
  const allowed =
    budget.kind === 'count' ? budget.count : Math.floor((known * budget.percent) / 100);
  const { size } = run.failed;
  return size > allowed
    ? `${size} ${size === 1 ? 'workload has' : 'workloads have'} failed, and the failure budget allows ${allowed}`
    : undefined;
}

/** Selectors are not resolved yet when an attempt begins: what an earlier one has counted holds. */
const knownOf = (run: Run): number =>
  Math.max(run.knownBefore, run.workloads.length - run.dissolved);

/** Into the run record: what a later attempt goes on from. */
export function note(run: Run, effects: Effect[]): void {
  effects.push({ type: 'note', progress: progressOf(run) });
}

export function progressOf(run: Run): RunProgress {
  const undone = run.waves.findIndex(
    ({ done, phase, leftOver }) => leftOver || (!done && phase !== 'over'),
  );
  return {
    wavesDone: undone === -1 ? run.waves.length : undone,
    failed: run.plan.strategy.failureBudget ? [...run.failed].sort() : [],
    ...(run.plan.strategy.failureBudget?.kind === 'percent' && { known: knownOf(run) }),
    ...(run.failingBefore.size > 0 && { failingBefore: [...run.failingBefore].sort() }),
    ...(run.halted && { halted: run.halted }),
  };
}
