import type { Effect } from './events.ts';
import type { Outcome } from './outcome.ts';
import type { ClusterState, Run } from './state.ts';
import { countIn } from './verdict.ts';
import { intend } from './workload.ts';

/** Everything that has become possible: looks, connections, rollouts, the end. */
export function advance(run: Run, effects: Effect[]): void {
  for (const index of run.active) settleCluster(run, clusterAt(run, index), effects);
  connectMore(run, effects);
  for (const index of run.active) startRollouts(run, clusterAt(run, index), effects);
  if (run.open === 0) {
    run.finished = true;
    effects.push({ type: 'finish' });
  }
}

/** With every workload proved or ended, the proofs are looked at once more, then the door is shut. */
function settleCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
  if (cluster.unsettled > 0 || cluster.phase === 'looking') return;
  if (cluster.phase === 'open' && hasProved(run, cluster)) {
    cluster.phase = 'looking';
    effects.push({ type: 'look', cluster: cluster.index, queries: cluster.queries });
  } else {
    closeCluster(run, cluster, effects);
  }
}

function connectMore(run: Run, effects: Effect[]): void {
  while (
    run.active.size < run.plan.strategy.maxConcurrentClusters &&
    run.nextCluster < run.clusters.length
  ) {
    const cluster = clusterAt(run, run.nextCluster);
    run.nextCluster += 1;
    if (cluster.phase !== 'queued') continue;
    cluster.phase = 'connecting';
    run.active.add(cluster.index);
    effects.push({ type: 'connect', cluster: cluster.index });
  }
}

function startRollouts(run: Run, cluster: ClusterState, effects: Effect[]): void {
  while (cluster.inFlight < run.plan.strategy.maxConcurrentRollouts) {
    const index = cluster.ready.shift();
    if (index === undefined) return;
    const workload = run.workloads[index];
    if (workload?.phase.kind !== 'ready') continue;
    countIn(run, workload, effects);
    intend(workload, effects);
  }
}

/** Shuts the door: what is proved gets its outcome. */
export function closeCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
  if (cluster.phase === 'closed') return;
  const wasOpen = cluster.phase !== 'queued';
  cluster.phase = 'closed';
  run.active.delete(cluster.index);
  run.open -= 1;
  for (const index of cluster.members.values()) {
    const workload = run.workloads[index];
    if (workload?.phase.kind !== 'proved') continue;
    const { stamp } = workload.phase;
    const lastSeen = new Date(workload.lastSeenAt).toISOString();
    const outcome: Outcome = workload.patchedHere
      ? { kind: 'restarted', stamp, lastSeen }
      : {
          kind: 'alreadyRestarted',
          stamp,
          lastSeen,
          ...(workload.seen?.run === undefined ? {} : { run: workload.seen.run }),
        };
    workload.phase = { kind: 'ended', outcome };
    workload.seen = undefined;
  }
  if (wasOpen) effects.push({ type: 'close', cluster: cluster.index });
}

const hasProved = (run: Run, cluster: ClusterState): boolean =>
  [...cluster.members.values()].some((index) => run.workloads[index]?.phase.kind === 'proved');

/** The workloads that a query finds. */
export function membersOf(
  run: Run,
  cluster: ClusterState,
  query: { readonly namespace: string; readonly name?: string },
): readonly number[] {
  return [...cluster.members.values()].filter((index) => {
    const workload = run.workloads[index];
    return (
      workload?.namespace === query.namespace &&
      (query.name === undefined || workload.name === query.name)
    );
  });
}

export function clusterAt(run: Run, index: number): ClusterState {
  const cluster = run.clusters[index];
  if (!cluster) throw new RangeError(`no cluster ${index} in the plan`);
  return cluster;
}
