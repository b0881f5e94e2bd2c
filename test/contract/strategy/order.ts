import { describe, expect } from '@jest/globals';
import { asAdmin } from '../support/admin.ts';
import { intercept } from '../support/intercept.ts';
import { endings } from '../support/tell.ts';
import { lapse, type StrategyContext } from './context.ts';

/** Workloads that come after others. */
export function describeOrder(context: StrategyContext): void {
  const { test, fleet, outcomes } = context;

  describe('order', () => {
    test('a workload is begun when those that it comes after are proved', async () => {
      const run = fleet().nextRun();
      const patched: unknown[] = [];
      intercept(fleet().lab.kube('east'), async (request, handle) => {
        if (request.method === 'PATCH' && request.path.includes('/namespaces/ordered/')) {
          const path = '/apis/apps/v1/namespaces/ordered/statefulsets/database';
          const { metadata, status } = await asAdmin<StatefulSet>(fleet().lab, 'east', { path });
          const { generation } = metadata;
          const isUp = status.readyReplicas === 1 && status.observedGeneration === generation;
          patched.push([
            new URL(request.path, 'https://east').pathname.split('/').at(-1),
            generation,
            isUp,
          ]);
        }
        return handle();
      });
      const { code, report } = await fleet().run(run, { restart: 'ordered' });
      expect([code, outcomes(report)]).toEqual([0, ['restarted', 'restarted']]);
      expect(patched).toEqual([
        ['database', 1, true],
        ['reader', 2, true],
      ]);
    });

    test('it is left when they are not', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'stuck', lapse });
      expect(endings(report)).toEqual({
        'east/Deployment/stuck/reader': 'skipped after',
        'east/StatefulSet/stuck/database': 'timedOut',
      });
      expect(code).toBe(3);
    });
  });
}

interface StatefulSet {
  readonly metadata: { readonly generation: number };
  readonly status: { readonly readyReplicas?: number; readonly observedGeneration?: number };
}
