import { blame } from './blame.ts';
import type { Effect } from './events.ts';
import { parseInstant } from './instant.ts';
import { meets, type Verdict } from './judge.ts';
import { noteBefore } from './notes.ts';
import { mayBegin } from './permit.ts';
import { countIn, countOut, endWorkload, prove, steady, unsteady } from './settle-workload.ts';
import { clusterAt, type Run, type WorkloadState } from './state.ts';
import { heldOutcome, stopOutcome } from './stop.ts';

/** What a verdict means for a workload, in the phase that it is in. */
export function applyVerdict(
  run: Run,
  workload: WorkloadState,
  verdict: Verdict,
  at: number,
  effects: Effect[],
): void {
  if (workload.phase.kind === 'proved') {
    applyToProved(run, workload, verdict, at, effects);
    return;
  }
  switch (verdict.kind) {
    case 'stale':
      // What would move it on may never come (a cluster restored from a backup): it has a deadline too.
      if (!workload.counted) countIn(run, workload, at, effects);
      return;
    case 'patch':
      makeReady(run, workload, at, effects);
      return;
    case 'rolling':
      roll(run, workload, verdict.message, at, effects);
      return;
    case 'evict':
      roll(run, workload, verdict.message, at, effects);
      evict(run, workload, verdict.message, at, effects);
      return;
    case 'complete':
      prove(run, workload, verdict, at, effects);
      return;
    case 'reverted':
      endWorkload(run, workload, verdict, at, effects);
      return;
    case 'failed': {
      const before = run.failingBefore.has(workload.key) ? { before: true as const } : {};
      endWorkload(
        run,
        workload,
        { ...verdict, ...told(workload, verdict), ...before },
        at,
        effects,
      );
      return;
    }
    case 'left': {
      const { reason, message } = verdict;
      endWorkload(run, workload, { kind: 'skipped', reason, message }, at, effects);
      return;
    }
  }
}

function roll(
  run: Run,
  workload: WorkloadState,
  message: string,
  at: number,
  effects: Effect[],
): void {
  if (!workload.counted) countIn(run, workload, at, effects);
  workload.phase = { kind: 'rolling' };
  effects.push({ type: 'progress', workload: workload.index, message });
}

/** The next pod goes only while new work may be begun: an eviction is one. */
function evict(
  run: Run,
  workload: WorkloadState,
  message: string,
  at: number,
  effects: Effect[],
): void {
  if (run.stopped) {
    const outcome = stopOutcome(run.instant, run.stopped);
    const end =
      outcome.kind === 'skipped' ? { ...outcome, message: `stamped; ${message}` } : outcome;
    endWorkload(run, workload, end, at, effects);
    return;
  }
  if (workload.evicting) return;
  workload.evicting = true;
  if (mayBegin(run, at, effects)) {
    effects.push({ type: 'evict', workload: workload.index });
    return;
  }
  const timer = { kind: 'evict', workload: workload.index } as const;
  effects.push({ type: 'arm', timer, afterMs: whileHeldMs });
}

/**
 * A proof stands whatever happens to the pods later (a scale-up looks like a rollout), except in a
 * soak, in which they must stay up; the loss of its stamp always takes it back.
 */
function applyToProved(
  run: Run,
  workload: WorkloadState,
  verdict: Verdict,
  at: number,
  effects: Effect[],
): void {
  const soaks = clusterAt(run, workload.cluster).phase === 'soaking';
  switch (verdict.kind) {
    case 'reverted':
      endWorkload(run, workload, verdict, at, effects);
      return;
    case 'patch':
    case 'left': {
      // Paused or set to OnDelete since, but the stamp is still there.
      if (meets(run.goal, parseInstant(workload.seen?.stamp))) return;
      const message = 'the stamp that met this run is gone';
      const who = workload.seen && blame(workload.seen, workload.stampedAt);
      endWorkload(run, workload, { kind: 'reverted', ...who, message }, at, effects);
      return;
    }
    case 'rolling':
      if (soaks && !workload.unsteady) unsteady(run, workload, effects);
      return;
    case 'complete':
      if (workload.unsteady) steady(workload, effects);
      return;
    case 'failed':
      if (soaks) {
        const message = `in the soak: ${verdict.message}`;
        endWorkload(run, workload, { kind: 'failed', message }, at, effects);
      }
      return;
    case 'evict':
    case 'stale':
      return;
  }
}

/** While nothing may be begun, an eviction is asked for again after so long. Milliseconds. */
const whileHeldMs = 10_000;

export function makeReady(run: Run, workload: WorkloadState, at: number, effects: Effect[]): void {
  if (workload.phase.kind === 'ready') return;
  const cluster = clusterAt(run, workload.cluster);
  const held = heldOutcome(run, cluster);
  if (held) {
    endWorkload(run, workload, held, at, effects);
    return;
  }
  noteBefore(run, workload, effects);
  countOut(run, workload, effects);
  workload.phase = { kind: 'ready' };
  cluster.ready.push(workload.index);
}

/** A message, with what the pods have told. */
export const told = (
  { diagnosis }: WorkloadState,
  { message }: { readonly message: string },
): { readonly message: string } => ({
  message: diagnosis?.summary ? `${message}; ${diagnosis.summary}` : message,
});
