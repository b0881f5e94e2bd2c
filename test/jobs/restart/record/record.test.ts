import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeShard, encodeShard, type Entry } from '../../../../jobs/restart/record/format.ts';
import { openRecord, type RunRequest } from '../../../../jobs/restart/record/run-record.ts';
import { Superseded } from '../../../../jobs/restart/record/shard.ts';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import { MemoryRecordStore } from '../support/attempt.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const place = { namespace: 'sts', configMaps: ['r-0', 'r-1'], perShard: 2 };
const request: RunRequest = { restart: 'nightly', planDigest: 'd1', instant, now: instant + 7_000 };
const signals = { opening: new AbortController().signal, writing: new AbortController().signal };
const open = (store: MemoryRecordStore, overrides: Partial<RunRequest> = {}) =>
  openRecord(store, place, { ...request, ...overrides }, signals);
const opened = async (store: MemoryRecordStore, overrides: Partial<RunRequest> = {}) => {
  const result = await open(store, overrides);
  if (result.kind !== 'opened') throw new Error(result.kind);
  return result;
};
const intended = (generation: number, uid = 'u'): Entry => ({ kind: 'intended', generation, uid });
const patched = (generation: number, uid = 'u'): Entry => ({ kind: 'patched', generation, uid });

describe('the run record', () => {
  it('comes back from its ConfigMap', () => {
    const entry = fc.record({
      kind: fc.constantFrom('intended' as const, 'patched' as const),
      generation: fc.nat(),
      uid: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), entry)), fc.string(), (entries, planDigest) => {
        const jobs = [{ job: 'nightly-1', instant }];
        const header = { instant, restart: 'nightly', planDigest, jobs };
        const map = new Map(entries);
        expect(decodeShard(encodeShard(header, map))).toEqual({ header, entries: map });
      }),
    );
  });

  it('of two thousand workloads fits a ConfigMap many times over', () => {
    const uid = '123e4567-e89b-12d3-a456-426614174000';
    const entries = new Map(
      Array.from({ length: 2000 }, (_, i) => [i + 8000, intended(999_999, uid)]),
    );
    const jobs = Array.from({ length: 10 }, () => ({ job: 'j'.repeat(63), instant }));
    const header = { instant, restart: 'n'.repeat(52), planDigest: 'd'.repeat(64), jobs };
    const data = encodeShard(header, entries);
    const size = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeLessThan((1024 * 1024) / 4);
  });

  it('remembers what an earlier attempt at the same run has written', async () => {
    const store = new MemoryRecordStore();
    const first = await opened(store);
    await Promise.all([first.record.put(0, intended(4)), first.record.put(3, intended(7))]);
    await first.record.put(0, patched(5));
    const second = await opened(store);
    expect([...second.record.memories]).toEqual([
      [0, patched(5)],
      [3, intended(7)],
    ]);
  });

  it('writes what one step asks for at once, a ConfigMap at a time', async () => {
    const store = new MemoryRecordStore();
    const wide = { ...place, perShard: 2000, configMaps: ['r-0'] };
    const result = await openRecord(store, wide, request, signals);
    if (result.kind !== 'opened') throw new Error(result.kind);
    const before = store.writes;
    await Promise.all(Array.from({ length: 500 }, (_, i) => result.record.put(i, intended(1))));
    expect(store.writes - before).toBe(1);
  });

  it('tells a doubled attempt what the other has written, and keeps it', async () => {
    const store = new MemoryRecordStore();
    const [one, two] = [await opened(store), await opened(store)];
    expect(await one.record.put(0, intended(4))).toEqual({ kind: 'none' });
    expect(await two.record.put(0, intended(6))).toEqual(intended(4));
    expect(await one.record.put(0, patched(5))).toEqual({ kind: 'none' });
    expect(await two.record.put(0, intended(6))).toEqual(patched(5));
    expect((await opened(store)).record.memories.get(0)).toEqual(patched(5));
  });

  it('lets an attempt write anew what it has written itself, and an object made anew begin', async () => {
    const { record } = await opened(new MemoryRecordStore());
    await record.put(0, intended(4));
    expect(await record.put(0, intended(5))).toEqual({ kind: 'none' });
    expect(await record.put(0, intended(1, 'other'))).toEqual({ kind: 'none' });
  });

  it('begins empty for a later run, and is closed to an earlier one', async () => {
    const store = new MemoryRecordStore();
    const first = await opened(store);
    await first.record.put(0, patched(5));
    const later = await opened(store, { instant: instant + 60_000 });
    expect(later.record.memories.size).toBe(0);
    expect(await open(store)).toMatchObject({ kind: 'superseded', by: '2026-11-23T02:16:00Z' });
    await expect(first.record.put(1, intended(1))).rejects.toBeInstanceOf(Superseded);
  });

  it('refuses the same run with another plan', async () => {
    const store = new MemoryRecordStore();
    await opened(store);
    expect(await open(store, { planDigest: 'd2' })).toMatchObject({ kind: 'planChanged' });
  });

  it('keeps what an attempt has written when another opens at once with another plan', async () => {
    const store = new MemoryRecordStore();
    const [one, two] = await Promise.allSettled([
      opened(store),
      opened(store, { planDigest: 'd2' }),
    ]);
    if (one.status === 'rejected') throw new Error('the first did not open');
    expect(two).toMatchObject({ status: 'rejected', reason: { link: 'record' } });
    await one.value.record.put(0, patched(5));
    expect((await opened(store)).record.memories.get(0)).toEqual(patched(5));
  });

  it('is closed to an older run in every ConfigMap, also where that has written none yet', async () => {
    const store = new MemoryRecordStore();
    const older = await opened(store);
    await opened(store, { instant: instant + 60_000 });
    for (const workload of [0, 2]) {
      await expect(older.record.put(workload, intended(1))).rejects.toBeInstanceOf(Superseded);
    }
  });

  it('reads again after a write whose answer was lost', async () => {
    const store = new MemoryRecordStore();
    const { record } = await opened(store);
    const write = store.write.bind(store);
    store.write = async (...parameters) => {
      store.write = write;
      await write(...parameters);
      throw new LinkError('record', 'the answer was lost', { transient: true });
    };
    expect(await record.put(0, intended(4))).toEqual(intended(4));
  });

  it('gives a Job without a scheduled minute an instant, and its retried pods the same', async () => {
    const store = new MemoryRecordStore();
    const job = 'nightly-by-hand';
    const made = { ...request, job };
    const first = await openRecord(store, place, { ...made, instant: undefined }, signals);
    expect(first.instant).toBe(instant + 7_000);
    const retried = { ...made, instant: undefined, now: instant + 600_000 };
    expect((await openRecord(store, place, retried, signals)).instant).toBe(first.instant);
    const between = { ...made, instant: instant + 300_000, job: 'nightly-29384795' };
    await openRecord(store, place, between, signals);
    expect(await openRecord(store, place, retried, signals)).toMatchObject({
      kind: 'superseded',
      instant: first.instant,
    });
    const another = { ...retried, job: 'nightly-by-hand-2' };
    expect((await openRecord(store, place, another, signals)).instant).toBe(instant + 600_000);
  });

  it('is not guessed at where it can’t be read', async () => {
    const store = new MemoryRecordStore();
    store.shards.set('r-0', {
      data: { 'run.json': '{"version":1,"run":"soon"}' },
      resourceVersion: '1',
    });
    await expect(open(store)).rejects.toMatchObject({ link: 'record', transient: false });
  });
});
