import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Pod } from '../../src/demo/pod.ts';
import type { Session } from '../../src/simulator/aws/sessions.ts';
import type { ApiRequest } from '../../src/simulator/kube/api-server.ts';
import type { Fault } from '../../src/simulator/kube/faults.ts';
import { TestFleets, type FleetOptions, type TestFleet } from '../contract/support/fleets.ts';
import { intercept, requests } from '../contract/support/intercept.ts';
import { outcomesOf } from '../contract/support/job.ts';
import { all, once, planned, restartsBy } from '../contract/support/restarts.ts';
import {
  simulatedLaboratory,
  type SimulatedLab,
} from '../contract/support/simulated-laboratory.ts';
import { inTimeLapse } from '../contract/support/time-lapse.ts';

jest.setTimeout(60_000);

/** Half a minute passes in two seconds. */
const lapse = 15;

const throttled: Fault = { kind: 'throttle', retryAfterSeconds: 1 };
const unavailable: Fault = { kind: 'unavailable' };
const hang: Fault = { kind: 'hang' };

const options = {
  everyFault: {},
  retryAfter: {},
  watches: { rolloutSeconds: 1 },
  slow: {},
  silent: { strategy: { timeout: '3m' } },
  silentLater: { strategy: { timeout: '1m' } },
  expiry: { rolloutSeconds: 3, strategy: { maxConcurrentRollouts: 1 } },
} as const satisfies Readonly<Record<string, FleetOptions>>;

const fleets = new TestFleets(simulatedLaboratory);
const started = new Map<string, TestFleet<SimulatedLab>>();
// Made beforehand: a fleet that is being made would hold up the servers of another.
beforeAll(async () => {
  for (const [name, one] of Object.entries(options)) started.set(name, await fleets.start(one));
});
afterAll(() => fleets.close());

function fleetOf(name: keyof typeof options): TestFleet<SimulatedLab> {
  const fleet = started.get(name);
  if (!fleet) throw new Error(`no fleet ${name}`);
  return fleet;
}

async function expectRestarted(
  fleet: TestFleet<SimulatedLab>,
  run: number,
  pod: Pod,
): Promise<void> {
  const { code, report } = await fleet.start(pod).ended;
  expect([code, outcomesOf(report)]).toEqual([0, all('restarted')]);
  expect(await restartsBy(fleet, run)).toEqual(once);
}

const ofDev = planned.filter((key) => key.startsWith('golf-dev/'));
const ofDevAs = (kind: string) => Object.fromEntries(ofDev.map((key) => [key, kind]));

/**
 * STS gives sessions of 61 s, of which the job uses the first one: it renews a token a minute before
 * its session ends. That they can't be used much longer is seen to by ending each early.
 */
function shortenSessions({ lab: { world } }: TestFleet<SimulatedLab>): readonly Session[] {
  const issued: Session[] = [];
  const { sessions } = world;
  const issue = sessions.issue.bind(sessions);
  sessions.issue = (role, name) => {
    const session = issue(role, name, 61);
    issued.push(session);
    setTimeout(() => Object.assign(session, { expiration: world.clock.now() }), 2800).unref();
    return session;
  };
  return issued;
}

it.concurrent('sessions and tokens are renewed in a long wait, before they expire', async () => {
  const fleet = fleetOf('expiry');
  const issued = shortenSessions(fleet);
  const bearers = new Set<string>();
  const statuses = new Set<number>();
  intercept(fleet.lab.kube('golf-prd'), async (request, handle) => {
    bearers.add(request.headers.authorization ?? '');
    const answer = await handle();
    statuses.add(answer.status);
    return answer;
  });
  const run = fleet.nextRun();
  await expectRestarted(fleet, run, await fleet.pod(run));
  // To begin with, for the second workload, and for the last look.
  expect(bearers.size).toBeGreaterThanOrEqual(3);
  expect([...statuses].sort()).toEqual([200, 201]);
  const ofPrd = issued.filter(({ role }) => role.name === 'sts-prd-js-encryption-role');
  expect(ofPrd.length).toBeGreaterThanOrEqual(3);
});

it.concurrent(
  'a cluster that never answers ends as unreachable, in time; the others are restarted',
  async () => {
    const fleet = fleetOf('silent');
    fleet.lab.kube('golf-dev').faults.arm(hang, { times: Infinity });
    const { code, report } = await fleet.start(inTimeLapse(await fleet.pod(fleet.nextRun()), lapse))
      .ended;
    expect(outcomesOf(report)).toEqual({ ...all('restarted'), ...ofDevAs('unreachable') });
    expect(report?.workloads.at(-1)?.outcome).toMatchObject({ link: 'network' });
    expect([code, report?.exit.name]).toEqual([4, 'retryable']);
    const took = Date.parse(report?.finishedAt ?? '') - Date.parse(report?.startedAt ?? '');
    expect(took).toBeLessThan(3 * 60_000);
  },
);

it.concurrent(
  'a cluster that does not answer any more is given up; the others are restarted',
  async () => {
    const fleet = fleetOf('silentLater');
    const kube = fleet.lab.kube('golf-dev');
    intercept(kube, async (request, handle) => {
      const answer = await handle();
      if (!requests.patch(request)) return answer;
      kube.faults.arm(hang, { times: Infinity });
      kube.dropWatches();
      return answer;
    });
    const { code, report } = await fleet.start(inTimeLapse(await fleet.pod(fleet.nextRun()), lapse))
      .ended;
    const outcomes = outcomesOf(report);
    const ofSilent = ofDev.map((key) => outcomes[key]);
    // Of a patch that was not answered it is not known whether it has landed.
    expect(['timedOut', 'unreachable']).toEqual(expect.arrayContaining(ofSilent));
    expect({ ...outcomes, ...ofDevAs('') }).toEqual({ ...all('restarted'), ...ofDevAs('') });
    expect(code).toBe(ofSilent.includes('unreachable') ? 4 : 3);
  },
);

it.concurrent(
  'a cluster puts off, refuses and swallows what is asked for a while: the run ends well',
  async () => {
    const fleet = fleetOf('everyFault');
    const hits: string[] = [];
    for (const what of ['list', 'watch', 'patch'] as const) {
      for (const fault of [throttled, unavailable, hang]) {
        const matches = (request: ApiRequest): boolean =>
          requests[what](request) && hits.push(`${what} ${fault.kind}`) > 0;
        fleet.lab.kube('golf-pp').faults.arm(fault, { matches });
      }
    }
    const run = fleet.nextRun();
    await expectRestarted(fleet, run, inTimeLapse(await fleet.pod(run), lapse));
    expect(hits.toSorted()).toEqual(
      ['list', 'patch', 'watch'].flatMap((what) => [
        `${what} hang`,
        `${what} throttle`,
        `${what} unavailable`,
      ]),
    );
  },
);

it.concurrent('a patch is not sent again before the time that the cluster asks for', async () => {
  const fleet = fleetOf('retryAfter');
  const kube = fleet.lab.kube('golf-pp');
  kube.faults.arm(throttled, { times: 2, matches: requests.patch });
  const sent = new Map<string, number[]>();
  intercept(kube, (request, handle) => {
    const { path } = request;
    if (requests.patch(request)) sent.set(path, [...(sent.get(path) ?? []), performance.now()]);
    return handle();
  });
  const run = fleet.nextRun();
  await expectRestarted(fleet, run, await fleet.pod(run));
  const gaps = [...sent.values()].flatMap((times) =>
    times.slice(1).map((time, index) => time - (times[index] ?? 0)),
  );
  expect(gaps).toHaveLength(2);
  // A server that is held up sees the first patch late.
  expect(Math.min(...gaps)).toBeGreaterThan(500);
});

it.concurrent('watches end, or expire, in the middle: the run ends well', async () => {
  const fleet = fleetOf('watches');
  for (const [cluster, expire] of [
    ['golf-pp', false],
    ['golf-dev', true],
  ] as const) {
    const kube = fleet.lab.kube(cluster);
    intercept(kube, async (request, handle) => {
      const answer = await handle();
      if (!requests.patch(request)) return answer;
      if (expire) kube.compact();
      kube.dropWatches({ expire });
      return answer;
    });
  }
  const run = fleet.nextRun();
  await expectRestarted(fleet, run, await fleet.pod(run));
});

it.concurrent('a cluster that is slow to answer does not hold up the others', async () => {
  const fleet = fleetOf('slow');
  const { promise: mended, resolve: mend } = Promise.withResolvers<undefined>();
  intercept(fleet.lab.kube('golf-pp'), async (_, handle) => {
    await mended;
    return handle();
  });
  const run = fleet.nextRun();
  const job = await fleet.begin(run);
  await job.told(/golf-(prd|dev) .*: restarted$/, 4);
  mend(undefined);
  const { code, report } = await job.ended;
  expect([code, outcomesOf(report)]).toEqual([0, all('restarted')]);
});

it('shows no secret', async () => {
  expect(await fleets.leaks()).toEqual([]);
});
