import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { stamp, type Api } from './api.ts';
import { Workloads } from './workloads.ts';

const first = '2026-11-16T02:15:00Z';

/** The Eviction API, by which OnDelete sets are restarted, and its budgets. */
export function evictionContract(api: () => Api): void {
  describe('an eviction', () => {
    const withBudget = async (spec: object) => {
      const all = new Workloads(await api().namespace(), 'StatefulSet');
      await all.make('db', { replicas: 2, updateStrategy: { type: 'OnDelete' } });
      await all.reaches('db', { readyReplicas: 2 });
      const path = `/apis/policy/v1/namespaces/${all.namespace.name}/poddisruptionbudgets`;
      await all.namespace.client.call(path, {
        method: 'POST',
        body: {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'db' },
          spec: { selector: { matchLabels: { app: 'db' } }, ...spec },
        },
      });
      const counted = () =>
        until('the budget is counted', async () => {
          const budget = await all.namespace.client.call(`${path}/db`);
          const status = budget.status as Readonly<Record<string, number>>;
          return status.observedGeneration === 1 && status.expectedPods === 2 && status;
        });
      return { all, counted };
    };

    it('that the budget does not allow is 429, and says why', async () => {
      const { all, counted } = await withBudget({ minAvailable: 2 });
      expect(await counted()).toMatchObject({
        ...{ currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0 },
      });
      const { status, headers, body } = await all.evict('db-1');
      expect(status).toBe(429);
      // Nobody knows when there will be pods enough.
      expect(headers['retry-after']).toBeUndefined();
      expect(body).toMatchObject({
        kind: 'Status',
        reason: 'TooManyRequests',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget db needs 2 healthy pods and has 2 currently',
            },
          ],
        },
      });
    });

    it('brings the pod of an OnDelete set back with the newest revision, within the budget', async () => {
      const { all, counted } = await withBudget({ maxUnavailable: 1 });
      expect(await counted()).toMatchObject({ disruptionsAllowed: 1 });
      await all.patch('db', stamp(first));
      await all.reaches('db', { readyReplicas: 2, updatedReplicas: 0 });
      for (const pod of ['db-1', 'db-0']) {
        const { body } = await until(`${pod} is evicted`, async () => {
          const answer = await all.evict(pod);
          return answer.status === 201 && answer;
        });
        expect(body).toMatchObject({ kind: 'Status', status: 'Success' });
        await until(`${pod} is back`, async () => (await all.stamps('db')).get(pod) === first);
        await all.reaches('db', { readyReplicas: 2 });
      }
      const { status } = await all.reaches('db', { updatedReplicas: 2 });
      expect(status.currentRevision).not.toBe(status.updateRevision);
    });

    it('of a pod that is not there is 404; under another name, 400', async () => {
      const { all } = await withBudget({ minAvailable: 0 });
      expect((await all.evict('db-9')).status).toBe(404);
      const { status } = await all.namespace.client.send(`${all.podPath}/db-0/eviction`, {
        method: 'POST',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'db-1' } },
      });
      expect(status).toBe(400);
    });
  });
}
