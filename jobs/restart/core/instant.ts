/** A moment, in milliseconds since the epoch, at a whole second: what stamps can hold. */
export type Instant = number;

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** `2026-11-21T02:15:00Z`, as `kubectl rollout restart` writes it. */
export const formatInstant = (instant: Instant): string =>
  new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** An RFC 3339 date and time, cut to its second; `undefined` for anything else. */
export function parseInstant(text: string | undefined): Instant | undefined {
  if (text === undefined || !rfc3339.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000) * 1000;
}

/** A Job runs for a day at most; digits that lie further off are no schedule. Milliseconds. */
const plausible = 7 * 24 * 3600 * 1000;

/**
 * The scheduled instant in a Job's name: the CronJob controller names Jobs
 * `<cronjob>-<minutes since the epoch>` (kubernetes, pkg/controller/cronjob/utils.go, getJobName).
 * A Job made by hand may end in digits too, such as a date: those are minutes of some other year.
 */
export function instantOfJob(jobName: string, cronJob: string, now: Instant): Instant | undefined {
  if (!jobName.startsWith(`${cronJob}-`)) return undefined;
  const minutes = jobName.slice(cronJob.length + 1);
  if (!/^\d{8}$/.test(minutes)) return undefined;
  const instant = Number(minutes) * 60_000;
  return Math.abs(now - instant) <= plausible ? instant : undefined;
}

/** The parts of `rollcall.dev/run`: `<instant>/<restart>`. */
export function parseRun(
  text: string | undefined,
): { readonly instant: Instant; readonly restart: string } | undefined {
  const slash = text?.indexOf('/') ?? -1;
  if (text === undefined || slash === -1) return undefined;
  const instant = parseInstant(text.slice(0, slash));
  return instant === undefined ? undefined : { instant, restart: text.slice(slash + 1) };
}
