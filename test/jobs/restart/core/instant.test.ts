import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatInstant,
  instantOfJob,
  parseInstant,
  parseRun,
} from '../../../../jobs/restart/core/instant.ts';

const seconds = fc.integer({ min: 0, max: 4_000_000_000 });

describe('instants', () => {
  it('come back from their text', () => {
    fc.assert(
      fc.property(seconds, fc.string(), (second, restart) => {
        const instant = second * 1000;
        expect(parseInstant(formatInstant(instant))).toBe(instant);
        expect(parseRun(`${formatInstant(instant)}/${restart}`)).toEqual({ instant, restart });
      }),
    );
  });

  it('never throw on text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseInstant(text);
        parseRun(text);
        instantOfJob(text, 'nightly', 0);
      }),
    );
  });

  it.each([
    ['2026-11-23T02:15:00Z', true],
    ['2026-11-23T02:15:00.999Z', true],
    ['2026-11-23T03:15:00+01:00', true],
    ['2026-11-23', false],
    ['2026-13-23T02:15:00Z', false],
    ['1763864100', false],
    ['', false],
  ])('%s', (text, isInstant) => {
    expect(parseInstant(text)).toBe(isInstant ? Date.UTC(2026, 10, 23, 2, 15) : undefined);
  });
});

describe("a run's instant in its Job's name", () => {
  it('is the scheduled minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000_000, max: 60_000_000 }),
        fc.nat(7 * 1440),
        (minute, late) => {
          const now = (minute + late) * 60_000;
          expect(instantOfJob(`nightly-${minute}`, 'nightly', now)).toBe(minute * 60_000);
        },
      ),
    );
  });

  it.each([
    ['a Job made by hand', 'nightly-manual-x7k2p'],
    ['another CronJob with a longer name', 'nightly-eu-29384795'],
    ['another CronJob', 'weekly-29384795'],
    ['seconds', 'nightly-1763864100'],
    ['nothing', 'nightly-'],
    ['a date', 'nightly-20261121'],
  ])('is not there for %s', (_, job) => {
    expect(instantOfJob(job, 'nightly', Date.UTC(2026, 10, 21))).toBeUndefined();
  });
});
