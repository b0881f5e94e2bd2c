import { setTimeout } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { TestFleets, type TestFleet } from './support/fleets.ts';
import { argument, outcomesOf, withArguments, withEnvironment, withPlan } from './support/job.ts';
import { all, once, restartsBy } from './support/restarts.ts';
import type { Laboratory } from './laboratory.ts';

/** What a run does when nothing goes wrong, and when it is run again. */
export function runContract(laboratory: Laboratory): void {
  const fleets = new TestFleets(laboratory);
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await fleets.start();
  });
  afterAll(() => fleets.close());

  describe('a run', () => {
    it('restarts every workload once, and nothing else', async () => {
      const run = fleet.nextRun();
      const job = await fleet.begin(run);
      const { code, report, stdout } = await job.ended;
      expect([code, outcomesOf(report)]).toEqual([0, all('restarted')]);
      expect(await restartsBy(fleet, run)).toEqual(once);

      // It tells the same on stdout, in its file, and in the termination log.
      expect(stdout).toMatch(/^\{"rollcall":"report".*\}\n$/);
      expect(stdout.match(/\n/g)).toHaveLength(1);
      expect(JSON.parse(stdout)).toEqual(report);
      expect(JSON.parse(readFileSync(job.pod.reportFile, 'utf8'))).toEqual(report);
      const terminationLog = readFileSync(argument(job.pod, '--termination-log'));
      expect(terminationLog.length).toBeLessThanOrEqual(4096);
      expect(JSON.parse(terminationLog.toString())).toEqual({
        restart: 'after-key-creation',
        run: formatInstant(run),
        exit: { code: 0, name: 'ok' },
        counts: { restarted: 6 },
        problems: [],
        more: 0,
      });

      const again = await fleet.run(run);
      expect([again.code, outcomesOf(again.report)]).toEqual([0, all('alreadyRestarted')]);
      expect(await restartsBy(fleet, run)).toEqual(once);

      const next = fleet.nextRun();
      expect(await fleet.run(next)).toMatchObject({ code: 0 });
      expect(await restartsBy(fleet, run)).toEqual(once);
      expect(await restartsBy(fleet, next)).toEqual(once);
    });
  });

  describe('a retry', () => {
    it('whose plan has changed restarts nothing', async () => {
      const run = fleet.nextRun();
      const first = await fleet.begin(run);
      await first.told(/: patched$/);
      await first.signal('SIGKILL');
      await fleet.freeLease();
      const before = await fleet.lab.stamps();
      const changed = withPlan(await fleet.pod(run), (text) =>
        text.replaceAll(',"sts-js-avro-decryption-processor"', ''),
      );
      const { code, stdout, stderr } = await fleet.start(changed).ended;
      expect(stderr).toMatch(
        /^\S+ misconfigured: run \S+ was begun with plan \w{12}, and this is plan/,
      );
      expect([code, stdout]).toEqual([2, '']);
      expect(await fleet.lab.stamps()).toEqual(before);
    });
  });

  describe('--run', () => {
    it('comes before the name of the Job', async () => {
      const [scheduled, given] = [fleet.nextRun(), fleet.nextRun()];
      const elsewhere = new Date(given + 3_600_000).toISOString().replace('.000Z', '+01:00');
      const pod = withArguments(await fleet.pod(scheduled), { '--run': elsewhere });
      const { code, report } = await fleet.start(pod).ended;
      expect([code, report?.run]).toEqual([0, formatInstant(given)]);
      expect(await restartsBy(fleet, given)).toEqual(once);
    });
  });

  describe('a Job that no schedule made', () => {
    const pod = async (job: string) =>
      withEnvironment(await fleet.pod(0), { ROLLCALL_JOB_NAME: job });

    it('has an instant of its own, which its retried pod has too, and no other Job', async () => {
      const first = fleet.start(await pod('by-hand'));
      await first.told(/: patched$/);
      const { stderr } = await first.signal('SIGKILL');
      await fleet.freeLease();
      const { code, report } = await fleet.start(await pod('by-hand')).ended;
      expect(code).toBe(0);
      const run = Date.parse(report?.run ?? '');
      expect(run).toBeGreaterThan(fleet.nextRun());
      expect(stderr).toContain(`run ${report?.run ?? ''} of after-key-creation`);
      expect(await restartsBy(fleet, run)).toEqual(once);

      // An instant is a whole second.
      await setTimeout(Math.max(0, run + 1000 - Date.now()));
      const other = await fleet.start(await pod('by-hand-again')).ended;
      expect(Date.parse(other.report?.run ?? '')).toBeGreaterThan(run);
      expect(outcomesOf(other.report)).toEqual(all('restarted'));
    });
  });

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
