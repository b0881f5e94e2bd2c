import { afterAll, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { Report } from '../../jobs/restart/report.ts';
import { until } from '../support/wait.ts';
import type { Laboratory } from './laboratory.ts';
import { TestFleets, type TestFleet } from './support/fleets.ts';
import { intercept, requests } from './support/intercept.ts';
import { outcomesOf } from './support/job.ts';
import { all, never, once, planned, restartsBy } from './support/restarts.ts';

/** Lets nobody through until so many are there. */
class Gate {
  readonly #open = Promise.withResolvers<undefined>();
  readonly #wanted: number;
  #there = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  pass(): Promise<undefined> {
    this.#there += 1;
    if (this.#there >= this.#wanted) this.#open.resolve(undefined);
    return this.#open.promise;
  }
}

async function expectOnce(
  fleet: TestFleet,
  run: number,
  reports: readonly (Report | undefined)[],
): Promise<void> {
  expect(await restartsBy(fleet, run)).toEqual(once);
  for (const workload of planned) {
    const kinds = reports.map((report) => outcomesOf(report)[workload]);
    // Never both: one of the two has restarted it.
    expect(kinds.filter((kind) => kind === 'restarted').length).toBeLessThanOrEqual(1);
  }
}

/** The workloads of golf-pp, each with a value. */
const ofPp = <T>(value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(
    planned.filter((key) => key.startsWith('golf-pp/')).map((key) => [key, value]),
  );

/** Patches in one cluster fail until they are released: what they would do is on record by then. */
function holdPatches(fleet: TestFleet, cluster: string): () => void {
  let held = true;
  intercept(fleet.lab.kube(cluster), (request, handle) =>
    held && requests.patch(request) ? Promise.reject(new Error('held back')) : handle(),
  );
  return () => {
    held = false;
  };
}

const older = { restart: 'after-key-creation' };
const newer = { restart: 'after-key-rotation' };
const twoRestarts = { otherRestarts: [newer.restart] };

/** Jobs of one run at once, and runs and restarts that overlap: each workload at most once for each, and never back. */
export function overlapContract(laboratory: Laboratory): void {
  const test = laboratory.concurrent ? it.concurrent : it;
  const fleets = new TestFleets(laboratory);
  afterAll(() => fleets.close());

  test('two jobs of one run at once restart each workload once', async () => {
    const fleet = await fleets.start();
    const run = fleet.nextRun();
    const ends = await Promise.all([fleet.run(run), fleet.run(run)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    await expectOnce(
      fleet,
      run,
      ends.map(({ report }) => report),
    );
  });

  test('two jobs of one run whose patches meet, as a Lease was lost, restart each workload once', async () => {
    const fleet = await fleets.start();
    const gates = new Map<string, Gate>();
    const statuses: number[] = [];
    for (const name of fleet.lab.world.clusters.keys()) {
      intercept(fleet.lab.kube(name), async (request, handle) => {
        if (!requests.patch(request)) return handle();
        const key = `${name} ${request.path}`;
        const gate = gates.get(key) ?? new Gate(2);
        gates.set(key, gate);
        await gate.pass();
        const answer = await handle();
        statuses.push(answer.status);
        return answer;
      });
    }
    const run = fleet.nextRun();
    const first = await fleet.begin(run);
    await until('every patch of the first job is on its way', () => gates.size === planned.length);
    await fleet.freeLease();
    const second = await fleet.run(run);
    const { code, report } = await first.ended;
    await expectOnce(fleet, run, [report, second.report]);
    const conflicts = statuses.filter((status) => status === 409);
    expect([conflicts.length, statuses.length]).toEqual([6, 12]);
    expect(second.code).toBe(0);
    // It may have come to its end before it knew of its loss.
    expect([0, 4]).toContain(code);
  });

  test('of two restarts of the same workloads, the older one, late, restarts nothing', async () => {
    const fleet = await fleets.start(twoRestarts);
    const [early, late] = [fleet.nextRun(), fleet.nextRun()];
    await fleet.run(late, newer);
    const { code, report } = await fleet.run(early, older);
    expect(code).toBe(0);
    expect(outcomesOf(report)).toEqual(all('alreadyRestarted'));
    expect(report?.workloads[0]?.outcome).toMatchObject({
      run: `${formatInstant(late)}/${newer.restart}`,
      stamp: formatInstant(late),
    });
    expect([...(await fleet.lab.stamps()).values()].flat()).toEqual(
      planned.map(() => formatInstant(late)),
    );
  });

  test('of two restarts of the same workloads, the older one, late, restarts what the newer has not', async () => {
    const fleet = await fleets.start(twoRestarts);
    const [early, late] = [fleet.nextRun(), fleet.nextRun()];
    const release = holdPatches(fleet, 'golf-pp');
    const killed = await fleet.begin(late, newer);
    await killed.told(/golf-(prd|dev) .*: patched$/, 4);
    await killed.signal('SIGKILL');
    await fleet.freeLease(newer.restart);
    release();
    expect(await restartsBy(fleet, late)).toEqual({ ...once, ...ofPp(0) });

    await fleet.run(early, older);
    expect(await restartsBy(fleet, late)).toEqual({ ...once, ...ofPp(0) });
    expect(await restartsBy(fleet, early)).toEqual({ ...never, ...ofPp(1) });

    expect(await fleet.run(late, newer)).toMatchObject({ code: 0 });
    expect(await restartsBy(fleet, late)).toEqual(once);
  });

  test('of two restarts of the same workloads at once, each restarts a workload at most once', async () => {
    const fleet = await fleets.start(twoRestarts);
    const [early, late] = [fleet.nextRun(), fleet.nextRun()];
    const ends = await Promise.all([fleet.run(early, older), fleet.run(late, newer)]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(await restartsBy(fleet, late)).toEqual(once);
    for (const stamps of (await fleet.lab.stamps()).values()) {
      expect(stamps).toEqual([...new Set(stamps)].toSorted());
    }
  });

  test('of two runs of one restart, the older, late, restarts nothing', async () => {
    const fleet = await fleets.start();
    const [early, late] = [fleet.nextRun(), fleet.nextRun()];
    await fleet.run(late);
    const { code, report, stderr } = await fleet.run(early);
    expect(stderr).toContain(`superseded by run ${formatInstant(late)}: only looking`);
    expect([code, outcomesOf(report)]).toEqual([0, all('alreadyRestarted')]);
    expect(await restartsBy(fleet, early)).toEqual(never);
  });

  test('of two runs of one restart, the older, late, leaves the rest to the newer', async () => {
    const fleet = await fleets.start();
    const [early, late] = [fleet.nextRun(), fleet.nextRun()];
    holdPatches(fleet, 'golf-pp');
    const killed = await fleet.begin(late);
    await killed.told(/golf-(prd|dev) .*: patched$/, 4);
    await killed.signal('SIGKILL');
    const { code, report } = await fleet.run(early);
    expect(outcomesOf(report)).toEqual({ ...all('alreadyRestarted'), ...ofPp('skipped') });
    expect(code).toBe(3);
    expect(await restartsBy(fleet, early)).toEqual(never);
  });

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
