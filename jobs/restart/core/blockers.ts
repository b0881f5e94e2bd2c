import type { Effect, RunEvent } from './events.ts';
import { blockersHoldMs } from './permit.ts';
import type { Run } from './state.ts';
import { stop } from './stop.ts';

/** Quiet: what waits may begin. Blocking: asked again, until it has taken too long. */
export function onBlockersAnswered(
  run: Run,
  event: Extract<RunEvent, { type: 'blockersAnswered' }>,
  effects: Effect[],
): void {
  const { blockers, plan } = run;
  const { blocking, at } = event;
  blockers.at = at;
  if (blocking === undefined) {
    blockers.phase = 'quiet';
    blockers.since = undefined;
    return;
  }
  blockers.phase = 'blocking';
  blockers.since ??= at;
  if (blockers.message !== blocking)
    effects.push({ type: 'progress', message: `blocked: ${blocking}` });
  blockers.message = blocking;
  if (at - blockers.since >= plan.strategy.blockerTimeoutSeconds * 1000) {
    stop(run, { reason: 'blocked', message: blocking, looks: run.resumed }, at, effects);
    return;
  }
  effects.push({ type: 'arm', timer: { kind: 'blockers' }, afterMs: blockersHoldMs });
}

export function askBlockersAgain(run: Run, effects: Effect[]): void {
  if (run.blockers.phase !== 'blocking' || run.stopped) return;
  run.blockers.phase = 'asking';
  effects.push({ type: 'askBlockers' });
}
