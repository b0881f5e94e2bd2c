import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedWindow } from '../../../../src/plan/restart-plan.ts';
import { windowAt } from '../../../../jobs/restart/core/window.ts';

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const hours = (from: number, to: number, timeZone: string, days = everyDay): PlannedWindow => ({
  timeZone,
  days,
  from: Math.round(from * 60),
  to: Math.round(to * 60),
});
const london = 'Europe/London';

describe('a window', () => {
  it.each([
    // In Europe/London the clocks went back from 02:00 to 01:00 on 25 October 2026 (at 01:00 UTC),
    // and forward from 01:00 to 02:00 on 29 March 2026 (at 01:00 UTC).
    ['its first minute', hours(2, 4, london), '2026-11-21T02:00:00Z', '2026-11-21T04:00:00Z'],
    ['its last moment', hours(2, 4, london), '2026-11-21T03:59:59.999Z', '2026-11-21T04:00:00Z'],
    ['its end', hours(2, 4, london), '2026-11-21T04:00:00Z', undefined],
    ['the minute before', hours(2, 4, london), '2026-11-21T01:59:59Z', undefined],
    [
      'an hour that summer moves',
      hours(2, 4, london),
      '2026-07-01T01:30:00Z',
      '2026-07-01T03:00:00Z',
    ],
    ['another day', hours(2, 4, london, [0]), '2026-11-21T03:00:00Z', undefined],
    [
      'the day before midnight',
      hours(22, 4, london, [6]),
      '2026-11-21T23:00:00Z',
      '2026-11-22T04:00:00Z',
    ],
    [
      'after midnight of that day',
      hours(22, 4, london, [6]),
      '2026-11-22T03:00:00Z',
      '2026-11-22T04:00:00Z',
    ],
    ['after midnight of another day', hours(22, 4, london, [0]), '2026-11-22T03:00:00Z', undefined],
    ['a whole day', hours(0, 0, london, [6]), '2026-11-21T12:00:00Z', '2026-11-22T00:00:00Z'],
    [
      'a zone of quarters',
      hours(2, 4, 'Asia/Kathmandu'),
      '2026-11-20T20:15:00Z',
      '2026-11-20T22:15:00Z',
    ],
    ['an unknown zone', hours(0, 0, 'Europe/Atlantis'), '2026-11-21T12:00:00Z', undefined],
    // The hour that is there twice counts once.
    [
      'the hour that comes twice, first',
      hours(1, 2, london),
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:00:00Z',
    ],
    ['the hour that comes twice, again', hours(1, 2, london), '2026-10-25T01:30:00Z', undefined],
    ['what follows on it', hours(1, 3, london), '2026-10-25T02:30:00Z', '2026-10-25T03:00:00Z'],
    // The hour that is skipped makes its window shorter, or takes it away.
    [
      'before the hour that is skipped',
      hours(0.5, 2, london),
      '2026-03-29T00:45:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'in place of the hour that is skipped',
      hours(1, 2, london),
      '2026-03-29T01:00:00Z',
      undefined,
    ],
    [
      'after the hour that is skipped',
      hours(0.5, 3, london),
      '2026-03-29T00:45:00Z',
      '2026-03-29T02:00:00Z',
    ],
    [
      'half an hour that comes twice',
      hours(1.5, 2, 'Australia/Lord_Howe'),
      '2026-04-04T15:10:00Z',
      undefined,
    ],
  ])('at %s', (_, window, at, until) => {
    const state = windowAt([window], Date.parse(at));
    expect(state.open ? new Date(state.until).toISOString() : undefined).toBe(
      until && new Date(until).toISOString(),
    );
  });

  it('is never open longer than it was written', () => {
    const zone = fc.constantFrom(
      london,
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    );
    const year = { min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) };
    fc.assert(
      fc.property(
        zone,
        fc.integer(year),
        fc.nat(23),
        fc.integer({ min: 1, max: 6 }),
        (timeZone, at, from, length) => {
          const window = hours(from, (from + length) % 24, timeZone);
          const state = windowAt([window], at);
          if (state.open) expect(state.until - at).toBeLessThanOrEqual(length * 3600_000);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that follows on another is one with it', () => {
    const windows = [hours(2, 4, london), hours(4, 5, 'Etc/UTC')];
    expect(windowAt(windows, Date.parse('2026-11-21T03:00:00Z'))).toEqual({
      open: true,
      until: Date.parse('2026-11-21T05:00:00Z'),
    });
  });
});
