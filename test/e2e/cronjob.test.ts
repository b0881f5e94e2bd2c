import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { startCronHub, type CronHub } from './support/cron/hub.ts';
import { exitCases, exits } from './support/cron/exit-cases.ts';
import { CronJobs, type JobPod } from './support/cron/jobs.ts';
import { environmentOf, runInPod } from './support/cron/pod.ts';
import { until } from '../support/wait.ts';

jest.setTimeout(10 * 60_000);

const minute = 60_000;
const thisMinute = Math.floor(Date.now() / minute) * minute;
const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Half an hour off the full hour from UTC, so that the hour and the minute both tell. */
const timeZone = 'Asia/Kolkata';
const late = thisMinute - 10 * minute;
const tooLate = thisMinute - 40 * minute;
const dailyAt = (instant: number): string => {
  const local = new Intl.DateTimeFormat('en', { timeZone, timeStyle: 'short', hourCycle: 'h23' });
  const [hour, minutes] = local.format(instant).split(':').map(Number);
  return `${minutes} ${hour} * * *`;
};

const folder = mkdtempSync(join(tmpdir(), 'rollcall-cron-'));
let hub: CronHub;
let jobs: CronJobs;

beforeAll(async () => {
  hub = await startCronHub(folder, [
    { name: 'every-minute' },
    { name: 'late', schedule: dailyAt(late), timeZone },
    { name: 'too-late', schedule: dailyAt(tooLate), timeZone },
    { name: 'by-hand' },
    { name: 'again' },
    { name: 'stuck' },
    { name: 'kept' },
    ...exitCases.map(({ cronJob }) => ({ name: cronJob })),
  ]);
  jobs = new CronJobs(hub);
});

afterAll(async () => {
  await hub.close();
  rmSync(folder, { recursive: true });
});

const cronJobPath = (name: string) => `/apis/batch/v1/namespaces/${hub.namespace}/cronjobs/${name}`;
const patch = (path: string, body: unknown) =>
  hub.cluster.admin.call(path, { method: 'PATCH', body });
/** As if the CronJob had been there for a day. */
const setLastSchedule = (name: string, instant: number) =>
  patch(`${cronJobPath(name)}/status`, {
    status: { lastScheduleTime: formatInstant(instant - 24 * 60 * minute) },
  });

/** A Job's instants, which must be one: by its annotation, by its name, and by the job in its pod. */
async function instantsOf(cronJob: string, job: string, pod: JobPod): Promise<readonly unknown[]> {
  const { metadata } = await jobs.job(job);
  return [
    formatInstant(Date.parse(metadata.annotations?.[scheduledAt] ?? '')),
    formatInstant(Number(job.slice(cronJob.length + 1)) * minute),
    await runOf(cronJob, pod),
  ];
}
const thrice = (instant: number) => Array.from({ length: 3 }, () => formatInstant(instant));
const runOf = async (cronJob: string, pod: JobPod) =>
  (await runInPod(hub, cronJob, pod)).report?.run;

const namesOf = async (cronJob: string) =>
  (await jobs.jobsOf(cronJob)).map(({ metadata }) => metadata.name);
const jobOf = (cronJob: string, index = 0) =>
  until(`Job ${index} of ${cronJob}`, async () => (await namesOf(cronJob))[index]);

it.concurrent(
  'a Job is made at its minute, one at a time, for the run of that minute',
  async () => {
    const cronJob = 'every-minute';
    await patch(cronJobPath(cronJob), { spec: { schedule: '* * * * *' } });
    const first = await jobOf(cronJob);
    const pod = await jobs.nextPod(first);
    const [instant, ...same] = await instantsOf(cronJob, first, pod);
    expect(same).toEqual([instant, instant]);

    const events = `/api/v1/namespaces/${hub.namespace}/events`;
    await until('the next minute is not begun', async () =>
      (await hub.cluster.admin.list(events)).some(({ reason }) => reason === 'JobAlreadyActive'),
    );
    expect(await namesOf(cronJob)).toEqual([first]);

    // What it held up is made up for once it has ended: late, and still for its own minute.
    await jobs.end(pod, { kind: 'exits', code: 0 });
    const second = await jobOf(cronJob, 1);
    const [next, ...sameNext] = await instantsOf(cronJob, second, await jobs.nextPod(second));
    expect(sameNext).toEqual([next, next]);
    expect(Date.parse(String(next))).toBeGreaterThan(Date.parse(String(instant)));
    await patch(cronJobPath(cronJob), { spec: { suspend: true } });
  },
);

it.concurrent(
  'a run begins up to half an hour late, and is that of its scheduled minute',
  async () => {
    await setLastSchedule('too-late', tooLate);
    await setLastSchedule('late', late);
    const job = await jobOf('late');
    expect(await instantsOf('late', job, await jobs.nextPod(job))).toEqual(thrice(late));
    expect(await namesOf('too-late')).toEqual([]);
    // Nothing but the deadline was in its way.
    await patch(cronJobPath('too-late'), { spec: { startingDeadlineSeconds: 5400 } });
    expect(await jobOf('too-late')).toBe(`too-late-${tooLate / minute}`);
  },
);

it.concurrent.each(exitCases)('exit codes: $what', async ({ ends, verdict, counted, cronJob }) => {
  const name = `${cronJob}-now`;
  await jobs.createByHand(cronJob, name);
  expect(await jobs.endAll(name, ends)).toBe(verdict);
  expect((await jobs.job(name)).status.failed ?? 0).toBe(counted);
});

it.concurrent('a Job by hand is a run of its own, which its later pods go on with', async () => {
  await jobs.createByHand('by-hand', 'by-hand-now');
  const first = await jobs.nextPod('by-hand-now');
  const run = await runOf('by-hand', first);
  const { metadata } = await jobs.job('by-hand-now');
  expect(Date.parse(run ?? '')).toBeGreaterThanOrEqual(
    Date.parse(metadata.creationTimestamp ?? ''),
  );
  expect(Date.parse(run ?? '')).toBeLessThan(Date.now());

  await jobs.end(first, { kind: 'exits', code: 4 });
  const second = await jobs.nextPod('by-hand-now');
  expect(await runOf('by-hand', second)).toBe(run);

  // Of the same name, and another Job: the record knows them apart by their uids.
  await jobs.remove('by-hand-now');
  await jobs.createByHand('by-hand', 'by-hand-now');
  const again = await runOf('by-hand', await jobs.nextPod('by-hand-now'));
  expect(Date.parse(again ?? '')).toBeGreaterThan(Date.parse(run ?? ''));
});

it.concurrent('a Job that is made again under its own name goes on with its run', async () => {
  const name = `again-${late / minute}`;
  for (let time = 0; time < 2; time += 1) {
    await jobs.createByHand('again', name);
    const pod = await jobs.nextPod(name);
    expect(await runOf('again', pod)).toBe(formatInstant(late));
    await jobs.end(pod, { kind: 'exits', code: 3 });
    expect(await jobs.verdict(name)).toBe('failed: PodFailurePolicy');
    await jobs.remove(name);
  }
});

it.concurrent("a Job's pod knows its Job, and has a token for the run record", async () => {
  await jobs.createByHand('stuck', 'stuck-now');
  const { metadata, spec } = await jobs.job('stuck-now');
  const pod = await jobs.nextPod('stuck-now');
  expect(environmentOf(pod)).toEqual({
    ROLLCALL_JOB_NAME: 'stuck-now',
    ROLLCALL_JOB_UID: metadata.uid,
  });
  expect(pod.spec.volumes?.map(({ name }) => name)).toEqual([
    'plan',
    expect.stringMatching(/^kube-api-access-/),
  ]);

  // One rollout's timeout of 15 minutes, and ten minutes.
  expect(spec).toMatchObject({ activeDeadlineSeconds: 1500, backoffLimit: 4 });
  const path = `/apis/batch/v1/namespaces/${hub.namespace}/jobs/stuck-now`;
  await patch(path, { spec: { activeDeadlineSeconds: 1 } });
  expect(await jobs.verdict('stuck-now')).toBe('failed: DeadlineExceeded');
});

it.concurrent(
  'the last three Jobs that ended well are kept, those by hand among them',
  async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `kept-${letter}`);
    for (const name of names) {
      await jobs.createByHand('kept', name);
      expect(await jobs.endAll(name, exits(0))).toBe('complete');
    }
    await until('the oldest two are gone', async () => (await namesOf('kept')).length <= 3);
    expect(await namesOf('kept')).toEqual(names.slice(-3));
  },
);
