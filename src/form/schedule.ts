import { CronExpressionParser } from 'cron-parser';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun'].concat(
  ['jul', 'aug', 'sep', 'oct', 'nov', 'dec'], // 1–12
);
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']; // 0–6

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: weekdays },
];

/**
 * Five cron fields that Kubernetes (robfig/cron v3, `ParseStandard`) takes, and that every other
 * cron reads alike: so no seconds, `TZ=` prefix, macro, `?`, `L`, `W`, `#`, weekday 7, range that
 * runs backwards, or step from a single number. A day that never comes (30 February) is refused.
 */
export function isSchedule(text: string): boolean {
  if (text.length > 256) return false;
  const parts = text.split(/ +/);
  return (
    parts.length === fields.length &&
    fields.every((field, index) => (parts[index] ?? '').split(',').every(fits(field))) &&
    comes(text)
  );
}

const fits =
  (field: Field) =>
  (element: string): boolean => {
    const match = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,2}))?$/i.exec(element);
    if (!match) return false;
    const [, from, to, step] = match;
    if (step !== undefined && (Number(step) < 1 || Number(step) > field.max)) return false;
    if (from === undefined) return true;
    const first = valueOf(from, field);
    if (first === undefined) return false;
    if (to === undefined) return step === undefined;
    const last = valueOf(to, field);
    return last !== undefined && first <= last;
  };

function valueOf(text: string, { min, max, names }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return named + min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function comes(text: string): boolean {
  try {
    CronExpressionParser.parse(text, { tz: 'Etc/UTC' });
    return true;
  } catch {
    return false;
  }
}

const zone = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;

/**
 * An IANA time zone by its name. Not `Local`, which CronJobs refuse; not an offset or a name in
 * lower case, which this runtime would take and the cluster's time zone database would not.
 */
export function isTimeZone(text: string): boolean {
  if (!zone.test(text) || text.toLowerCase() === 'local') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).format(0) !== '';
  } catch {
    return false;
  }
}
