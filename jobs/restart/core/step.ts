import type { Effect, RunEvent } from './events.ts';
import { troubleOutcome, type Outcome } from './outcome.ts';
import { memberKey, type ClusterState, type Run, type Stop, type WorkloadState } from './state.ts';
import { stopOutcome } from './stop.ts';
import {
  countIn,
  endWorkload,
  intend,
  observe,
  onDeadline,
  onNotPatched,
  onPatched,
  onWrittenAhead,
} from './workload.ts';

/**
 * The decision core: what a run does next. It reads no clock and no network; the runner carries the
 * effects out and answers with events, in whatever order they come.
 */
export function step(run: Run, event: RunEvent): readonly Effect[] {
  if (run.finished) return [];
  const effects: Effect[] = [];
  handle(run, event, effects);
  advance(run, effects);
  return effects;
}

function handle(run: Run, event: RunEvent, effects: Effect[]): void {
  switch (event.type) {
    case 'started':
      return;
    case 'connected': {
      const cluster = clusterAt(run, event.cluster);
      if (cluster.phase !== 'connecting') return;
      cluster.phase = 'open';
      effects.push({ type: 'observe', cluster: cluster.index, queries: cluster.queries });
      return;
    }
    case 'clusterLost': {
      const members = [...clusterAt(run, event.cluster).members.values()];
      endAll(run, members, troubleOutcome(event.trouble), effects);
      return;
    }
    case 'snapshot':
      onSnapshot(run, event, effects);
      return;
    case 'changed':
      observeOne(run, event.cluster, event.object.namespace, event.object.name, event, effects);
      return;
    case 'deleted':
      observeOne(run, event.cluster, event.namespace, event.name, event, effects);
      return;
    case 'observationLost':
      onObservationLost(run, event, effects);
      return;
    case 'writtenAhead':
      onWrittenAhead(run, event, effects);
      return;
    case 'patched':
      onPatched(run, event, effects);
      return;
    case 'notPatched':
      onNotPatched(run, event, effects);
      return;
    case 'patchRefused':
      endAll(run, [event.workload], troubleOutcome(event.trouble), effects);
      return;
    case 'deadline':
      onDeadline(run, event.workload, effects);
      return;
    case 'lookedAgain':
      closeCluster(run, clusterAt(run, event.cluster), effects);
      return;
    case 'recordLost':
      stop(run, { reason: 'record', trouble: event.trouble }, effects);
      return;
    case 'superseded':
      stop(run, { reason: 'superseded' }, effects);
      return;
    case 'terminating':
      stop(run, { reason: 'interrupted' }, effects);
      return;
    case 'graceOver': {
      for (const workload of run.workloads) {
        if (workload.phase.kind !== 'proved')
          endWorkload(run, workload, unawaited(workload), effects);
      }
      for (const cluster of run.clusters) closeCluster(run, cluster, effects);
      return;
    }
  }
}

/**
 * A refusal ends every workload behind it. An outage ends only those never seen, which nothing else
 * would end: observing goes on, and the others have their deadlines.
 */
function onObservationLost(
  run: Run,
  event: Extract<RunEvent, { type: 'observationLost' }>,
  effects: Effect[],
): void {
  const { trouble, query } = event;
  const members = membersOf(run, clusterAt(run, event.cluster), query);
  for (const index of members) {
    const workload = run.workloads[index];
    if (workload) workload.trouble = trouble;
  }
  const behind = members.filter(
    (index) => !trouble.transient || run.workloads[index]?.phase.kind === 'unseen',
  );
  endAll(run, behind, troubleOutcome(trouble), effects);
}

function onSnapshot(
  run: Run,
  event: Extract<RunEvent, { type: 'snapshot' }>,
  effects: Effect[],
): void {
  const cluster = clusterAt(run, event.cluster);
  const absent = new Set(membersOf(run, cluster, event.query));
  for (const object of event.items) {
    const index = cluster.members.get(memberKey(object.namespace, object.name));
    if (index === undefined) continue;
    absent.delete(index);
    observe(run, index, object, event.at, effects);
  }
  for (const index of absent) observe(run, index, undefined, event.at, effects);
}

function observeOne(
  run: Run,
  cluster: number,
  namespace: string,
  name: string,
  event: Extract<RunEvent, { type: 'changed' | 'deleted' }>,
  effects: Effect[],
): void {
  const index = clusterAt(run, cluster).members.get(memberKey(namespace, name));
  if (index === undefined) return;
  observe(run, index, event.type === 'changed' ? event.object : undefined, event.at, effects);
}

/**
 * No new patch from here on. What is rolling is still awaited. Workloads not seen yet are given up
 * only when time is short: a superseded run still looks which of them meet its instant.
 */
function stop(run: Run, reason: Stop, effects: Effect[]): void {
  run.stopped ??= reason;
  const phases =
    run.stopped.reason === 'superseded' ? ['ready', 'intending'] : ['ready', 'intending', 'unseen'];
  const waiting = run.workloads.filter(({ phase }) => phases.includes(phase.kind));
  endAll(
    run,
    waiting.map((workload) => workload.index),
    stopOutcome(run.instant, run.stopped),
    effects,
  );
  for (const cluster of run.clusters) {
    if (cluster.unsettled === 0 && cluster.phase === 'queued') closeCluster(run, cluster, effects);
  }
}

function endAll(run: Run, indexes: readonly number[], outcome: Outcome, effects: Effect[]): void {
  for (const index of indexes) {
    const workload = run.workloads[index];
    if (workload && workload.phase.kind !== 'proved') endWorkload(run, workload, outcome, effects);
  }
}

/** Everything that has become possible: looks, connections, rollouts, the end. */
function advance(run: Run, effects: Effect[]): void {
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

function closeCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
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

/** What a run that is told to end leaves behind. */
const unawaited = ({ phase, patchedHere }: WorkloadState): Outcome => ({
  kind: 'skipped',
  reason: 'interrupted',
  message: patchedHere
    ? 'patched, but the run ended before its proof'
    : phase.kind === 'patching'
      ? 'the run ended before the answer to its patch'
      : 'the run ended before anything was known of it',
});

const hasProved = (run: Run, cluster: ClusterState): boolean =>
  [...cluster.members.values()].some((index) => run.workloads[index]?.phase.kind === 'proved');

function membersOf(
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

function clusterAt(run: Run, index: number): ClusterState {
  const cluster = run.clusters[index];
  if (!cluster) throw new RangeError(`no cluster ${index} in the plan`);
  return cluster;
}
