import { blame } from './blame.ts';
import type { Effect } from './events.ts';
import type { Verdict } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { Run, WorkloadState } from './state.ts';
import { stopOutcome } from './stop.ts';

/** What a verdict means for a workload, in the phase that it is in. */
export function applyVerdict(
  run: Run,
  workload: WorkloadState,
  verdict: Verdict,
  effects: Effect[],
): void {
  if (workload.phase.kind === 'proved') {
    applyToProved(run, workload, verdict, effects);
    return;
  }
  switch (verdict.kind) {
    case 'stale':
      // What would move it on may never come (a cluster restored from a backup): it has a deadline too.
      if (!workload.counted) countIn(run, workload, effects);
      return;
    case 'patch':
      makeReady(run, workload, effects);
      return;
    case 'rolling':
      if (!workload.counted) countIn(run, workload, effects);
      workload.phase = { kind: 'rolling' };
      effects.push({ type: 'progress', workload: workload.index, message: verdict.message });
      return;
    case 'complete':
      prove(run, workload, verdict.stamp, effects);
      return;
    case 'reverted':
      endWorkload(run, workload, verdict, effects);
      return;
    case 'failed':
      endWorkload(run, workload, verdict, effects);
      return;
    case 'paused': {
      const message = verdict.met
        ? 'the Deployment was paused in the middle of its rollout'
        : 'the Deployment is paused: it would not roll out';
      endWorkload(run, workload, { kind: 'skipped', reason: 'paused', message }, effects);
      return;
    }
  }
}

/**
 * A proof stands whatever happens to the pods later (a scale-up looks like a rollout); only the
 * loss of its stamp takes it back.
 */
function applyToProved(
  run: Run,
  workload: WorkloadState,
  verdict: Verdict,
  effects: Effect[],
): void {
  if (verdict.kind === 'reverted') endWorkload(run, workload, verdict, effects);
  if (verdict.kind === 'patch' || (verdict.kind === 'paused' && !verdict.met)) {
    const message = 'the stamp that met this run is gone from the pod template';
    const who = workload.seen && blame(workload.seen, workload.stampedAt);
    endWorkload(run, workload, { kind: 'reverted', ...who, message }, effects);
  }
}

function makeReady(run: Run, workload: WorkloadState, effects: Effect[]): void {
  if (workload.phase.kind === 'ready') return;
  if (run.stopped) {
    endWorkload(run, workload, stopOutcome(run.instant, run.stopped), effects);
    return;
  }
  countOut(run, workload, effects);
  workload.phase = { kind: 'ready' };
  run.clusters[workload.cluster]?.ready.push(workload.index);
}

function prove(run: Run, workload: WorkloadState, stamp: string, effects: Effect[]): void {
  workload.phase = { kind: 'proved', stamp };
  countOut(run, workload, effects);
  const cluster = run.clusters[workload.cluster];
  if (cluster) cluster.unsettled -= 1;
  const message = workload.patchedHere ? 'restarted' : 'already restarted';
  effects.push({ type: 'progress', workload: workload.index, message });
}

/** Gives a workload its outcome, once. */
export function endWorkload(
  run: Run,
  workload: WorkloadState,
  outcome: Outcome,
  effects: Effect[],
): void {
  if (workload.phase.kind === 'ended') return;
  const wasSettled = workload.phase.kind === 'proved';
  workload.phase = { kind: 'ended', outcome };
  workload.seen = undefined;
  countOut(run, workload, effects);
  const cluster = run.clusters[workload.cluster];
  if (cluster && !wasSettled) cluster.unsettled -= 1;
  effects.push({ type: 'progress', workload: workload.index, message: outcome.kind });
}

/** Takes one of its cluster's slots, with a deadline from here on. */
export function countIn(run: Run, workload: WorkloadState, effects: Effect[]): void {
  const cluster = run.clusters[workload.cluster];
  if (!cluster) return;
  workload.counted = true;
  cluster.inFlight += 1;
  const afterMs = run.plan.strategy.timeoutSeconds * 1000;
  effects.push({ type: 'arm', workload: workload.index, afterMs });
}

function countOut(run: Run, workload: WorkloadState, effects: Effect[]): void {
  const cluster = run.clusters[workload.cluster];
  if (!cluster || !workload.counted) return;
  workload.counted = false;
  cluster.inFlight -= 1;
  effects.push({ type: 'disarm', workload: workload.index });
}
