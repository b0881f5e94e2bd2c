import { describe, expect } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { asAdmin } from '../support/admin.ts';
import type { TestFleet } from '../support/fleets.ts';
import { wordsOn } from '../support/tell.ts';
import type { StrategyContext } from './context.ts';

/** Rights that are missing, windows that are closed, and another pod. */
export function describeObstacles(context: StrategyContext): void {
  const { test, fleet, restarts, outcomes } = context;

  describe('what is in the way', () => {
    test('a right that is denied in one cluster holds back that cluster alone', async () => {
      const run = fleet().nextRun();
      await denyPatch(fleet(), 'denied');
      const { code, report } = await fleet().run(run, { restart: 'denied' });
      expect(outcomes(report)).toEqual(['forbidden rbac', 'restarted']);
      expect(wordsOn(report, 'a')).toContain('may not patch deployments.apps a in denied');
      expect(code).toBe(3);
      expect(await restarts(run, 'denied')).toEqual([0, 1]);
    });

    test('all or none: it holds back every cluster', async () => {
      const run = fleet().nextRun();
      await denyPatch(fleet(), 'denied-all');
      const { code, report } = await fleet().run(run, { restart: 'denied-all' });
      expect(outcomes(report)).toEqual(['forbidden rbac', 'skipped preflight']);
      expect(code).toBe(3);
      expect(await restarts(run, 'denied-all')).toEqual([0, 0]);
    });

    test('outside of its windows a run is refused', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'window' });
      expect(outcomes(report)).toEqual(['skipped window', 'skipped window']);
      expect([code, report?.exit.name]).toEqual([6, 'refused']);
      expect(await restarts(run, 'window')).toEqual([0, 0]);
    });

    test('a doubled pod waits for the Lease, and finds everything done', async () => {
      const run = fleet().nextRun();
      const first = await fleet().begin(run, { restart: 'doubled' });
      await first.told(/: patched$/);
      const second = await fleet().begin(run, { restart: 'doubled' });
      await second.told(/waiting for the Lease, which \S+ holds$/);
      const ends = [await first.ended, await second.ended];
      expect(ends.map(({ code }) => code)).toEqual([0, 0]);
      expect(ends.map(({ report }) => outcomes(report))).toEqual([
        ['restarted', 'restarted'],
        ['alreadyRestarted', 'alreadyRestarted'],
      ]);
      expect(await restarts(run, 'doubled')).toEqual([1, 1]);
    });
  });
}

interface Role {
  readonly rules: readonly { readonly verbs: readonly string[] }[];
}

/** In east: the Role of the namespace loses its `patch`. Done when the API server goes by it. */
async function denyPatch({ lab }: TestFleet, namespace: string): Promise<void> {
  const role = encodeURIComponent('rollcall:small:key-restarter');
  const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${role}`;
  const { rules } = await asAdmin<Role>(lab, 'east', { path });
  const body = {
    rules: rules.map(({ verbs, ...rule }) => ({
      ...rule,
      verbs: verbs.filter((verb) => verb !== 'patch'),
    })),
  };
  await asAdmin(lab, 'east', { method: 'PATCH', path, body });
  await until('the job may not patch', async () => {
    const { status } = await lab.admin('east', {
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/a?dryRun=All`,
      body: {},
      headers: { 'impersonate-user': 'rollcall:small:key-restarter-prd' },
    });
    return status === 403;
  });
}
