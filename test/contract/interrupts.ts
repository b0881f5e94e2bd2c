import { afterAll, expect, it, jest } from '@jest/globals';
import type { ApiRequest, KubeCluster } from '../../src/simulator/kube/api-server.ts';
import { TestFleets, type TestFleet } from './support/fleet.ts';
import { intercept, requests } from './support/intercept.ts';
import { outcomesOf, withArguments, type Job } from './support/job.ts';
import { all, never, once, planned, restartsBy } from './support/restarts.ts';

jest.setTimeout(60_000);

const fleets = new TestFleets();
afterAll(() => fleets.close());

/** The same run again, by a new pod: it must finish what the dead one has begun. */
async function expectFinished(fleet: TestFleet, run: number): Promise<void> {
  const { code, report } = await fleet.run(run);
  expect(restartsBy(fleet, run)).toEqual(once);
  expect(Object.keys(outcomesOf(report)).toSorted()).toEqual(planned.toSorted());
  expect(code).toBe(0);
}

const oneByOne = { rolloutSeconds: 2, strategy: { maxConcurrentRollouts: 1 } };

/** The workloads that a run has stamped so far, each with the same value. */
const begunBy = <T>(fleet: TestFleet, run: number, value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    Object.entries(restartsBy(fleet, run)).flatMap(([key, count]) =>
      count > 0 ? [[key, value]] : [],
    ),
  );

/** Acts when such a request has come to the cluster; it is answered only by closing the connection. */
async function holding(
  kube: KubeCluster,
  matches: (request: ApiRequest) => boolean,
  act: () => Promise<void>,
): Promise<void> {
  const { promise: came, resolve } = Promise.withResolvers<undefined>();
  const held = (request: ApiRequest): boolean => {
    if (!matches(request)) return false;
    resolve(undefined);
    return true;
  };
  kube.faults.arm({ kind: 'hang' }, { matches: held });
  await came;
  await act();
}

it.concurrent(
  'SIGTERM in the middle: nothing new is restarted, what is under way is awaited, a retry finishes',
  async () => {
    const fleet = await fleets.start(oneByOne);
    const run = fleet.nextRun();
    const job = fleet.start(fleet.pod(run));
    await job.told(/: patched$/, 3);
    const begun = begunBy(fleet, run, 'restarted');
    expect(Object.keys(begun)).toHaveLength(3);
    const { code, report } = await job.signal('SIGTERM');
    expect(outcomesOf(report)).toEqual({ ...all('skipped'), ...begun });
    expect([code, report?.exit.name]).toEqual([4, 'retryable']);
    expect(begunBy(fleet, run, 'restarted')).toEqual(begun);
    await expectFinished(fleet, run);
  },
);

it.concurrent('SIGTERM and a short grace period: what is under way is left, and told', async () => {
  const fleet = await fleets.start(oneByOne);
  const run = fleet.nextRun();
  const job = fleet.start(withArguments(fleet.pod(run), { '--grace-seconds': '0.05' }));
  await job.told(/: patched$/, 3);
  const { code, report } = await job.signal('SIGTERM');
  expect(outcomesOf(report)).toEqual(all('skipped'));
  expect(code).toBe(4);
  await expectFinished(fleet, run);
});

it.concurrent(
  'SIGTERM before the run record is read: a clear line, and nothing is restarted',
  async () => {
    const fleet = await fleets.start(oneByOne);
    const run = fleet.nextRun();
    const job = fleet.start(fleet.pod(run));
    await holding(fleet.kube('ci'), requests.readRecord, async () => {
      const { code, stderr, report } = await job.signal('SIGTERM');
      expect(stderr).toMatch(/retryable: told to end before the run began\n$/);
      expect([code, report]).toEqual([4, undefined]);
    });
    expect(restartsBy(fleet, run)).toEqual(never);
  },
);

it.concurrent(
  'SIGTERM before the workloads of a cluster are seen: it is not waited for',
  async () => {
    const fleet = await fleets.start(oneByOne);
    const run = fleet.nextRun();
    const job = fleet.start(fleet.pod(run));
    await holding(fleet.kube('golf-dev'), requests.list, async () => {
      await job.told(/: patched$/, 2);
      const begun = begunBy(fleet, run, 'restarted');
      const { code, report } = await job.signal('SIGTERM');
      expect(outcomesOf(report)).toEqual({ ...all('skipped'), ...begun });
      expect(code).toBe(4);
    });
    await expectFinished(fleet, run);
  },
);

type Moment = 'before' | 'after';

/** Kills at the nth such request to the fleet, which is then not handled, or not answered. */
function killAt(
  { simulated }: TestFleet,
  job: Job,
  [which, nth, moment]: readonly [(request: ApiRequest) => boolean, number, Moment],
): void {
  let count = 0;
  const perhaps = (request: ApiRequest, at: Moment): void => {
    if (at !== moment || job.child.killed || !which(request)) return;
    count += 1;
    if (count !== nth) return;
    job.child.kill('SIGKILL');
    throw new Error('its client is gone');
  };
  for (const { kube } of simulated.world.clusters.values()) {
    intercept(kube, async (request, handle) => {
      perhaps(request, 'before');
      const answer = await handle();
      perhaps(request, 'after');
      return answer;
    });
  }
}

it.concurrent.each<[string, (request: ApiRequest) => boolean, number, Moment]>([
  ['when it has written its first intents', requests.writeRecord, 2, 'after'],
  ['when its first patch is on the way', requests.patch, 1, 'before'],
  ['when its first patch has landed and is not answered', requests.patch, 1, 'after'],
  ['when its last patch has landed and is not answered', requests.patch, 6, 'after'],
])('killed %s, a job is finished by the next', async (_, ...when) => {
  const fleet = await fleets.start();
  const run = fleet.nextRun();
  const job = fleet.start(fleet.pod(run));
  killAt(fleet, job, when);
  const { code, report } = await job.ended;
  expect([code, report]).toEqual([undefined, undefined]);
  await expectFinished(fleet, run);
});

it.concurrent(
  'killed when it tells of its first patch, a job is finished by the next',
  async () => {
    const fleet = await fleets.start();
    const run = fleet.nextRun();
    const job = fleet.start(fleet.pod(run));
    await job.told(/: patched$/);
    await job.signal('SIGKILL');
    await expectFinished(fleet, run);
  },
);

it.concurrent(
  'killed again and again, wherever it stands, a job is finished by the next',
  async () => {
    const fleet = await fleets.start();
    const run = fleet.nextRun();
    for (const ms of [200, 300, 400]) {
      const job = fleet.start(fleet.pod(run));
      const timer = setTimeout(() => job.child.kill('SIGKILL'), ms);
      await job.ended;
      clearTimeout(timer);
    }
    await expectFinished(fleet, run);
  },
);

it('shows no secret', async () => {
  expect(await fleets.leaks()).toEqual([]);
});
