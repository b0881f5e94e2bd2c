import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeShard,
  encodeShard,
  type Entry,
  type PastRun,
} from '../../../../jobs/restart/record/format.ts';
import { openRecord, type RunRequest } from '../../../../jobs/restart/record/open.ts';
import { Superseded } from '../../../../jobs/restart/record/shard.ts';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import { MemoryRecordStore } from '../support/attempt.ts';
import { makePlan, type PlanOverrides } from '../support/plan.ts';
import { InstantClock } from '../support/virtual-clock.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const place = { namespace: 'sts', configMaps: ['r-0', 'r-1'], lease: 'lock' };
const planWith = (overrides: PlanOverrides = {}) => {
  const plan = makePlan(['c0', 'c1'], ['a', 'b'], { record: place, ...overrides });
  return { ...plan, targets: plan.targets.map((target, shard) => ({ ...target, shard })) };
};
const plan = planWith();
/** In the first ConfigMap, and in the second. */
const [a, b, other] = [
  'c0/Deployment/sts/a',
  'c0/Deployment/sts/b',
  'c1/Deployment/sts/a',
] as const;
const request: RunRequest = { planDigest: 'd1', by: 'pod-1', instant, now: instant + 7_000 };
const clock = new InstantClock();
const context = {
  clock,
  opening: new AbortController().signal,
  writing: new AbortController().signal,
};
const open = (store: MemoryRecordStore, overrides: Partial<RunRequest> = {}) =>
  openRecord(store, plan, { ...request, ...overrides }, context);
const opened = async (store: MemoryRecordStore, overrides: Partial<RunRequest> = {}) => {
  const result = await open(store, overrides);
  if (result.kind !== 'opened') throw new Error(result.kind);
  return result;
};
const intended = (generation: number, uid = 'u'): Entry => ({ kind: 'intended', generation, uid });
const patched = (generation: number, uid = 'u'): Entry => ({ kind: 'patched', generation, uid });

const pastRun: PastRun = {
  run: '2026-11-16T02:15:00Z',
  by: 'pod-0',
  reason: 'a new key',
  planDigest: 'd'.repeat(64),
  startedAt: '2026-11-16T02:15:07.000Z',
  finishedAt: '2026-11-16T02:17:00.000Z',
  attempts: 1,
  wavesDone: 1,
  failures: 0,
  exit: 'ok',
  counts: { restarted: 4 },
};

describe('the run record', () => {
  it('comes back from its ConfigMap', () => {
    const entry = fc.record({
      kind: fc.constantFrom('intended' as const, 'patched' as const),
      generation: fc.nat(),
      uid: fc.string(),
    });
    const progress = fc.record(
      {
        wavesDone: fc.nat(),
        failed: fc.array(fc.string()),
        halted: fc.record({
          reason: fc.constantFrom('budget', 'gate', 'stopped'),
          message: fc.string(),
        }),
      },
      { requiredKeys: ['wavesDone', 'failed'] },
    );
    const key = fc.string().filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, entry)),
        fc.string(),
        progress,
        (pairs, planDigest, how) => {
          const jobs = [{ job: 'nightly-1', instant }];
          const header = { instant, restart: 'nightly', planDigest, jobs };
          const content = { header, entries: new Map(pairs), progress: how, history: [pastRun] };
          expect(decodeShard(encodeShard(content))).toEqual(content);
        },
      ),
    );
  });

  it('of two thousand workloads fits a ConfigMap', () => {
    const uid = '123e4567-e89b-12d3-a456-426614174000';
    const long = (letter: string): string => letter.repeat(60);
    const entries = new Map(
      Array.from({ length: 2000 }, (_, i) => [
        `${long('c')}/StatefulSet/${long('n')}/${long('w')}${i}`,
        intended(999_999, uid),
      ]),
    );
    const jobs = Array.from({ length: 10 }, () => ({ job: 'j'.repeat(63), instant }));
    const header = { instant, restart: 'n'.repeat(52), planDigest: 'd'.repeat(64), jobs };
    const history = Array.from({ length: 30 }, () => pastRun);
    const data = encodeShard({ header, entries, progress: { wavesDone: 0, failed: [] }, history });
    const size = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(size).toBeLessThan((1024 * 1024) / 1.5);
  });

  it('takes nothing from the workloads of version 1 but its run', () => {
    const run = { version: 1, run: '2026-11-23T02:15:00Z', restart: 'nightly', planDigest: 'd' };
    const data = { 'run.json': JSON.stringify(run), 'workloads.json': '{"0":["patched",5,"u"]}' };
    expect(decodeShard(data)).toMatchObject({ header: { instant }, entries: new Map() });
  });

  it('remembers what an earlier attempt at the same run has written', async () => {
    const store = new MemoryRecordStore();
    const first = await opened(store);
    await Promise.all([first.record.put(a, intended(4)), first.record.put(other, intended(7))]);
    await first.record.put(a, patched(5));
    const second = await opened(store);
    expect([...second.record.memories]).toEqual([
      [a, patched(5)],
      [other, intended(7)],
    ]);
  });

  it('writes what one step asks for at once, a ConfigMap at a time', async () => {
    const store = new MemoryRecordStore();
    const result = await opened(store);
    const before = store.writes;
    await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        result.record.put(`c0/Deployment/sts/a${i}`, intended(1)),
      ),
    );
    expect(store.writes - before).toBe(1);
  });

  it('tells a doubled attempt what the other has written, and keeps it', async () => {
    const store = new MemoryRecordStore();
    const [one, two] = [await opened(store), await opened(store)];
    expect(await one.record.put(a, intended(4))).toEqual({ kind: 'none' });
    expect(await two.record.put(a, intended(6))).toEqual(intended(4));
    expect(await one.record.put(a, patched(5))).toEqual({ kind: 'none' });
    expect(await two.record.put(a, intended(6))).toEqual(patched(5));
    expect((await opened(store)).record.memories.get(a)).toEqual(patched(5));
  });

  it('lets an attempt write anew what it has written itself, and an object made anew begin', async () => {
    const { record } = await opened(new MemoryRecordStore());
    await record.put(a, intended(4));
    expect(await record.put(a, intended(5))).toEqual({ kind: 'none' });
    expect(await record.put(a, intended(1, 'other'))).toEqual({ kind: 'none' });
  });

  it('begins empty for a later run, and is closed to an earlier one', async () => {
    const store = new MemoryRecordStore();
    const first = await opened(store);
    await first.record.put(a, patched(5));
    const later = await opened(store, { instant: instant + 60_000 });
    expect(later.record.memories.size).toBe(0);
    expect(await open(store)).toMatchObject({ kind: 'superseded', by: '2026-11-23T02:16:00Z' });
    await expect(first.record.put(b, intended(1))).rejects.toBeInstanceOf(Superseded);
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
    await one.value.record.put(a, patched(5));
    expect((await opened(store)).record.memories.get(a)).toEqual(patched(5));
  });

  it('is closed to an older run in every ConfigMap, also where that has written none yet', async () => {
    const store = new MemoryRecordStore();
    const older = await opened(store);
    await opened(store, { instant: instant + 60_000 });
    for (const workload of [a, other]) {
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
    expect(await record.put(a, intended(4))).toEqual(intended(4));
  });

  it('gives a Job without a scheduled minute an instant, and its retried pods the same', async () => {
    const store = new MemoryRecordStore();
    const job = 'nightly-by-hand';
    const made = { ...request, job };
    const first = await openRecord(store, plan, { ...made, instant: undefined }, context);
    expect(first.instant).toBe(instant + 7_000);
    const retried = { ...made, instant: undefined, now: instant + 600_000 };
    expect((await openRecord(store, plan, retried, context)).instant).toBe(first.instant);
    const between = { ...made, instant: instant + 300_000, job: 'nightly-29384795' };
    await openRecord(store, plan, between, context);
    expect(await openRecord(store, plan, retried, context)).toMatchObject({
      kind: 'superseded',
      instant: first.instant,
    });
    const another = { ...retried, job: 'nightly-by-hand-2' };
    expect((await openRecord(store, plan, another, context)).instant).toBe(instant + 600_000);
  });

  it('is not guessed at where it can’t be read', async () => {
    const store = new MemoryRecordStore();
    store.shards.set('r-0', {
      data: { 'run.json': '{"version":1,"run":"soon"}' },
      annotations: {},
      resourceVersion: '1',
    });
    await expect(open(store)).rejects.toMatchObject({ link: 'record', transient: false });
  });

  it('tells of the runs before, a bounded number of them, and counts attempts', async () => {
    const store = new MemoryRecordStore();
    for (let run = 0; run < 33; run += 1) await opened(store, { instant: instant + run * 60_000 });
    await opened(store, { instant: instant + 32 * 60_000, by: 'pod-2', reason: 'again' });
    const { history } = decodeShard(store.shards.get('r-0')?.data ?? {});
    expect(history).toHaveLength(30);
    expect(history.at(-1)).toMatchObject({ by: 'pod-1', reason: 'again', attempts: 2 });
    expect(decodeShard(store.shards.get('r-1')?.data ?? {}).history).toEqual([]);
  });

  it('breaks a storm, but lets a run that has begun go on', async () => {
    const store = new MemoryRecordStore();
    const strategy = { stormBreaker: { runs: 2, withinSeconds: 3600 } };
    const at = (minute: number, now = minute) =>
      openRecord(
        store,
        planWith({ strategy }),
        { ...request, instant: instant + minute * 60_000, now: instant + now * 60_000 },
        context,
      );
    expect((await at(0)).kind).toBe('opened');
    expect((await at(1)).kind).toBe('opened');
    expect(await at(2)).toMatchObject({ kind: 'storm' });
    expect((await at(1, 3)).kind).toBe('opened');
    expect((await at(61)).kind).toBe('opened');
  });

  it('keeps what any attempt has noted of how the run stands', async () => {
    const store = new MemoryRecordStore();
    const [one, two] = [await opened(store), await opened(store)];
    const halted = { reason: 'budget', message: 'over' } as const;
    await one.record.note({ wavesDone: 2, failed: ['x'], halted });
    await two.record.note({ wavesDone: 1, failed: ['y'] });
    expect((await opened(store)).record.progress).toEqual({
      wavesDone: 2,
      failed: ['x', 'y'],
      halted,
    });
  });
});
