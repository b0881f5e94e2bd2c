import { beginCluster, closeCluster, hasProved, look, rest } from './cluster.ts';
import type { Effect } from './events.ts';
import { judgeEvictions } from './evict.ts';
import { concludeExamination } from './examine.ts';
import { comesAfter, isAfterBroken, isItsTurn } from './order.ts';
import { mayBegin } from './permit.ts';
import { countIn, endWorkload } from './settle-workload.ts';
import { advanceStage } from './stages.ts';
import { clusterAt, waveAt, workloadAt, type ClusterState, type Run } from './state.ts';
import { haltOverBudget } from './stop.ts';
import { advanceWaves, leaveSoak, soakSeconds } from './waves.ts';
import { intend } from './workload.ts';

/** Everything that has become possible, until nothing more is: looks, connections, rollouts, the end. */
export function advance(run: Run, at: number, effects: Effect[]): void {
  let before;
  let stage;
  do {
    before = effects.length;
    stage = run.stage;
    haltOverBudget(run, at, effects);
    for (const index of run.active) {
      concludeExamination(run, clusterAt(run, index), at, effects);
      settleCluster(run, clusterAt(run, index), effects);
    }
    if (run.stopped) {
      endEvictions(run, at, effects);
      leaveSoak(run);
    }
    releaseQueued(run, effects);
    if (run.stage === 'waves') advanceWaves(run, at, effects);
    connectMore(run, effects);
    for (const index of run.active) startRollouts(run, clusterAt(run, index), at, effects);
    advanceStage(run, effects);
    // A stage may be over without anything to be done in it.
  } while ((effects.length > before || run.stage !== stage) && !run.finished);
}

/** Nothing more is evicted: what waits for it ends now, and not with its deadline. */
function endEvictions(run: Run, at: number, effects: Effect[]): void {
  if (!run.goal.evicts || !run.sweep) return;
  for (const { index } of run.workloads) judgeEvictions(run, index, at, effects);
}

/** With every workload proved or ended the cluster soaks, or the proofs are looked at once more. */
function settleCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
  if (cluster.phase === 'looking') return;
  if (run.stage === 'examining') {
    if (cluster.phase === 'open' || cluster.unsettled === 0) closeCluster(run, cluster, effects);
    return;
  }
  if (cluster.unsettled > 0 || run.stage !== 'waves') return;
  if (cluster.phase !== 'open' || !hasProved(run, cluster)) {
    closeCluster(run, cluster, effects);
  } else if (!run.stopped && soakSeconds(run, waveAt(run, cluster.wave)) > 0) {
    rest(run, cluster);
    cluster.phase = 'soaking';
    run.active.delete(cluster.index);
    run.soaking.add(cluster.index);
  } else {
    look(cluster, effects);
  }
}

/** Clusters with nothing to do are not begun; once the run only looks, none waits for its wave. */
function releaseQueued(run: Run, effects: Effect[]): void {
  if (run.stage !== 'waves' || !run.sweep) return;
  run.sweep = false;
  for (const cluster of run.clusters) {
    if (cluster.phase !== 'queued') continue;
    if (cluster.unsettled === 0) closeCluster(run, cluster, effects);
    else if (run.stopped?.looks && !run.queue.includes(cluster.index))
      run.queue.push(cluster.index);
  }
}

function connectMore(run: Run, effects: Effect[]): void {
  while (run.active.size < run.plan.strategy.maxConcurrentClusters) {
    const index = run.queue.shift();
    if (index === undefined) return;
    const cluster = clusterAt(run, index);
    if (cluster.phase === 'queued') beginCluster(run, cluster, effects);
    else if (cluster.phase === 'open' && !run.active.has(index)) leave(run, cluster, effects);
  }
}

/** Out of its soak: it counts as at work while it is looked at once more. */
function leave(run: Run, cluster: ClusterState, effects: Effect[]): void {
  if (!hasProved(run, cluster)) {
    closeCluster(run, cluster, effects);
    return;
  }
  run.active.add(cluster.index);
  look(cluster, effects);
}

function startRollouts(run: Run, cluster: ClusterState, at: number, effects: Effect[]): void {
  if (cluster.phase !== 'open' || cluster.ready.length === 0 || run.stage !== 'waves') return;
  const { maxConcurrentRollouts, maxConcurrentRolloutsOverall = Infinity } = run.plan.strategy;
  const waiting: number[] = [];
  for (let index = cluster.ready.shift(); index !== undefined; index = cluster.ready.shift()) {
    const workload = workloadAt(run, index);
    if (workload.phase.kind !== 'ready') continue;
    if (isAfterBroken(run, workload)) {
      const message = 'what it comes after was not proved in this cluster';
      endWorkload(run, workload, { kind: 'skipped', reason: 'after', message }, at, effects);
      continue;
    }
    const hasRoom =
      cluster.inFlight < maxConcurrentRollouts && run.inFlight < maxConcurrentRolloutsOverall;
    if (hasRoom && isItsTurn(run, workload) && mayBegin(run, at, effects)) {
      countIn(run, workload, at, effects);
      intend(workload, effects);
    } else waiting.push(index);
    if (!hasRoom && comesAfter(run, workload).length === 0) break;
  }
  if (waitsForItself(run, cluster, waiting)) {
    const message = 'what it comes after waits for it too: groups that overlap, in a circle';
    for (const index of waiting) {
      const outcome = { kind: 'skipped', reason: 'after', message } as const;
      endWorkload(run, workloadAt(run, index), outcome, at, effects);
    }
    return;
  }
  cluster.ready.unshift(...waiting);
}

/** Groups may overlap by selectors, which is seen only here: nothing else is left that could go first. */
const waitsForItself = (run: Run, cluster: ClusterState, waiting: readonly number[]): boolean =>
  waiting.length > 0 &&
  waiting.length === cluster.unsettled &&
  waiting.every((index) => !isItsTurn(run, workloadAt(run, index)));
