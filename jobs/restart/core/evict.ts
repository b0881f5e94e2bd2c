import type { Effect, RunEvent } from './events.ts';
import { troubleOutcome } from './outcome.ts';
import { formatInstant, parseInstant } from './instant.ts';
import { endWorkload, prove } from './settle-workload.ts';
import { workloadAt, type Run, type WorkloadState } from './state.ts';
import { judgeAgain, verdictOf } from './workload.ts';

/** After an eviction the status needs a moment to tell of it. Milliseconds. */
const afterEvictionMs = 5_000;
/** A PodDisruptionBudget is asked again after so long. Milliseconds. */
const whileBlockedMs = 10_000;

export function onEvicted(
  run: Run,
  event: Extract<RunEvent, { type: 'evicted' }>,
  effects: Effect[],
): void {
  const { answer, at } = event;
  const workload = workloadAt(run, event.workload);
  workload.evicting = false;
  if (workload.phase.kind !== 'rolling') return;
  const again = (afterMs: number): void => {
    workload.evicting = true;
    const timer = { kind: 'evict', workload: workload.index } as const;
    effects.push({ type: 'arm', timer, afterMs });
  };
  const tell = (message: string): void => {
    effects.push({ type: 'progress', workload: workload.index, message });
  };
  switch (answer.kind) {
    case 'evicted':
      tell(`pod ${answer.pod} evicted`);
      again(afterEvictionMs);
      return;
    case 'blocked':
      tell(`no pod may be evicted just now: ${answer.message}`);
      again(whileBlockedMs);
      return;
    case 'none':
      if (!proveDaemonSet(run, workload, at, effects)) again(whileBlockedMs);
      return;
    case 'trouble':
      if (answer.trouble.transient) {
        again(whileBlockedMs);
        return;
      }
      endWorkload(run, workload, troubleOutcome(answer.trouble), at, effects);
      return;
  }
}

/**
 * All pods are up and none is older than the stamp. A DaemonSet that was edited since counts them as
 * not updated all the same, and under `OnDelete` would for ever.
 */
function proveDaemonSet(run: Run, workload: WorkloadState, at: number, effects: Effect[]): boolean {
  const { seen } = workload;
  if (workload.kind !== 'DaemonSet' || !seen) return false;
  const stamp = parseInstant(seen.stamp);
  if (stamp === undefined || verdictOf(run, workload, seen).kind !== 'evict') return false;
  prove(run, workload, { stamp: formatInstant(stamp) }, at, effects);
  return true;
}

export function judgeEvictions(run: Run, index: number, at: number, effects: Effect[]): void {
  const workload = workloadAt(run, index);
  workload.evicting = false;
  if (workload.phase.kind === 'rolling') judgeAgain(run, index, at, effects);
}
