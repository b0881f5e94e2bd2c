import { isLabelKey } from '../names/kubernetes.ts';
import { durationSeconds } from './duration.ts';
import {
  isApiVersion,
  isConditionResource,
  isPercent,
  isPrometheusUrl,
  minutesSinceMidnight,
} from './forms.ts';
import type { Rule } from './rule.ts';
import { isSchedule, isTimeZone } from './schedule.ts';

/** The form of every text that stands in a restart alone. */
export const rulesOfRestarts = {
  schedule: {
    code: 'fleet/schedule',
    test: isSchedule,
    expected:
      'five cron fields that come round: minute 0–59, hour 0–23, day 1–31, month 1–12, weekday 0–6 (0 is Sunday)',
    next: 'Write something like "15 2 * * 1"; no seconds, TZ=, @macro, weekday 7, N/STEP, or a day that never comes.',
  },
  timeZone: {
    code: 'fleet/time-zone',
    test: isTimeZone,
    expected: 'an IANA time zone by its exact name, such as Europe/London',
    next: 'Write the zone’s name, or leave the key out.',
  },
  duration: {
    code: 'fleet/duration',
    test: (text: string) => (durationSeconds(text) ?? 0) > 0,
    expected: 'a whole number of s, m or h, from 1s to 24h',
    next: 'Write something like 90s, 15m or 1h.',
  },
  soak: {
    code: 'fleet/duration',
    test: (text: string) => durationSeconds(text) !== undefined,
    expected: 'a whole number of s, m or h, from 0s to 24h',
    next: 'Write something like 90s, 10m or 1h, or 0s for none.',
  },
  openingTime: {
    code: 'fleet/time-of-day',
    test: (text: string) => text !== '24:00' && minutesSinceMidnight(text) !== undefined,
    expected: 'a time of day, HH:MM, from 00:00 to 23:59',
    next: 'Write something like "22:00".',
  },
  closingTime: {
    code: 'fleet/time-of-day',
    test: (text: string) => minutesSinceMidnight(text) !== undefined,
    expected: 'a time of day, HH:MM, from 00:00 to 24:00',
    next: 'Write something like "04:00".',
  },
  percent: {
    code: 'fleet/failures',
    test: isPercent,
    expected: 'a whole number, or a whole number of per cent from "0%" to "100%"',
    next: 'Write something like 1 or "5%".',
  },
  prometheusUrl: {
    code: 'fleet/url',
    test: isPrometheusUrl,
    expected: 'http(s)://HOST[:PORT][/PATH], the host in lower case, no user, password or query',
    next: 'Write something like https://prometheus.monitoring:9090; credentials have no place here.',
  },
  query: {
    code: 'fleet/query',
    test: (text: string) => text.trim() !== '' && text.length <= 4096,
    expected: 'a PromQL query of 1–4096 characters',
    next: 'Write something like ALERTS{alertstate="firing"}.',
  },
  commandPart: {
    code: 'fleet/command',
    test: (text: string) => text.length <= 4096,
    expected: 'at most 4096 characters',
    next: 'Put the script into the image.',
  },
  apiVersion: {
    code: 'fleet/condition',
    test: isApiVersion,
    expected: 'an API version: v1, or GROUP/VERSION such as apps/v1',
    next: 'Write what `kubectl api-resources` shows under APIVERSION.',
  },
  resource: {
    code: 'fleet/condition',
    test: isConditionResource,
    expected: 'a resource: plural, in lower case, such as deployments; never secrets',
    next: 'Write what `kubectl api-resources` shows under NAME.',
  },
  conditionType: {
    code: 'fleet/condition',
    test: isLabelKey,
    expected: 'a condition’s type, such as Available or example.com/Ready',
    next: 'Write the type that stands under status.conditions.',
  },
} as const satisfies Record<string, Rule>;
