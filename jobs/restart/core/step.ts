import type { Effect, RunEvent } from './events.ts';
import { troubleOutcome, type Outcome } from './outcome.ts';
import { memberKey, type Run, type Stop, type WorkloadState } from './state.ts';
import { stopOutcome } from './stop.ts';
import { advance, clusterAt, closeCluster, membersOf } from './advance.ts';
import { endWorkload } from './verdict.ts';
import { observe, onDeadline, onNotPatched, onPatched, onWrittenAhead } from './workload.ts';

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
