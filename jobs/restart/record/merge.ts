import type { RunProgress } from '../core/events.ts';
import type { Memory } from '../core/judge.ts';
import type { Entry, PastRun } from './format.ts';

/** What the record held of a workload before, as far as it is news to whoever writes `entry`. */
export function priorOf(known: Entry | undefined, entry: Entry, own: Entry | undefined): Memory {
  if (!known || known.uid !== entry.uid || isSame(known, own)) return { kind: 'none' };
  // What another attempt intended and this one has done is news; all else is theirs to say.
  return entry.kind === 'patched' && known.kind === 'intended' ? { kind: 'none' } : known;
}

const isSame = (entry: Entry, own: Entry | undefined): boolean =>
  own?.kind === entry.kind && own.generation === entry.generation && own.uid === entry.uid;

/** Two attempts' views of one run: what either has seen has happened. */
export function mergeProgress(a: RunProgress, b: RunProgress): RunProgress {
  const halted = a.halted ?? b.halted;
  const known = Math.max(a.known ?? 0, b.known ?? 0);
  const before = new Set([...(a.failingBefore ?? []), ...(b.failingBefore ?? [])]);
  return {
    wavesDone: Math.max(a.wavesDone, b.wavesDone),
    failed: [...new Set([...a.failed, ...b.failed])].sort(),
    ...(known > 0 && { known }),
    ...(before.size > 0 && { failingBefore: [...before].sort() }),
    ...(halted && { halted }),
  };
}

/** So many runs are remembered. */
export const mostPastRuns = 30;

/** Adds a run, or says more of one that is there. */
export function withRun(
  history: readonly PastRun[],
  run: string,
  change: (known: PastRun | undefined) => PastRun,
): readonly PastRun[] {
  const index = history.findIndex((one) => one.run === run);
  if (index === -1) return [...history, change(undefined)].slice(-mostPastRuns);
  return history.map((one, position) => (position === index ? change(one) : one));
}
