import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { makePod } from '../../src/demo/simulated-pod.ts';
import { Job } from '../contract/support/job.ts';
import { inTimeLapse } from '../contract/support/time-lapse.ts';
import { until } from '../support/wait.ts';
import { restart, startHub, type TestHub } from './support/hub.ts';
import { run as cli } from './support/run.ts';

jest.setTimeout(60_000);

/** The job reads what operators ask for every ten seconds: here every two. */
const lapse = 5;

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub(true);
  // Loads what the commands need: this process serves the hub too, and the job renews its Lease there.
  await operate('runs');
});
afterAll(() => hub.close());

async function operate(command: string, ...rest: readonly string[]): Promise<string> {
  const argv = [command, restart, ...rest, '-f', hub.fleetFile, '--kubeconfig', hub.kubeconfig];
  const { code, stdout } = await cli(argv, { now: Date.now });
  expect(code).toBe(0);
  return stdout;
}
/** Of the newest run. */
const state = async (): Promise<string | undefined> =>
  (await operate('runs')).split('\n')[1]?.split(/ {2,}/)[1];

describe('a run of the real job, in three waves of which two wait for approval', () => {
  it('is paused, resumed, approved and stopped, and says so at each step', async () => {
    const scheduled = Math.floor(Date.now() / 60_000) * 60_000;
    const job = new Job(hub.fleet.bundle, inTimeLapse(makePod(hub.fleet, scheduled), lapse));
    await job.told(/wave second waits for approval/);
    // The job writes its record a moment after it says so.
    await until('the run waits', async () => (await state()) === 'waiting');
    await operate('pause', '--by', 'ada');
    await job.told(/paused: nothing new is begun/);
    expect(await state()).toBe('paused');
    await operate('approve', 'second');
    await operate('resume');
    await job.told(/resumed/);
    await job.told(/wave last waits for approval/);
    await operate('stop');
    expect(['stopping', 'stopped', 'cancelled']).toContain(await state());
    const { code, report } = await job.ended;
    expect([code, report?.exit.name]).toEqual([7, 'cancelled']);
    expect(report?.counts).toEqual({ restarted: 4, skipped: 2 });
    expect(await state()).toBe('cancelled');
    expect(await operate('runs')).toMatch(/ 2\/3 .* 4 restarted, 2 skipped$/m);
  });
});
