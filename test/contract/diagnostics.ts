import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { JobEnd } from '../../src/demo/job-process.ts';
import type { Laboratory } from './laboratory.ts';
import { asAdmin } from './support/admin.ts';
import { TestFleets, type TestFleet } from './support/fleets.ts';
import { writeSmallFleet } from './support/small-fleet.ts';
import { endings, wordsOn } from './support/tell.ts';

/** Twenty times as fast: pods are looked at every second. */
const lapse = 20;
const namespace = 'apps';
const strategy = { diagnostics: true };

const writeFleet = (home: string): string =>
  writeSmallFleet(home, {
    targets: {
      one: {
        deployments: [
          { namespace, name: 'well', rolloutSeconds: 0.3 },
          // Longer than it takes to see why: its own deadline would end it too.
          { namespace, name: 'no-image', rolloutSeconds: 20, failing: 'imagePull' },
        ],
        statefulSets: [{ namespace, name: 'crashing', rolloutSeconds: 0.5, failing: 'crashLoop' }],
      },
    },
    restarts: {
      diagnosed: {
        workloads: [
          { namespace, names: ['well', 'no-image'] },
          { namespace, kind: 'StatefulSet', names: ['crashing'] },
        ],
        strategy,
      },
    },
  });

/** What is told of pods that do not come up, where the job may look at them. */
export function diagnosticsContract(laboratory: Laboratory): void {
  const fleets = new TestFleets(laboratory);
  let fleet: TestFleet;
  let run: number;
  let end: JobEnd;
  beforeAll(async () => {
    fleet = await fleets.startFrom(writeFleet);
    run = fleet.nextRun();
    end = await fleet.run(run, { lapse });
  });
  afterAll(() => fleets.close());

  it('a workload that can not come up fails before its time is over, and says why', () => {
    expect(endings(end.report)).toEqual({
      'one/Deployment/apps/well': 'restarted',
      'one/Deployment/apps/no-image': 'failed',
      'one/StatefulSet/apps/crashing': 'failed',
    });
    expect(wordsOn(end.report, 'crashing')).toMatch(
      /CrashLoopBackOff: container crashing, .*[3-9] restarts \(pod crashing-0\)/,
    );
    expect(wordsOn(end.report, 'no-image')).toMatch(
      /ImagePullBackOff: container no-image, Back-off pulling image "?example\.invalid\/no-image:1/,
    );
    // Nor has its controller given it up.
    expect(wordsOn(end.report, 'no-image')).not.toContain('progressing');
    expect([end.code, end.report?.exit.name, end.report?.failures]).toEqual([3, 'incomplete', 2]);
  });

  it('each workload that was restarted has one Event that names the run', async () => {
    const again = await fleet.run(run, { lapse });
    expect(endings(again.report)).toMatchObject({ 'one/Deployment/apps/well': 'alreadyRestarted' });
    const path = `/api/v1/namespaces/${namespace}/events`;
    const { items } = await asAdmin<EventList>(fleet.lab, 'one', { path });
    const ours = items
      .filter(({ source }) => source?.component === 'rollcall')
      .map(({ involvedObject: { kind, name }, reason, message }) => [kind, name, reason, message]);
    const told = ['Restarted', `Restarted by run ${formatInstant(run)} of diagnosed`];
    expect(ours.toSorted()).toEqual([
      ['Deployment', 'no-image', ...told],
      ['Deployment', 'well', ...told],
      ['StatefulSet', 'crashing', ...told],
    ]);
  });

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}

interface EventList {
  readonly items: readonly {
    readonly involvedObject: { readonly kind: string; readonly name: string };
    readonly source?: { readonly component?: string };
    readonly reason: string;
    readonly message: string;
  }[];
}
