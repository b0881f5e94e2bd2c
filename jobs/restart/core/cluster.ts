import type { Observed, WorkloadId, WorkloadQuery } from '../ports.ts';
import type { Effect, RunEvent } from './events.ts';
import { hold, resolveSelectors } from './examine.ts';
import { troubleOutcome, type Outcome, type Trouble } from './outcome.ts';
import { endWorkload, unsteady } from './settle-workload.ts';
import {
  clusterAt,
  isUnsettled,
  memberKey,
  queryKey,
  waveAt,
  workloadAt,
  type ClusterState,
  type Run,
  type WorkloadState,
} from './state.ts';
import { giveUp, observe } from './workload.ts';

/** A cluster is begun: it takes one of the places for clusters at work. */
export function beginCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
  const { clusterTimeoutSeconds } = run.plan.strategy;
  cluster.phase = 'connecting';
  run.active.add(cluster.index);
  effects.push({ type: 'connect', cluster: cluster.index });
  if (clusterTimeoutSeconds === undefined || run.stage === 'rechecking') return;
  const timer = { kind: 'cluster', cluster: cluster.index } as const;
  effects.push({ type: 'arm', timer, afterMs: clusterTimeoutSeconds * 1000 });
}

export function onConnected(run: Run, index: number, effects: Effect[]): void {
  const cluster = clusterAt(run, index);
  if (cluster.phase !== 'connecting') return;
  if (run.stage === 'rechecking') {
    look(cluster, effects);
    return;
  }
  cluster.phase = 'examining';
  // Reviewed already where all clusters were examined first.
  if (!cluster.reviewed) effects.push({ type: 'review', cluster: index, queries: cluster.needs });
  effects.push({ type: 'observe', cluster: index, queries: cluster.queries });
}

/** The last look before the door is shut. */
export function look(cluster: ClusterState, effects: Effect[]): void {
  cluster.phase = 'looking';
  effects.push({ type: 'look', cluster: cluster.index, queries: cluster.queries });
}

/** Not reached. In a second look the proofs stay as they were. */
export function onClusterLost(
  run: Run,
  event: Extract<RunEvent, { type: 'clusterLost' }>,
  effects: Effect[],
): void {
  const cluster = clusterAt(run, event.cluster);
  if (run.stage === 'rechecking') {
    closeCluster(run, cluster, effects);
    return;
  }
  if (run.stage === 'examining') run.problems.push(event.trouble.message);
  endAll(run, cluster.all, troubleOutcome(event.trouble), event.at, effects);
}

/**
 * A refusal ends every workload behind it. An outage ends only those never seen, which nothing else
 * would end: observing goes on, and the others have their deadlines. Either, before the cluster's
 * work has begun, holds all of it back.
 */
export function onObservationLost(
  run: Run,
  event: Extract<RunEvent, { type: 'observationLost' }>,
  effects: Effect[],
): void {
  const { trouble, query, at } = event;
  const cluster = clusterAt(run, event.cluster);
  const examining = cluster.phase === 'examining';
  if (examining) {
    cluster.unanswered.delete(queryKey(query));
    hold(run, cluster, trouble.message);
  }
  const members = cluster.all.filter((index) => isIn(query, workloadAt(run, index)));
  for (const index of members) workloadAt(run, index).trouble = trouble;
  if (cluster.phase === 'soaking') {
    blindInSoak(run, members, trouble, at, effects);
    return;
  }
  const behind = members.filter(
    (index) => !trouble.transient || workloadAt(run, index).phase.kind === 'unseen',
  );
  endAll(run, behind, troubleOutcome(trouble), at, effects);
}

/** What can't be seen has not stayed up: it has as long as a rollout to be seen again. */
function blindInSoak(
  run: Run,
  members: readonly number[],
  trouble: Trouble,
  at: number,
  effects: Effect[],
): void {
  for (const index of members) {
    const workload = workloadAt(run, index);
    if (workload.phase.kind !== 'proved') continue;
    if (!trouble.transient) endWorkload(run, workload, troubleOutcome(trouble), at, effects);
    else if (!workload.unsteady) unsteady(run, workload, effects);
  }
}

/** Looked at once more, or not: after a soak, a proof that could not be looked at shows nothing. */
export function onLookedAgain(
  run: Run,
  { cluster: index, trouble }: Extract<RunEvent, { type: 'lookedAgain' }>,
  effects: Effect[],
): void {
  const cluster = clusterAt(run, index);
  if (trouble && run.stage === 'waves') {
    const wave = waveAt(run, cluster.wave);
    if (wave.soaked) wave.blind = true;
  }
  closeCluster(run, cluster, effects);
}

export function onSnapshot(
  run: Run,
  event: Extract<RunEvent, { type: 'snapshot' }>,
  effects: Effect[],
): void {
  const { query, items, at } = event;
  const cluster = clusterAt(run, event.cluster);
  if (query.kind === 'Rollout') noteDelegates(cluster, query.namespace, items);
  resolveSelectors(run, cluster, query.kind, query.namespace, items, at, effects);
  const absent = new Set(
    [...cluster.members.values()].filter((index) => isIn(query, workloadAt(run, index))),
  );
  for (const object of items) {
    const index = cluster.members.get(memberKey(object));
    if (index === undefined) continue;
    absent.delete(index);
    observe(run, index, object, at, effects);
  }
  for (const index of absent) observe(run, index, undefined, at, effects);
  cluster.unanswered.delete(queryKey(query));
}

export function onChanged(
  run: Run,
  event: Extract<RunEvent, { type: 'changed' }>,
  effects: Effect[],
): void {
  const cluster = clusterAt(run, event.cluster);
  const { object, at } = event;
  if (object.kind === 'Rollout' && object.workloadRef !== undefined) {
    cluster.delegates.set(`${object.namespace}/${object.workloadRef}`, object.name);
  }
  const index = cluster.members.get(memberKey(object));
  if (index !== undefined) observe(run, index, object, at, effects);
}

export function onDeleted(
  run: Run,
  index: number,
  id: WorkloadId,
  at: number,
  effects: Effect[],
): void {
  const member = clusterAt(run, index).members.get(memberKey(id));
  if (member !== undefined) observe(run, member, undefined, at, effects);
}

/** Its own time is over: what has not come to its end there never will in this attempt. */
export function onClusterDeadline(run: Run, index: number, at: number, effects: Effect[]): void {
  const cluster = clusterAt(run, index);
  const when = `in the ${run.plan.strategy.clusterTimeoutSeconds ?? 0} s of its cluster`;
  for (const member of cluster.all) {
    const workload = workloadAt(run, member);
    if (!isUnsettled(workload)) continue;
    if (isBegun(workload)) giveUp(run, workload, when, at, effects);
    else {
      const message = `not begun ${when}`;
      endWorkload(
        run,
        workload,
        { kind: 'skipped', reason: 'clusterTimeout', message },
        at,
        effects,
      );
    }
  }
}

/** Its restart may have been sent, or is seen to be under way. */
const isBegun = ({ phase }: WorkloadState): boolean =>
  phase.kind === 'intending' || phase.kind === 'patching' || phase.kind === 'rolling';

/** Shuts the door. What is proved keeps its proof. */
export function closeCluster(run: Run, cluster: ClusterState, effects: Effect[]): void {
  if (cluster.phase === 'closed') return;
  const { phase, index } = cluster;
  rest(run, cluster);
  cluster.phase = 'closed';
  run.active.delete(index);
  run.soaking.delete(index);
  run.open -= 1;
  for (const member of cluster.all) workloadAt(run, member).seen = undefined;
  if (phase === 'queued') return;
  if (run.plan.strategy.clusterTimeoutSeconds !== undefined) {
    effects.push({ type: 'disarm', timer: { kind: 'cluster', cluster: index } });
  }
  effects.push({ type: 'close', cluster: index });
}

/** Its part of the wave is done: it soaks, or it is closed. */
export function rest(run: Run, cluster: ClusterState): void {
  if (run.stage !== 'waves' || cluster.rested) return;
  cluster.rested = true;
  waveAt(run, cluster.wave).busy -= 1;
}

export const hasProved = (run: Run, cluster: ClusterState): boolean =>
  cluster.all.some((index) => workloadAt(run, index).phase.kind === 'proved');

/** Whether a query finds a workload, or finds what a selector's stand-in stands for. */
const isIn = (query: WorkloadQuery, { kind, namespace, name }: WorkloadId): boolean =>
  kind === query.kind &&
  namespace === query.namespace &&
  (query.name === undefined || query.name === name);

function noteDelegates(cluster: ClusterState, namespace: string, items: readonly Observed[]): void {
  for (const item of items) {
    if (item.kind === 'Rollout' && item.workloadRef !== undefined) {
      cluster.delegates.set(`${namespace}/${item.workloadRef}`, item.name);
    }
  }
}

export function endAll(
  run: Run,
  indexes: readonly number[],
  outcome: Outcome,
  at: number,
  effects: Effect[],
): void {
  for (const index of indexes) {
    const workload = workloadAt(run, index);
    if (workload.phase.kind !== 'proved') endWorkload(run, workload, outcome, at, effects);
  }
}
