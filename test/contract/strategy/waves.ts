import { describe, expect } from '@jest/globals';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { say } from '../support/hub.ts';
import { lapse, type StrategyContext } from './context.ts';

/** Waves, their soaks and approvals, and the failure budget. */
export function describeWaves(context: StrategyContext): void {
  const { test, fleet, restarts, outcomes } = context;

  describe('waves', () => {
    test('a wave soaks, and the next begins when it is approved', async () => {
      const run = fleet().nextRun();
      const job = await fleet().begin(run, { restart: 'waves', lapse });
      await job.told(/wave first soaks for 20 s$/);
      await job.told(/wave second waits for approval$/);
      expect(await restarts(run, 'waves')).toEqual([1, 0]);
      await say(fleet().lab, 'waves', 'approve', `${formatInstant(run)}/second`);
      const { code, report } = await job.ended;
      expect(outcomes(report)).toEqual(['restarted', 'restarted']);
      expect([code, report?.wavesDone]).toEqual([0, 2]);
      expect(await restarts(run, 'waves')).toEqual([1, 1]);
    });

    test('one that nobody approves halts the run, for every further pod', async () => {
      const run = fleet().nextRun();
      const halted = ['restarted', 'skipped halted'];
      const first = await fleet().run(run, { restart: 'unapproved', lapse });
      expect(outcomes(first.report)).toEqual(halted);
      expect([first.code, first.report?.halted?.reason]).toEqual([5, 'gate']);
      const second = await fleet().run(run, { restart: 'unapproved', lapse });
      expect(outcomes(second.report)).toEqual(['alreadyRestarted', 'skipped halted']);
      expect(second.code).toBe(5);
      expect(await restarts(run, 'unapproved')).toEqual([1, 0]);
    });

    test('a used-up failure budget halts the run, for every further pod', async () => {
      const run = fleet().nextRun();
      const first = await fleet().run(run, { restart: 'budget' });
      expect(outcomes(first.report)).toEqual(['failed', 'skipped halted']);
      expect([first.code, first.report?.halted?.reason, first.report?.failures]).toEqual([
        5,
        'budget',
        1,
      ]);
      const second = await fleet().run(run, { restart: 'budget' });
      expect([second.code, outcomes(second.report)[1]]).toEqual([5, 'skipped halted']);
      expect(await restarts(run, 'budget')).toEqual([1, 0]);
    });
  });
}
