import { describe, expect } from '@jest/globals';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { until } from '../../support/wait.ts';
import { asAdmin, podStamps } from '../support/admin.ts';
import type { TestFleet } from '../support/fleets.ts';
import { endings, wordsOn } from '../support/tell.ts';
import type { KindsContext } from './context.ts';

const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** Workloads that are not to be restarted as any other. */
export function describeSpecialCases({ test, fleet, count }: KindsContext): void {
  describe('special cases', () => {
    test('each is told apart, and the rest is restarted', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'special' });
      expect(endings(report)).toEqual({
        'one/Deployment/special/paused': 'skipped paused',
        'one/Deployment/special/empty': 'restarted',
        'one/Deployment/special/solo': 'restarted',
        'one/Deployment/special/kept': 'skipped optedOut',
        'one/StatefulSet/special/split': 'partial',
        'one/StatefulSet/special/by-hand': 'skipped onDelete',
        'one/DaemonSet/special/by-hand-too': 'skipped onDelete',
      });
      expect(code).toBe(3);
      expect(wordsOn(report, 'empty')).toContain('no replicas');
      expect(wordsOn(report, 'solo')).toContain('Recreate');
      expect(wordsOn(report, 'split')).toContain('partition 1 keeps 1 of 3 pods as they were');
      expect(await count(run, 'special')).toEqual({
        'Deployment/special/paused': 0,
        'Deployment/special/empty': 1,
        'Deployment/special/solo': 1,
        'Deployment/special/kept': 0,
        'StatefulSet/special/split': 1,
        'StatefulSet/special/by-hand': 0,
        'DaemonSet/special/by-hand-too': 0,
      });
      const stamps = await podStamps(fleet().lab, 'one', 'special', 'split');
      expect(stamps.map((stamp) => stamp === formatInstant(run)).toSorted()).toEqual([
        false,
        true,
        true,
      ]);
    });

    test('a rollout under way is noted and overtaken; a failure from before is not held against the run', async () => {
      const run = fleet().nextRun();
      await restartByHand(fleet(), 'broken');
      await until('the rollout from before has failed', async () => {
        const { status } = await readDeployment(fleet(), 'broken');
        return status?.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded');
      });
      await restartByHand(fleet(), 'busy');
      const { code, report } = await fleet().run(run, { restart: 'before' });
      expect(endings(report)).toEqual({
        'one/Deployment/before/busy': 'restarted',
        'one/Deployment/before/broken': 'failed before',
      });
      expect(wordsOn(report, 'busy')).toContain('was not up before');
      expect(wordsOn(report, 'broken')).toContain('was failing before');
      expect([code, report?.exit.name, report?.failures]).toEqual([3, 'incomplete', 0]);
    });
  });
}

interface DeploymentObject {
  readonly status?: { readonly conditions?: readonly { readonly reason: string }[] };
}

const pathOf = (name: string): string => `/apis/apps/v1/namespaces/before/deployments/${name}`;

const readDeployment = ({ lab }: TestFleet, name: string): Promise<DeploymentObject> =>
  asAdmin(lab, 'one', { path: pathOf(name) });

/** Long before any run. */
const restartByHand = ({ lab }: TestFleet, name: string): Promise<unknown> =>
  asAdmin(lab, 'one', {
    method: 'PATCH',
    path: pathOf(name),
    body: {
      spec: { template: { metadata: { annotations: { [restartedAt]: '2020-01-01T00:00:00Z' } } } },
    },
  });
