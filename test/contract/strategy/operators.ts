import { describe, expect } from '@jest/globals';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { recordVersions, say } from '../support/hub.ts';
import { lapse, type StrategyContext } from './context.ts';

/** What operators say to a run, and what a dry one tells them. */
export function describeOperators(context: StrategyContext): void {
  const { test, fleet, restarts, outcomes } = context;

  describe('operators', () => {
    test('a paused run begins nothing, and goes on when it is resumed', async () => {
      const run = fleet().nextRun();
      await say(fleet().lab, 'paused', 'pause', 'true');
      const job = await fleet().begin(run, { restart: 'paused', lapse });
      await job.told(/paused: nothing new is begun$/);
      expect(await restarts(run, 'paused')).toEqual([0, 0]);
      await say(fleet().lab, 'paused', 'pause', null);
      await job.told(/resumed$/);
      const { code, report } = await job.ended;
      expect([code, outcomes(report)]).toEqual([0, ['restarted', 'restarted']]);
      expect(await restarts(run, 'paused')).toEqual([1, 1]);
    });

    test('a run that is stopped in the middle awaits what rolls, begins nothing, and stays stopped', async () => {
      const run = fleet().nextRun();
      const job = await fleet().begin(run, { restart: 'stopped', lapse });
      await job.told(/east .*: patched$/);
      await say(fleet().lab, 'stopped', 'stop', formatInstant(run));
      const { code, report } = await job.ended;
      expect(outcomes(report)).toEqual(['restarted', 'skipped stopped']);
      expect([code, report?.exit.name]).toEqual([7, 'cancelled']);
      const again = await fleet().run(run, { restart: 'stopped', lapse });
      expect(outcomes(again.report)).toEqual(['alreadyRestarted', 'skipped stopped']);
      expect(again.code).toBe(7);
      expect(await restarts(run, 'stopped')).toEqual([1, 0]);
    });

    test('a dry run says what would be done, and writes nothing at all', async () => {
      const run = fleet().nextRun();
      const before = await recordVersions(fleet().lab, 'dry');
      const { code, report } = await fleet().run(run, { restart: 'dry', options: ['--dry-run'] });
      expect([code, outcomes(report)]).toEqual([0, ['wouldRestart', 'wouldRestart']]);
      expect(await recordVersions(fleet().lab, 'dry')).toEqual(before);
      expect(await restarts(run, 'dry')).toEqual([0, 0]);
    });
  });
}
