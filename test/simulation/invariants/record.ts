import type { Lease } from '../../../jobs/restart/ports.ts';
import type { ShardContent } from '../hub.ts';
import { must } from './violation.ts';

/** A Lease that someone holds is taken over only when it has not been renewed for its duration. */
export function checkLease(before: Lease, after: Lease, ageMs: number): void {
  const isTaken = before.holder !== '' && after.holder !== '' && before.holder !== after.holder;
  must(
    !isTaken || ageMs >= before.durationSeconds * 1000,
    'lease',
    () => `${after.holder} takes it from ${before.holder} after ${ageMs} ms`,
  );
}

/** What is written down of a run is never taken back by another attempt at it. */
export function checkRecord(before: ShardContent, after: ShardContent): void {
  if (before.instant === undefined) return;
  must(
    after.instant !== undefined && after.instant >= before.instant,
    'record',
    () => 'an earlier run has taken the record over',
  );
  if (after.instant !== before.instant) return;
  for (const [key, entry] of before.entries) {
    const now = after.entries.get(key);
    must(now !== undefined, 'record', () => `the entry of ${key} has vanished`);
    const isLess = now?.uid === entry.uid && entry.kind === 'patched' && now.kind === 'intended';
    must(!isLess, 'record', () => `${key} was patched, and is only intended again`);
  }
  const { progress: old } = before;
  const { progress: next } = after;
  must(next.wavesDone >= old.wavesDone, 'record', () => 'waves that were done are undone');
  must(!old.halted || !!next.halted, 'record', () => 'the run was halted, and is not any more');
  must(
    old.failed.every((key) => next.failed.includes(key)),
    'record',
    () => 'a failure has been forgotten',
  );
}
