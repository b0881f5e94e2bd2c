import type { Effect } from './events.ts';
import type { Run } from './state.ts';
import { windowAt } from './window.ts';

/** An answer of the blockers holds so long. Milliseconds. */
export const blockersHoldMs = 30_000;

/**
 * Whether something new may be begun at this moment. Fails closed: what is not known to be open and
 * quiet is not. Asks the blockers where their answer is too old.
 */
export function mayBegin(run: Run, at: number, effects: Effect[]): boolean {
  if (run.stopped || run.paused || run.stage !== 'waves') return false;
  return isWindowOpen(run, at) && areBlockersQuiet(run, at, effects);
}

export function isWindowOpen(run: Run, at: number): boolean {
  const { windows } = run.plan.strategy;
  if (windows.length === 0) return true;
  const known = run.window;
  if (known && at >= known.from && at < known.until) return true;
  const state = windowAt(windows, at);
  run.window = state.open ? { from: at, until: state.until } : undefined;
  return state.open;
}

function areBlockersQuiet(run: Run, at: number, effects: Effect[]): boolean {
  const { blockers, plan } = run;
  if (plan.strategy.blockers.length === 0) return true;
  const age = at - blockers.at;
  if (blockers.phase === 'quiet' && age >= 0 && age < blockersHoldMs) return true;
  if (blockers.phase !== 'asking' && blockers.phase !== 'blocking') {
    blockers.phase = 'asking';
    blockers.since ??= at;
    effects.push({ type: 'askBlockers' });
  }
  return false;
}
