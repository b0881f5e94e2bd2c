import { advance } from './advance.ts';
import {
  closeCluster,
  endAll,
  onChanged,
  onClusterLost,
  onConnected,
  onDeleted,
  onLookedAgain,
  onObservationLost,
  onSnapshot,
} from './cluster.ts';
import { onControl } from './control.ts';
import type { Effect, RunEvent } from './events.ts';
import { onEvicted } from './evict.ts';
import { onReviewed } from './examine.ts';
import { troubleOutcome, type Outcome } from './outcome.ts';
import { endWorkload } from './settle-workload.ts';
import { begin, onTimer } from './timers.ts';
import { workloadAt, type Run, type WorkloadState } from './state.ts';
import { stop } from './stop.ts';
import { onBlockersAnswered } from './blockers.ts';
import { onGateAnswered } from './waves.ts';
import { onDiagnosed, onNotPatched, onPatched, onWrittenAhead } from './workload.ts';

/**
 * The decision core: what a run does next. It reads no clock and no network; the runner carries the
 * effects out and answers with events, in whatever order they come.
 */
export function step(run: Run, event: RunEvent): readonly Effect[] {
  if (run.finished) return [];
  const effects: Effect[] = [];
  if (event.type === 'started') run.begun = true;
  handle(run, event, effects);
  // What is known before (a stop, a halt in the record) is taken in first.
  if (run.begun) advance(run, event.at, effects);
  return effects;
}

function handle(run: Run, event: RunEvent, effects: Effect[]): void {
  const { at } = event;
  switch (event.type) {
    case 'started':
      begin(run, at, effects);
      return;
    case 'connected':
      onConnected(run, event.cluster, effects);
      return;
    case 'clusterLost':
      onClusterLost(run, event, effects);
      return;
    case 'reviewed':
      onReviewed(run, event, effects);
      return;
    case 'snapshot':
      onSnapshot(run, event, effects);
      return;
    case 'changed':
      onChanged(run, event, effects);
      return;
    case 'deleted':
      onDeleted(run, event.cluster, event, at, effects);
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
    case 'patchUnsure':
      workloadAt(run, event.workload).trouble = event.trouble;
      return;
    case 'patchRefused':
      endAll(run, [event.workload], troubleOutcome(event.trouble), at, effects);
      return;
    case 'evicted':
      onEvicted(run, event, effects);
      return;
    case 'diagnosed':
      onDiagnosed(run, event, effects);
      return;
    case 'timer':
      onTimer(run, event.timer, at, effects);
      return;
    case 'lookedAgain':
      onLookedAgain(run, event, effects);
      return;
    case 'control':
      onControl(run, event.control, at, effects);
      return;
    case 'gateAnswered':
      onGateAnswered(run, event, effects);
      return;
    case 'blockersAnswered':
      onBlockersAnswered(run, event, effects);
      return;
    case 'recordLost':
      stop(run, { reason: 'record', trouble: event.trouble, looks: false }, at, effects);
      return;
    case 'superseded':
      stop(run, { reason: 'superseded', looks: true }, at, effects);
      return;
    case 'leaseLost':
      effects.push({ type: 'progress', message: event.message });
      stop(run, { reason: 'lock', looks: false }, at, effects);
      return;
    case 'terminating':
      stop(run, { reason: 'interrupted', looks: false }, at, effects);
      return;
    case 'graceOver':
      for (const workload of run.workloads) {
        if (workload.phase.kind === 'proved') continue;
        endWorkload(run, workload, unawaited(workload), at, effects);
      }
      for (const cluster of run.clusters) closeCluster(run, cluster, effects);
      return;
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
