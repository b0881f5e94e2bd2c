import { afterAll, expect, it } from '@jest/globals';
import type { ApiRequest } from '../../src/simulator/kube/api-server.ts';
import type { Kube, Laboratory } from './laboratory.ts';
import { TestFleets, type TestFleet } from './support/fleets.ts';
import { intercept, requests } from './support/intercept.ts';
import { outcomesOf, withArguments, type Job } from './support/job.ts';
import { all, clusterOf, never, once, planned, restartsBy, targets } from './support/restarts.ts';

/** The same run again, by a new pod: it must finish what the dead one has begun. */
async function expectFinished(fleet: TestFleet, run: number): Promise<string> {
  const { code, report, stderr } = await fleet.run(run);
  expect(await restartsBy(fleet, run)).toEqual(once);
  expect(Object.keys(outcomesOf(report)).toSorted()).toEqual(planned.toSorted());
  expect(code).toBe(0);
  return stderr;
}

const oneByOne = { rolloutSeconds: 2, strategy: { maxConcurrentRollouts: 1 } };
/** One workload after the other: it is known how far a job has come by then. */
const inOrder = { maxConcurrentClusters: 1, maxConcurrentRollouts: 1 };

/** The workloads that a run has stamped so far, each with the same value. */
const begunBy = async <T>(
  fleet: TestFleet,
  run: number,
  value: T,
): Promise<Readonly<Record<string, T>>> =>
  Object.fromEntries(
    Object.entries(await restartsBy(fleet, run)).flatMap(([key, count]) =>
      count > 0 ? [[key, value]] : [],
    ),
  );

/** Acts when the first such request has come to the cluster; that one is never answered. */
async function holding(
  kube: Kube,
  matches: (request: ApiRequest) => boolean,
  act: () => Promise<void>,
): Promise<void> {
  const { promise: came, resolve } = Promise.withResolvers<undefined>();
  let held = false;
  intercept(kube, async (request, handle) => {
    if (held || !matches(request)) return handle();
    held = true;
    resolve(undefined);
    return left(request.signal);
  });
  await came;
  await act();
}

const left = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const leave = (): void => {
      reject(new Error('its client is gone'));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

/** No patch gets through until one has come to each target: connecting may take longer than a rollout. */
function patchTogether({ lab }: TestFleet): void {
  const missing = new Set(targets);
  const { promise: together, resolve } = Promise.withResolvers<undefined>();
  for (const cluster of targets) {
    intercept(lab.kube(cluster), async (request, handle) => {
      if (!requests.patch(request)) return handle();
      missing.delete(cluster);
      if (missing.size === 0) resolve(undefined);
      await together;
      return handle();
    });
  }
}

type Moment = 'before' | 'after';
type When = readonly [which: (request: ApiRequest) => boolean, nth: number, moment: Moment];

/** Kills at the nth such request to the fleet, which is then not handled, or not answered. */
function killAt({ lab }: TestFleet, job: Job, [which, nth, moment]: When): void {
  let count = 0;
  const perhaps = (request: ApiRequest, at: Moment): void => {
    if (at !== moment || job.child.killed || !which(request)) return;
    count += 1;
    if (count !== nth) return;
    job.child.kill('SIGKILL');
    throw new Error('its client is gone');
  };
  for (const cluster of lab.world.clusters.keys()) {
    intercept(lab.kube(cluster), async (request, handle) => {
      perhaps(request, 'before');
      const answer = await handle();
      perhaps(request, 'after');
      return answer;
    });
  }
}

/** A job that is killed or told to end leaves a run that the next pod finishes: nothing twice, nothing lost. */
export function interruptContract(laboratory: Laboratory): void {
  const test = laboratory.concurrent ? it.concurrent : it;
  const fleets = new TestFleets(laboratory);
  afterAll(() => fleets.close());

  test('SIGTERM in the middle: nothing new is restarted, what is under way is awaited, a retry finishes', async () => {
    const fleet = await fleets.start(oneByOne);
    patchTogether(fleet);
    const run = fleet.nextRun();
    const job = await fleet.begin(run);
    await job.told(/: patched$/, 3);
    const { code, report } = await job.signal('SIGTERM');
    const begun = await begunBy(fleet, run, 'restarted');
    expect(Object.keys(begun).map(clusterOf).toSorted()).toEqual(targets.toSorted());
    expect(outcomesOf(report)).toEqual({ ...all('skipped'), ...begun });
    expect([code, report?.exit.name]).toEqual([4, 'retryable']);
    await expectFinished(fleet, run);
  });

  test('SIGTERM and a short grace period: what is under way is left, and told', async () => {
    const fleet = await fleets.start(oneByOne);
    patchTogether(fleet);
    const run = fleet.nextRun();
    const job = fleet.start(withArguments(await fleet.pod(run), { '--grace-seconds': '0.05' }));
    await job.told(/: patched$/, 3);
    const { code, report } = await job.signal('SIGTERM');
    expect(outcomesOf(report)).toEqual(all('skipped'));
    expect(code).toBe(4);
    await expectFinished(fleet, run);
  });

  test('SIGTERM before the run record is read: a clear line, and nothing is restarted', async () => {
    const fleet = await fleets.start(oneByOne);
    const run = fleet.nextRun();
    const job = await fleet.begin(run);
    await holding(fleet.lab.kube('ci'), requests.readRecord, async () => {
      const { code, stderr, report } = await job.signal('SIGTERM');
      expect(stderr).toMatch(/retryable: told to end before the run began\n$/);
      expect([code, report]).toEqual([4, undefined]);
    });
    expect(await restartsBy(fleet, run)).toEqual(never);
  });

  test('SIGTERM before the workloads of a cluster are seen: it is not waited for', async () => {
    const fleet = await fleets.start(oneByOne);
    const run = fleet.nextRun();
    const job = await fleet.begin(run);
    await holding(fleet.lab.kube('golf-dev'), requests.list, async () => {
      await job.told(/: patched$/, 2);
      const { code, report } = await job.signal('SIGTERM');
      const begun = await begunBy(fleet, run, 'restarted');
      expect(outcomesOf(report)).toEqual({ ...all('skipped'), ...begun });
      expect(code).toBe(4);
    });
    await expectFinished(fleet, run);
  });

  test.each<[string, ...When]>([
    ['when it has written its first intents', requests.writeRecord, 2, 'after'],
    ['when its first patch is on the way', requests.patch, 1, 'before'],
    ['when its first patch has landed and is not answered', requests.patch, 1, 'after'],
    ['when its last patch has landed and is not answered', requests.patch, 6, 'after'],
  ])('killed %s, a job is finished by the next', async (_, ...when) => {
    const fleet = await fleets.start();
    const run = fleet.nextRun();
    const job = await fleet.begin(run);
    killAt(fleet, job, when);
    const { code, report } = await job.ended;
    expect([code, report]).toEqual([undefined, undefined]);
    await fleet.freeLease();
    await expectFinished(fleet, run);
  });

  test('killed when it tells of its first patch, a job is finished by the next, which waits for its Lease', async () => {
    const fleet = await fleets.start();
    const run = fleet.nextRun();
    const job = await fleet.begin(run);
    await job.told(/: patched$/);
    await job.signal('SIGKILL');
    const stderr = await expectFinished(fleet, run);
    expect(stderr).toMatch(/waiting for the Lease, which \S+ holds$/m);
  });

  test('killed again and again, wherever it stands, a job is finished by the next', async () => {
    const fleet = await fleets.start({ strategy: inOrder });
    const run = fleet.nextRun();
    const stamped: number[] = [];
    const kills: readonly When[] = [
      [requests.writeRecord, 1, 'after'],
      [requests.patch, 1, 'before'],
      [requests.patch, 1, 'after'],
      [requests.list, 2, 'before'],
      [requests.patch, 2, 'before'],
      [requests.patch, 2, 'after'],
      [requests.patch, 1, 'after'],
    ];
    for (const when of kills) {
      const job = await fleet.begin(run);
      killAt(fleet, job, when);
      expect((await job.ended).report).toBeUndefined();
      await fleet.freeLease();
      stamped.push(Object.keys(await begunBy(fleet, run, 1)).length);
    }
    expect(stamped).toEqual([0, 0, 1, 2, 3, 5, 6]);
    await expectFinished(fleet, run);
  });

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
