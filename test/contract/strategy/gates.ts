import { describe, expect } from '@jest/globals';
import { asAdmin } from '../support/admin.ts';
import type { TestFleet } from '../support/fleets.ts';
import { gateJobs } from '../support/hub.ts';
import { lapse, type StrategyContext } from './context.ts';

/** Gates before a wave, and what blocks every restart. */
export function describeGates(context: StrategyContext): void {
  const { test, fleet, restarts, outcomes } = context;

  describe('gates', () => {
    test('a Job that succeeds opens its wave, and is made once', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'checked', lapse });
      expect([code, outcomes(report)]).toEqual([0, ['restarted', 'restarted']]);
      expect(await gateJobs(fleet().lab, 'checked')).toHaveLength(1);
      const again = await fleet().run(run, { restart: 'checked', lapse });
      expect(outcomes(again.report)).toEqual(['alreadyRestarted', 'alreadyRestarted']);
      expect(await gateJobs(fleet().lab, 'checked')).toHaveLength(1);
    });

    test('a Job that fails halts the run before its wave', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'refused', lapse });
      expect(outcomes(report)).toEqual(['skipped halted', 'skipped halted']);
      expect(report?.halted?.message).toMatch(/Job refused-gate-0-0-\w+: BackoffLimitExceeded/);
      expect(code).toBe(5);
      expect(await restarts(run, 'refused')).toEqual([0, 0]);
    });

    test('a condition in the hub that holds opens its wave', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'cleared', lapse });
      expect([code, outcomes(report)]).toEqual([0, ['restarted', 'restarted']]);
    });

    test('a condition that never holds halts the run', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'unmet', lapse });
      expect(outcomes(report)).toEqual(['restarted', 'skipped halted']);
      expect(report?.halted?.message).toContain(
        'Available of deployments monitoring/probes is True',
      );
      expect(code).toBe(5);
    });

    test('while something blocks nothing is begun; a retry goes on when it is quiet', async () => {
      const run = fleet().nextRun();
      await maintain(fleet(), 'True');
      const { code, report } = await fleet().run(run, { restart: 'blocked', lapse });
      expect(outcomes(report)).toEqual(['skipped blocked', 'skipped blocked']);
      expect([code, report?.exit.name]).toEqual([6, 'refused']);
      expect(await restarts(run, 'blocked')).toEqual([0, 0]);

      const retry = await fleet().begin(run, { restart: 'blocked', lapse });
      await retry.told(/blocked: Maintenance of deployments monitoring\/site is True/);
      await maintain(fleet(), 'False');
      const end = await retry.ended;
      expect([end.code, outcomes(end.report)]).toEqual([0, ['restarted', 'restarted']]);
    });
  });
}

/** Of the object that blocks. */
async function maintain({ lab }: TestFleet, status: 'True' | 'False'): Promise<void> {
  await asAdmin(lab, 'ci', {
    method: 'PATCH',
    path: '/apis/apps/v1/namespaces/monitoring/deployments/site/status',
    body: { status: { conditions: [{ type: 'Maintenance', status }] } },
  });
}
