import { note, overBudget } from './budget.ts';
import { closeCluster, onClusterDeadline } from './cluster.ts';
import type { Effect, TimerId } from './events.ts';
import { judgeEvictions } from './evict.ts';
import { isWindowOpen } from './permit.ts';
import { endWorkload } from './settle-workload.ts';
import { recheck } from './stages.ts';
import {
  clusterAt,
  isUnsettled,
  waveAt,
  workloadAt,
  type Run,
  type WorkloadState,
} from './state.ts';
import { stop, stopHalted } from './stop.ts';
import { onApprovalTimeout } from './waves.ts';
import { askDiagnosis, onDeadline } from './workload.ts';
import { askBlockersAgain } from './blockers.ts';

/** What is known before anything is asked: clusters that are paused, a halt, a closed window. */
export function begin(run: Run, at: number, effects: Effect[]): void {
  for (const cluster of run.clusters) {
    if (cluster.held?.reason !== 'clusterPaused') continue;
    for (const index of cluster.all) {
      endWorkload(run, workloadAt(run, index), { kind: 'skipped', ...cluster.held }, at, effects);
    }
  }
  const over = overBudget(run);
  if (over !== undefined && !run.halted) {
    run.halted = { reason: 'budget', message: over };
    note(run, effects);
  }
  if (run.stopped) stop(run, run.stopped, at, effects);
  if (run.halted && !run.dryRun) stopHalted(run, run.halted, true, at, effects);
  if (!run.dryRun && !run.stopped) checkWindow(run, at, effects);
  if (run.stopped) {
    // What is not begun needs no examination.
    run.stage = 'waves';
    return;
  }
  if (run.stage === 'examining') {
    for (const cluster of run.clusters) {
      if (cluster.unsettled === 0) closeCluster(run, cluster, effects);
      else run.queue.push(cluster.index);
    }
  }
  if (run.dryRun) return;
  const { runTimeoutSeconds } = run.plan.strategy;
  if (runTimeoutSeconds !== undefined) {
    effects.push({ type: 'arm', timer: { kind: 'run' }, afterMs: runTimeoutSeconds * 1000 });
  }
}

export function onTimer(run: Run, timer: TimerId, at: number, effects: Effect[]): void {
  switch (timer.kind) {
    case 'workload':
      onDeadline(run, timer.workload, at, effects);
      return;
    case 'diagnose':
      askDiagnosis(run, timer.workload, effects);
      return;
    case 'evict':
      judgeEvictions(run, timer.workload, at, effects);
      return;
    case 'cluster':
      if (clusterAt(run, timer.cluster).phase !== 'soaking') {
        onClusterDeadline(run, timer.cluster, at, effects);
      }
      return;
    case 'run':
      stop(run, { reason: 'runTimeout', looks: false }, at, effects);
      return;
    case 'soak':
      waveAt(run, timer.wave).soaked = true;
      return;
    case 'approval':
      onApprovalTimeout(run, timer.wave, at, effects);
      return;
    case 'window':
      checkWindow(run, at, effects);
      return;
    case 'blockers':
      askBlockersAgain(run, effects);
      return;
    case 'settle':
      recheck(run);
      return;
  }
}

/** Closed: nothing new from here on. Open: asked again when it closes. */
function checkWindow(run: Run, at: number, effects: Effect[]): void {
  if (!isWindowOpen(run, at)) {
    // A soak, a rollout and a last look go on after hours.
    if (!run.workloads.some(isToBegin)) return;
    stop(run, { reason: 'window', looks: run.resumed }, at, effects);
    return;
  }
  if (!run.window || !run.workloads.some(isUnsettled)) return;
  effects.push({ type: 'arm', timer: { kind: 'window' }, afterMs: run.window.until - at });
}

const isToBegin = ({ phase }: WorkloadState): boolean =>
  phase.kind === 'unseen' || phase.kind === 'ready' || phase.kind === 'intending';
