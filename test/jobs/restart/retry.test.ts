import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LinkError, links } from '../../../jobs/restart/link-error.ts';
import { retry, retryDelay, retryRuleFor, retryRules } from '../../../jobs/restart/retry.ts';
import { systemClock } from '../../../jobs/restart/clock.ts';
import { InstantClock } from './support/virtual-clock.ts';

const never = new AbortController().signal;

/** A call that throws these one after the other, and then gives its number of calls. */
function failing(...errors: readonly Error[]) {
  let calls = 0;
  return {
    calls: () => calls,
    call: () => {
      calls += 1;
      const error = errors[calls - 1];
      return error ? Promise.reject(error) : Promise.resolve(calls);
    },
  };
}

const network = (retryAfterMs?: number) => new LinkError('network', 'reset', { retryAfterMs });

describe('retry', () => {
  it('calls again after transient failures, each wait within a doubling bound', async () => {
    const clock = new InstantClock();
    const { call } = failing(network(), network(), network());
    const result = await retry(call, { clock, signal: never, random: () => 1 });
    expect(result).toBe(4);
    expect(clock.slept).toEqual([500, 1000, 2000]);
  });

  it('waits as long as it was asked to, and somewhat more', async () => {
    const clock = new InstantClock();
    const { call } = failing(network(7000));
    await retry(call, { clock, signal: never, random: () => 0.5 });
    expect(clock.slept).toEqual([7250]);
  });

  it.each<[string, Error]>([
    ['a Retry-After beyond a minute', network(61_000)],
    ['a final error', new LinkError('trust', 'no')],
    ['a final network error', new LinkError('network', 'bad CA', { transient: false })],
    ['a defect', new TypeError('undefined is not a function')],
  ])('passes %s on at once', async (_what, error) => {
    const clock = new InstantClock();
    const { call, calls } = failing(error);
    await expect(retry(call, { clock, signal: never })).rejects.toBe(error);
    expect([calls(), clock.slept]).toEqual([1, []]);
  });

  it('gives up after the attempts of the rule', async () => {
    const errors = Array.from({ length: 9 }, () => network());
    const { call, calls } = failing(...errors);
    const result = retry(call, { clock: new InstantClock(), signal: never });
    await expect(result).rejects.toBe(errors[4]);
    expect(calls()).toBe(5);
  });

  it('ends with the reason when the signal aborts while it waits', async () => {
    const stop = new AbortController();
    const reason = new Error('SIGTERM');
    const { call, calls } = failing(network(), network());
    const result = retry(call, { clock: systemClock, signal: stop.signal, random: () => 1 });
    stop.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(calls()).toBe(1);
  });

  it('keeps every delay between what was asked for and that plus the cap', () => {
    const rule = fc.constantFrom(...retryRules);
    const failures = fc.integer({ min: 1, max: 10_000 });
    const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    const asked = fc.nat(60_000);
    fc.assert(
      fc.property(rule, failures, random, asked, (some, count, draw, ms) => {
        const delay = retryDelay(some, count, () => draw, ms);
        expect(delay).toBeGreaterThanOrEqual(ms);
        expect(delay).toBeLessThanOrEqual(ms + some.capMs);
      }),
    );
  });

  it('has no rule for a final error of any link, and at most one for a transient one', () => {
    for (const link of links) {
      expect(retryRuleFor(new LinkError(link, '', { transient: false }))).toBeUndefined();
      expect(retryRules.filter((rule) => rule.links.includes(link)).length).toBeLessThan(2);
    }
    expect(retryRuleFor(new LinkError('network', ''))).toBeDefined();
  });
});

describe('systemClock', () => {
  it('rejects with the reason of a signal that aborts before or during a sleep', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(0, stop.signal)).rejects.toBe(reason);
  });
});
