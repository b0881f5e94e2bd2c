import { describe, expect } from '@jest/globals';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { podStamps } from '../support/admin.ts';
import { endings } from '../support/tell.ts';
import type { KindsContext } from './context.ts';

/** Every kind, by name and by label. */
export function describeKinds({ test, fleet, count }: KindsContext): void {
  describe('kinds', () => {
    test('each kind is restarted once, by its own stamp, and that is proved', async () => {
      const run = await fleet().thisSecond();
      const options = ['--run', formatInstant(run)];
      const { code, report } = await fleet().run(run, { restart: 'each', options });
      const workloads = [
        'Deployment/each/api',
        'StatefulSet/each/store',
        'DaemonSet/each/agent',
        'Rollout/each/shop',
      ];
      const all = (value: unknown) => Object.fromEntries(workloads.map((key) => [key, value]));
      expect(endings(report)).toEqual(prefixed(all('restarted')));
      expect(code).toBe(0);
      expect(await count(run, 'each')).toEqual(all(1));
      for (const app of ['api', 'store', 'agent']) {
        const stamps = await podStamps(fleet().lab, 'one', 'each', app);
        expect([...new Set(stamps)]).toEqual([formatInstant(run)]);
      }

      const again = await fleet().run(run, { restart: 'each', options });
      expect(endings(again.report)).toEqual(prefixed(all('alreadyRestarted')));
      expect([again.code, again.report?.exit.name]).toEqual([0, 'nothingToDo']);
      expect(await count(run, 'each')).toEqual(all(1));
    });

    test('labels find workloads in several namespaces; what is not there is missing', async () => {
      const run = fleet().nextRun();
      const { code, report } = await fleet().run(run, { restart: 'labelled' });
      expect(endings(report)).toEqual({
        'one/Deployment/east/reader': 'restarted',
        'one/Deployment/west/reader': 'restarted',
        'one/StatefulSet/east/part=locks': 'missing',
        'one/DaemonSet/west/gone': 'missing',
      });
      expect([code, report?.exit.name]).toEqual([3, 'incomplete']);
      expect(await count(run, 'east')).toEqual({
        'Deployment/east/reader': 1,
        'Deployment/east/other': 0,
      });
    });

    // One after the other: they are about the same Rollout.
    test('a Deployment behind a Rollout is the Rollout’s to restart', async () => {
      const alone = await fleet().run(fleet().nextRun(), { restart: 'behind' });
      expect(endings(alone.report)).toEqual({
        'one/Deployment/argo/shop-app': 'delegated to Rollout shop, which is not planned',
      });
      expect(alone.code).toBe(3);

      const run = await fleet().thisSecond();
      const options = ['--run', formatInstant(run)];
      const { code, report } = await fleet().run(run, { restart: 'both', options });
      expect(endings(report)).toEqual({
        'one/Deployment/argo/shop-app': 'delegated to Rollout shop',
        'one/Rollout/argo/shop': 'restarted',
      });
      expect(code).toBe(0);
      expect(await count(run, 'argo')).toEqual({
        'Deployment/argo/shop-app': 0,
        'Rollout/argo/shop': 1,
      });
    });
  });
}

const prefixed = (all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(all).map(([key, value]) => [`one/${key}`, value]));
