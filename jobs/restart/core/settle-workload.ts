import { countsAsFailure, isWell, type Outcome } from './outcome.ts';
import type { Effect } from './events.ts';
import { countFailure } from './budget.ts';
import { breakGroups, release } from './order.ts';
import { clusterAt, type Run, type WorkloadState } from './state.ts';

/** Gives a workload its proof: it counts as done unless the stamp is lost. */
export function prove(
  run: Run,
  workload: WorkloadState,
  proof: { readonly stamp: string; readonly partial?: string },
  at: number,
  effects: Effect[],
): void {
  const { stamp, partial } = proof;
  workload.phase = { kind: 'proved', stamp, ...(partial !== undefined && { partial }) };
  workload.endedAt = at;
  countOut(run, workload, effects);
  const cluster = clusterAt(run, workload.cluster);
  cluster.unsettled -= 1;
  release(cluster, workload);
  const message = workload.patchedHere ? 'restarted' : 'already restarted';
  effects.push({ type: 'progress', workload: workload.index, message });
}

/** Gives a workload its outcome, once. */
export function endWorkload(
  run: Run,
  workload: WorkloadState,
  outcome: Outcome,
  at: number,
  effects: Effect[],
): void {
  const { phase } = workload;
  if (phase.kind === 'ended' || phase.kind === 'dissolved') return;
  const wasProved = phase.kind === 'proved';
  workload.phase = { kind: 'ended', outcome };
  workload.seen = undefined;
  workload.endedAt = at;
  countOut(run, workload, effects);
  if (workload.unsteady) steady(workload, effects);
  const cluster = clusterAt(run, workload.cluster);
  if (!wasProved) {
    cluster.unsettled -= 1;
    if (isWell(outcome)) release(cluster, workload);
  }
  if (!isWell(outcome)) breakGroups(cluster, workload);
  effects.push({ type: 'progress', workload: workload.index, message: outcome.kind });
  if (countsAsFailure(outcome)) countFailure(run, workload, effects);
}

/** It stood for a selector; what was found stands for itself. */
export function dissolve(run: Run, workload: WorkloadState): void {
  if (workload.phase.kind !== 'unseen') return;
  workload.phase = { kind: 'dissolved' };
  run.dissolved += 1;
  const cluster = clusterAt(run, workload.cluster);
  cluster.unsettled -= 1;
  release(cluster, workload);
}

/** Takes one of its cluster's slots, with a deadline from here on. */
export function countIn(run: Run, workload: WorkloadState, at: number, effects: Effect[]): void {
  const { timeoutSeconds, diagnostics } = run.plan.strategy;
  const { index } = workload;
  workload.counted = true;
  workload.begunAt ??= at;
  clusterAt(run, workload.cluster).inFlight += 1;
  run.inFlight += 1;
  effects.push({
    type: 'arm',
    timer: { kind: 'workload', workload: index },
    afterMs: timeoutSeconds * 1000,
  });
  if (diagnostics) {
    const timer = { kind: 'diagnose', workload: index } as const;
    effects.push({ type: 'arm', timer, afterMs: diagnoseEveryMs });
  }
}

/** How often the pods of a workload that is not up are looked at. Milliseconds. */
export const diagnoseEveryMs = 10_000;

export function countOut(run: Run, workload: WorkloadState, effects: Effect[]): void {
  if (!workload.counted) return;
  workload.counted = false;
  clusterAt(run, workload.cluster).inFlight -= 1;
  run.inFlight -= 1;
  for (const kind of ['workload', 'diagnose', 'evict'] as const) {
    if (kind === 'diagnose' && !run.plan.strategy.diagnostics) continue;
    if (kind === 'evict' && !run.goal.evicts) continue;
    effects.push({ type: 'disarm', timer: { kind, workload: workload.index } });
  }
}

/** Proved, and not up: it has as long as a rollout may take. */
export function unsteady(run: Run, workload: WorkloadState, effects: Effect[]): void {
  workload.unsteady = true;
  const timer = { kind: 'workload', workload: workload.index } as const;
  effects.push({ type: 'arm', timer, afterMs: run.plan.strategy.timeoutSeconds * 1000 });
  effects.push({ type: 'progress', workload: workload.index, message: 'not all up in the soak' });
}

export function steady(workload: WorkloadState, effects: Effect[]): void {
  workload.unsteady = false;
  effects.push({ type: 'disarm', timer: { kind: 'workload', workload: workload.index } });
}
