import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '../../src/simulator/virtual-clock.ts';

describe('virtual clock', () => {
  it('runs timers by due time, and those due at once in the order in which they were set', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (delays) => {
        const clock = new VirtualClock(0);
        const ran: { readonly at: number; readonly index: number }[] = [];
        delays.forEach((ms, index) => {
          clock.after(ms, () => ran.push({ at: clock.now(), index }));
        });
        clock.advance(20);
        const expected = delays
          .map((at, index) => ({ at, index }))
          .sort((a, b) => a.at - b.at || a.index - b.index);
        expect(ran).toEqual(expected);
        expect(clock.now()).toBe(20);
        expect(clock.pending).toBe(0);
      }),
    );
  });

  it('runs timers that are set on the way, and none that is cancelled or not due', () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    clock.after(5, () => {
      ran.push('first');
      clock.after(5, () => ran.push('set on the way'));
      clock.after(6, () => ran.push('too late'));
    });
    const cancel = clock.after(7, () => ran.push('cancelled'));
    cancel();
    cancel();
    clock.advance(10);
    expect(ran).toEqual(['first', 'set on the way']);
    expect(clock.pending).toBe(1);
  });

  it('lets promises settle between two timers', async () => {
    const clock = new VirtualClock(0);
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
    const ran: number[] = [];
    const looping = (async () => {
      for (let turn = 0; turn < 5; turn++) {
        await sleep(10);
        ran.push(clock.now());
      }
    })();
    await clock.run(30);
    expect(ran).toEqual([10, 20, 30]);
    await clock.run(20);
    await looping;
  });
});
