import { describe, expect, it } from '@jest/globals';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import { openRecord, type OpenedRecord } from '../../../../jobs/restart/record/open.ts';
import { mostAwayMs } from '../../../../jobs/restart/record/patience.ts';
import { decodeShard, type Entry } from '../../../../jobs/restart/record/format.ts';
import { MemoryRecordStore } from '../support/attempt.ts';
import { makePlan } from '../support/plan.ts';
import { settleAll, VirtualClock } from '../support/virtual-clock.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const second = 1000;
const plan = makePlan(['c0'], ['a']);
const key = 'c0/Deployment/sts/a';
const patched: Entry = { kind: 'patched', generation: 5, uid: 'u' };
const intended: Entry = { kind: 'intended', generation: 4, uid: 'u' };
const passing = () => new LinkError('record', 'no answer', { transient: true });
const final = () => new LinkError('record', '403 Forbidden');

/** A record on virtual time, whose hub can be away: for writes, or for reads as well. */
function hub() {
  const store = new MemoryRecordStore();
  const clock = new VirtualClock(instant);
  const [opening, writing] = [new AbortController(), new AbortController()];
  const open = (): Promise<OpenedRecord> =>
    openRecord(
      store,
      plan,
      { planDigest: 'd', by: 'pod-1', instant, now: instant },
      { clock, opening: opening.signal, writing: writing.signal },
    );
  const opened = async () => {
    const result = await open();
    if (result.kind !== 'opened') throw new Error(result.kind);
    return result.record;
  };
  const leave = (error: () => LinkError, calls: readonly ('read' | 'write')[]) => {
    const [read, write] = [store.read.bind(store), store.write.bind(store)];
    let asked = 0;
    const fail = (): Promise<never> => {
      asked += 1;
      return Promise.reject(error());
    };
    if (calls.includes('read')) store.read = fail;
    if (calls.includes('write')) store.write = fail;
    return {
      asked: () => asked,
      comeBack: () => {
        store.read = read;
        store.write = write;
      },
    };
  };
  return { store, clock, opening, writing, open, opened, leave };
}

/** How it stands, without waiting for it. */
function watch(promise: Promise<unknown>): { state: string } {
  const seen = { state: 'waits' };
  promise.then(
    () => (seen.state = 'done'),
    (error: unknown) => (seen.state = error instanceof Error ? error.message : String(error)),
  );
  return seen;
}

describe('a hub that is away', () => {
  it.each([{ calls: ['write'] }, { calls: ['read', 'write'] }] as const)(
    'for a minute ($calls) is waited for, by all that is to be written',
    async ({ calls }) => {
      const { clock, store, opened, leave } = hub();
      const record = await opened();
      const away = leave(passing, calls);
      const written = [
        watch(record.put(key, patched)),
        watch(record.note({ wavesDone: 1, failed: [] })),
        watch(record.tell((history) => history.map((run) => ({ ...run, exit: 'ok' })))),
      ];
      await clock.advance(60 * second);
      expect(written.map(({ state }) => state)).toEqual(['waits', 'waits', 'waits']);
      expect(away.asked()).toBeGreaterThan(4);
      away.comeBack();
      await clock.advance(16 * second);
      expect(written.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
      const content = decodeShard(store.shards.get('nightly-record-0')?.data ?? {});
      expect(content.entries.get(key)).toEqual(patched);
      expect(content.progress.wavesDone).toBe(1);
      expect(content.history[0]?.exit).toBe('ok');
    },
  );

  it.each([{ calls: ['write'] }, { calls: ['read', 'write'] }] as const)(
    'is given up after three minutes ($calls), and believed when it is back',
    async ({ calls }) => {
      const { clock, opened, leave } = hub();
      const record = await opened();
      const away = leave(passing, calls);
      const lost = watch(record.put(key, intended));
      await clock.advance(mostAwayMs - second);
      expect(lost.state).toBe('waits');
      await clock.advance(second);
      expect(lost.state).toBe('no answer');
      away.comeBack();
      const next = watch(record.put(key, intended));
      await settleAll();
      expect(next.state).toBe('done');
    },
  );

  it('is waited for anew whenever it has answered between', async () => {
    const { clock, opened, leave } = hub();
    const record = await opened();
    for (let outage = 1; outage <= 3; outage += 1) {
      const away = leave(passing, ['read', 'write']);
      const written = watch(record.put(key, { ...intended, generation: outage }));
      await clock.advance(120 * second);
      expect(written.state).toBe('waits');
      away.comeBack();
      await clock.advance(16 * second);
      expect(written.state).toBe('done');
    }
  });

  it('is not asked in a hurry', async () => {
    const { clock, opened, leave } = hub();
    const record = await opened();
    const away = leave(passing, ['write']);
    watch(record.put(key, intended));
    await clock.advance(mostAwayMs);
    // With full jitter up to 15 s the mean pause is some 7 s.
    expect(away.asked()).toBeLessThan(80);
  });

  it.each(['read', 'write'] as const)('is not waited for where it refuses a %s', async (call) => {
    const { opened, leave, store, clock } = hub();
    const record = await opened();
    if (call === 'read') store.write = () => Promise.resolve('conflict');
    leave(final, [call]);
    const refused = watch(record.put(key, intended));
    await settleAll();
    expect(refused.state).toBe('403 Forbidden');
    expect(clock.slept).toEqual([]);
  });

  it('holds nobody up who is told to end before the run has begun', async () => {
    const { clock, open, opening, leave } = hub();
    leave(passing, ['write']);
    const attempt = watch(open());
    await clock.advance(20 * second);
    expect(attempt.state).toBe('waits');
    opening.abort(new Error('told to end'));
    await settleAll();
    expect(attempt.state).toBe('told to end');
  });

  it('is not asked again when the run is over', async () => {
    const { clock, opened, writing, leave } = hub();
    const record = await opened();
    const away = leave(passing, ['write', 'read']);
    const lost = watch(record.put(key, intended));
    await clock.advance(20 * second);
    writing.abort(new Error('over'));
    await settleAll();
    expect(lost.state).toBe('over');
    const { asked } = away;
    const before = asked();
    await clock.advance(60 * second);
    expect(asked()).toBe(before);
  });
});
