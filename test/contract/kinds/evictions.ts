import { describe, expect } from '@jest/globals';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { asAdmin, podStamps } from '../support/admin.ts';
import { intercept } from '../support/intercept.ts';
import { endings } from '../support/tell.ts';
import type { KindsContext } from './context.ts';

/** Ten times as fast: pods are evicted every half second, not every five. */
const lapse = 10;

/** Pods that are replaced only when someone takes them away. */
export function describeEvictions({ test, fleet }: KindsContext): void {
  describe('evictions', () => {
    test('with evictOnDelete, pods of OnDelete workloads are evicted one by one', async () => {
      const run = fleet().nextRun();
      const evictions: string[] = [];
      const missing: unknown[] = [];
      intercept(fleet().lab.kube('one'), async (request, handle) => {
        if (!/\/namespaces\/evicted\/pods\/[^/]+\/eviction/.test(request.path)) return handle();
        const workload = request.path.includes('/pods/store-')
          ? 'statefulsets/store'
          : 'daemonsets/agent';
        const path = `/apis/apps/v1/namespaces/evicted/${workload}`;
        const { status } = await asAdmin<SetObject>(fleet().lab, 'one', { path });
        if ((status.readyReplicas ?? status.numberReady) !== 2) missing.push(status);
        const answer = await handle();
        if (answer.status < 300) evictions.push(workload);
        return answer;
      });
      const { code, report } = await fleet().run(run, { restart: 'evicted', lapse });
      expect(endings(report)).toEqual({
        'one/StatefulSet/evicted/store': 'restarted',
        'one/DaemonSet/evicted/agent': 'restarted',
      });
      expect([code, missing]).toEqual([0, []]);
      const twice = (one: string) => [one, one];
      expect(evictions.toSorted()).toEqual(
        ['daemonsets/agent', 'statefulsets/store'].flatMap(twice),
      );
      for (const app of ['store', 'agent']) {
        const stamps = await podStamps(fleet().lab, 'one', 'evicted', app);
        expect(stamps).toEqual(twice(formatInstant(run)));
      }
    });

    test('a PodDisruptionBudget holds evictions up; freed, they go on where they stood', async () => {
      const run = fleet().nextRun();
      const budgets = '/apis/policy/v1/namespaces/guarded/poddisruptionbudgets';
      await asAdmin(fleet().lab, 'one', {
        method: 'POST',
        path: budgets,
        body: {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'all-of-them' },
          spec: { minAvailable: 2, selector: { matchLabels: { app: 'store' } } },
        },
      });
      const job = await fleet().begin(run, { restart: 'guarded', lapse });
      await job.told(/no pod may be evicted just now: .*disruption budget/);
      const { code, report } = await job.ended;
      expect(endings(report)).toEqual({ 'one/StatefulSet/guarded/store': 'timedOut' });
      expect([code, report?.failures]).toEqual([3, 1]);
      expect(await podStamps(fleet().lab, 'one', 'guarded', 'store')).toEqual([
        undefined,
        undefined,
      ]);

      await asAdmin(fleet().lab, 'one', { method: 'DELETE', path: `${budgets}/all-of-them` });
      const freed = await fleet().run(run, { restart: 'guarded', lapse });
      expect(endings(freed.report)).toEqual({
        'one/StatefulSet/guarded/store': 'alreadyRestarted',
      });
      expect(freed.code).toBe(0);
      const stamps = await podStamps(fleet().lab, 'one', 'guarded', 'store');
      expect(stamps).toEqual([formatInstant(run), formatInstant(run)]);
    });
  });
}

interface SetObject {
  readonly status: { readonly readyReplicas?: number; readonly numberReady?: number };
}
