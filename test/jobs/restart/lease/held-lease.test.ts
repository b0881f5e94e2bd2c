import { describe, expect, it } from '@jest/globals';
import { acquireLease, type Acquired } from '../../../../jobs/restart/lease/acquire.ts';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import type { Clock } from '../../../../jobs/restart/ports.ts';
import { MemoryLeaseStore } from '../support/attempt.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const second = 1000;
const never = new AbortController().signal;

/** Pods that want the same Lease, on one clock. */
function contest() {
  const store = new MemoryLeaseStore();
  const clock = new VirtualClock();
  const lost: string[] = [];
  const acquire = (me: string, waitMs = 600 * second): Promise<Acquired> =>
    acquireLease({ store, me, clock, signal: never, waitMs, onWaiting: () => undefined });
  const hold = async (me: string) => {
    const acquired = await acquire(me);
    if (acquired.kind !== 'held') throw new Error('refused');
    acquired.lease.onLost((message) => lost.push(`${me}: ${message}`));
    return acquired.lease;
  };
  /** What this pod writes from now on has no answer, and no effect. */
  const hang = (me: string): void => {
    const write = store.write.bind(store);
    store.write = (lease) => (lease.holder === me ? new Promise(() => undefined) : write(lease));
  };
  return { store, clock, lost, acquire, hold, hang };
}

const state = async (promise: Promise<Acquired>): Promise<string> =>
  Promise.race([
    promise.then(({ kind }) => kind),
    new Promise<string>((resolve) => setImmediate(resolve, 'waits')),
  ]);

describe('the Lease', () => {
  it('is taken at once where it is free, and held as long as its holder lives', async () => {
    const { clock, hold, acquire, lost } = contest();
    await hold('a');
    const other = acquire('b');
    await clock.advance(120 * second);
    expect(await state(other)).toBe('waits');
    expect(lost).toEqual([]);
  });

  it('goes to who waits as soon as it is released', async () => {
    const { clock, hold, acquire, store } = contest();
    const lease = await hold('a');
    const other = acquire('b');
    await clock.advance(10 * second);
    await lease.release();
    await clock.advance(3 * second);
    expect(await state(other)).toBe('held');
    expect(store.lease).toMatchObject({ holder: 'b', transitions: 2 });
  });

  it('of a holder that is gone is taken after its duration, watched by our own clock', async () => {
    const { clock, acquire, hang } = contest();
    await acquire('a');
    hang('a');
    const other = acquire('b');
    await clock.advance(14 * second);
    expect(await state(other)).toBe('waits');
    await clock.advance(4 * second);
    expect(await state(other)).toBe('held');
  });

  it('is refused to who has waited long enough', async () => {
    const { clock, hold, acquire } = contest();
    await hold('a');
    const other = acquire('b', 45 * second);
    await clock.advance(60 * second);
    expect(await other).toEqual({ kind: 'refused', holder: 'a' });
  });

  it('is let go by a holder that can’t renew it, before anyone else may take it', async () => {
    const { clock, hold, store, acquire, lost } = contest();
    await hold('a');
    const write = store.write.bind(store);
    store.write = (lease) =>
      lease.holder === 'a'
        ? Promise.reject(new LinkError('record', 'no answer', { transient: true }))
        : write(lease);
    const other = acquire('b');
    for (let passed = 0; lost.length === 0; passed += 1) {
      expect(await state(other)).toBe('waits');
      if (passed > 60) throw new Error('it is never let go');
      await clock.advance(second);
    }
    expect(lost[0]).toContain('could not be renewed');
    await clock.advance(30 * second);
    expect(await state(other)).toBe('held');
  });

  it('is let go at the deadline by a holder whose hub hangs', async () => {
    const { clock, hold, hang, lost } = contest();
    const lease = await hold('a');
    await clock.advance(5 * second);
    hang('a');
    await clock.advance(9 * second);
    expect(lost).toEqual([]);
    await clock.advance(second);
    expect(lost).toEqual(['a: the Lease could not be renewed for 10 s']);
    await lease.release();
  });

  it('is renewed by one answer in time, however many hung before', async () => {
    const { clock, hold, store, hang, lost } = contest();
    await hold('a');
    const write = store.write.bind(store);
    for (let round = 0; round < 5; round += 1) {
      hang('a');
      await clock.advance(4 * second);
      store.write = write;
      await clock.advance(6 * second);
    }
    expect(lost).toEqual([]);
  });

  it('is renewed from the moment it is taken, and its loss told to who asks later', async () => {
    const { clock, acquire, store } = contest();
    const acquired = await acquire('a');
    const other = acquire('b');
    await clock.advance(60 * second);
    expect(await state(other)).toBe('waits');
    store.lease = { ...store.lease, holder: 'c', resourceVersion: '99' };
    await clock.advance(10 * second);
    const lost: string[] = [];
    if (acquired.kind === 'held') acquired.lease.onLost((message) => lost.push(message));
    await clock.advance(0);
    expect(lost).toEqual(['the Lease has been taken over by c']);
  });

  it('is tried for once more by a holder that was frozen past its deadline', async () => {
    const { store, clock: virtual } = contest();
    let frozenMs = 0;
    const clock: Clock = {
      now: () => virtual.now(),
      monotonic: () => virtual.monotonic() + frozenMs,
      sleep: (ms, signal) => virtual.sleep(ms, signal),
    };
    const wanted = { store, me: 'a', clock, signal: never, waitMs: 0, onWaiting: () => undefined };
    const acquired = await acquireLease(wanted);
    const lost: string[] = [];
    if (acquired.kind === 'held') acquired.lease.onLost((message) => lost.push(message));
    frozenMs = 60 * second;
    const before = store.lease.resourceVersion;
    await virtual.advance(20 * second);
    expect(lost).toEqual([]);
    expect(store.lease.resourceVersion).not.toBe(before);
  });

  it('holds up the end of nobody where the hub hangs', async () => {
    const { clock, hold, store } = contest();
    const lease = await hold('a');
    store.write = () => new Promise(() => undefined);
    let released = false;
    void lease.release().then(() => (released = true));
    await clock.advance(2 * second);
    expect(released).toBe(true);
  });

  it('is lost when another has taken it over', async () => {
    const { clock, hold, store, lost } = contest();
    await hold('a');
    store.lease = { ...store.lease, holder: 'b', resourceVersion: '99' };
    await clock.advance(11 * second);
    expect(lost).toEqual(['a: the Lease has been taken over by b']);
  });

  it('is taken by a second try where the first has no answer', async () => {
    const { clock, store, acquire } = contest();
    const write = store.write.bind(store);
    store.write = async (lease) => {
      store.write = write;
      await write(lease);
      throw new LinkError('record', 'the answer was lost', { transient: true });
    };
    const acquired = acquire('a');
    await clock.advance(10 * second);
    expect(await state(acquired)).toBe('held');
    expect(store.lease).toMatchObject({ holder: 'a', transitions: 1 });
  });

  it('is not tried for ever where the hub is away', async () => {
    const { clock, store, acquire } = contest();
    store.write = () => Promise.reject(new LinkError('record', 'no answer', { transient: true }));
    const acquired = acquire('a').catch((error: unknown) => error);
    await clock.advance(60 * second);
    expect(await acquired).toMatchObject({ link: 'record', transient: true });
  });

  it('is still ours when only the answer to a renewal was lost', async () => {
    const { clock, hold, store, lost } = contest();
    await hold('a');
    const write = store.write.bind(store);
    store.write = async (lease) => {
      store.write = write;
      await write(lease);
      throw new LinkError('record', 'the answer was lost', { transient: true });
    };
    await clock.advance(60 * second);
    expect(lost).toEqual([]);
    expect(store.lease.holder).toBe('a');
  });
});
