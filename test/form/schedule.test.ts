import { describe, expect, it } from '@jest/globals';
import { durationSeconds } from '../../src/form/duration.ts';
import { isSchedule, isTimeZone } from '../../src/form/schedule.ts';

describe('a schedule', () => {
  it.each([
    '15 2 * * 1',
    '* * * * *',
    '*/15 0-6,22,23 1,15 * *',
    '0 0 * jan-MAR,12 mon-fri',
    '0  0   29 2 *',
    '0-30/10 * * * 0-6/2',
  ])('may be %j', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  it.each([
    ['four fields', '15 2 * *'],
    ['six fields: robfig/cron’s standard parser has no seconds', '0 15 2 * * 1'],
    ['TZ=', 'TZ=UTC 15 2 * * 1'],
    ['CRON_TZ=', 'CRON_TZ=UTC 15 2 * * 1'],
    ['a macro', '@daily'],
    ['an interval', '@every 1h'],
    ['weekday 7', '0 0 * * 7'],
    ['minute 60', '60 0 * * *'],
    ['day 0', '0 0 0 * *'],
    ['a backward range', '0 22-2 * * *'],
    ['step 0', '*/0 * * * *'],
    ['a step from one number', '5/15 * * * *'],
    ['a day that never comes', '0 0 30 2 *'],
    ['?', '0 0 ? * 1'],
    ['last day', '0 0 L * *'],
    ['nearest weekday', '0 0 15W * *'],
    ['nth weekday', '0 0 * * 1#2'],
    ['a hash', 'H 0 * * *'],
    ['a sign', '+5 0 * * *'],
    ['an empty element', '1,,2 0 * * *'],
    ['a name of another field', '0 0 mon * *'],
    ['space in front', ' 0 0 * * *'],
    ['a line break', '0 0 * *\n*'],
    ['nothing', ''],
  ])('may not have %s', (_, text) => {
    expect(isSchedule(text)).toBe(false);
  });
});

it.each([
  ['Etc/UTC', true],
  ['UTC', true],
  ['Europe/London', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Etc/GMT+1', true],
  ['Local', false],
  ['local', false],
  ['', false],
  ['+01:00', false],
  ['europe/london', false],
  ['Europe/Londn', false],
  ['Europe/London ', false],
  ['../etc/passwd', false],
])('time zone %j: %s', (text, valid) => {
  expect(isTimeZone(text)).toBe(valid);
});

it.each([
  ['1s', 1],
  ['90s', 90],
  ['15m', 900],
  ['24h', 86_400],
  ['25h', undefined],
  ['0s', 0],
  ['00s', undefined],
  ['015m', undefined],
  ['1.5h', undefined],
  ['1h30m', undefined],
  ['900', undefined],
  ['15 m', undefined],
  ['-1m', undefined],
])('duration %j is %s seconds', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});
