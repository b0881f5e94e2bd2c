import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { JobEnd } from '../../src/demo/job-process.ts';
import type { RealFleet } from './support/fleet/real-fleet.ts';
import { followUp, startAttempt, type Attempt } from './support/endurance/attempts.ts';
import {
  namespace,
  startSlowFleet,
  targets,
  workloadsOf,
  type SlowRestart,
} from './support/endurance/fleet.ts';
import { putGate } from './support/endurance/gate.ts';
import { countRestarts, onceMoreThan } from './support/endurance/restarts.ts';
import { askWith, shortenSessions } from './support/endurance/sessions.ts';
import {
  askedByJob,
  compact,
  firstEvent,
  freezeFor,
  killFor,
  longestSilence,
} from './support/endurance/watch.ts';
import { until } from '../support/wait.ts';

jest.setTimeout(5 * 60_000);

const minute = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-endurance-'));
let fleet: RealFleet;
let runs = 0;
/** Those of a case that fails must not outlive it. */
const started: Attempt[] = [];

beforeAll(async () => {
  fleet = await startSlowFleet(folder);
});

afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await fleet.close();
  rmSync(folder, { recursive: true });
});

/** Of one run. Gives its Jobs' pods, by Job, each in order. */
type Act = (start: (name: string) => Promise<Attempt>) => Promise<readonly Attempt[]>;

/**
 * Begins a new run, lets it suffer, and sees it through as the Job controller does: in the end every
 * workload is proved, and was restarted once. Gives how the pods ended, by first attempt.
 */
async function expectOnce(restart: SlowRestart, act: Act): Promise<readonly (readonly JobEnd[])[]> {
  runs += 1;
  const run = (Math.floor(Date.now() / minute) - 60 + runs) * minute;
  const before = await countRestarts(fleet, restart, run);
  const options = (name: string) => ({ restart, run, name: `${restart}-${runs}-${name}` });
  const firsts = await act(async (name) => {
    const attempt = await startAttempt(fleet, options(name));
    started.push(attempt);
    return attempt;
  });
  const ends = await Promise.all(
    firsts.map((first, index) => followUp(fleet, options(`next-${index}`), first)),
  );
  for (const pods of ends) {
    const last = pods.at(-1);
    expect(last?.code).toBe(0);
    expect(last?.report?.workloads.map(({ cluster, name }) => `${cluster}/${name}`)).toEqual(
      workloadsOf(restart),
    );
  }
  expect(await countRestarts(fleet, restart, run)).toEqual(onceMoreThan(before));
  return ends;
}

const podsUsed = (ends: readonly (readonly JobEnd[])[]) => ends.map((pods) => pods.length);
const patched = /: patched$/;
const patchedIn = (cluster: string) => new RegExp(` ${cluster} .*: patched$`);

it('sees the end of a rollout in which a watch sees nothing for more than half a minute', async () => {
  const watching = new AbortController();
  const silences = targets.map((cluster) =>
    longestSilence(
      fleet.cluster(cluster),
      `/apis/apps/v1/namespaces/${namespace}/deployments?watch=1`,
      watching.signal,
    ),
  );
  const ends = await expectOnce('silent', async (start) => [await start('only')]);
  watching.abort();
  expect(podsUsed(ends)).toEqual([1]);
  for (const silence of silences) expect(await silence).toBeGreaterThan(30_000);
});

it('goes on when an API server is killed and comes back, and another one freezes for 20 s', async () => {
  await expectOnce('steady', async (start) => {
    const attempt = await start('only');
    await Promise.all(targets.map((cluster) => attempt.told(patchedIn(cluster))));
    await Promise.all([
      killFor(fleet.cluster('alpha'), 0),
      freezeFor(fleet.cluster('beta'), 20_000),
    ]);
    return [attempt];
  });
});

it('a pod outlasts an API server that is away for a quarter of a minute', async () => {
  const ends = await expectOnce('watched', async (start) => {
    const attempt = await start('only');
    await attempt.told(patched, 4);
    await killFor(fleet.cluster('alpha'), 15_000);
    return [attempt];
  });
  expect(podsUsed(ends)).toEqual([1]);
});

it('misses nothing when the version that it watched from is compacted away', async () => {
  const alpha = fleet.cluster('alpha');
  const earlier = askedByJob(alpha).length;
  const gate = await putGate(fleet, 'alpha');
  let openedAt = 0;
  try {
    const ends = await expectOnce('watched', async (start) => {
      const attempt = await start('only');
      await attempt.told(patched, 4);
      gate.shut();
      await compact(fleet.etcd);
      await killFor(alpha, 0);
      openedAt = Date.now();
      gate.open();
      return [attempt];
    });
    expect(podsUsed(ends)).toEqual([1]);
  } finally {
    await gate.close();
  }
  const asked = askedByJob(alpha)
    .slice(earlier)
    .filter(({ verb }) => verb !== 'create');
  // The watch that it resumed was refused, and it listed.
  const listed = asked.findIndex(({ verb }, index) => index > 0 && verb === 'list');
  const resumed = asked[listed - 1];
  expect(Date.parse(resumed?.requestReceivedTimestamp ?? '')).toBeGreaterThanOrEqual(openedAt);
  expect(await firstEvent(alpha, resumed?.requestURI ?? '')).toMatchObject({
    type: 'ERROR',
    object: { code: 410, reason: 'Expired' },
  });
});

it("goes on when the hub's API server is killed while it writes down what was done", async () => {
  await expectOnce('steady', async (start) => {
    const attempt = await start('only');
    const { server } = fleet.cluster('hub');
    await attempt.told(patched);
    // What the job writes now hangs, and dies with the server.
    server.signal('SIGSTOP');
    await sleep(2000);
    await killFor(fleet.cluster('hub'), 1000);
    return [attempt];
  });
});

it('renews tokens before the cluster refuses them', async () => {
  const alpha = fleet.cluster('alpha');
  const earlier = askedByJob(alpha).length;
  const short = shortenSessions(fleet, { toldSeconds: 61, seconds: 5 });
  try {
    let ask = (): Promise<number> => Promise.resolve(0);
    const ends = await expectOnce('steady', async (start) => {
      const attempt = await start('only');
      const [session] = await until(
        'a session',
        () => short.of('alpha').length > 0 && short.of('alpha'),
      );
      if (session) ask = await askWith(fleet, 'alpha', session);
      expect(await ask()).toBe(200);
      return [attempt];
    });
    expect(podsUsed(ends)).toEqual([1]);
    expect(await ask()).toBe(401);
    expect(short.of('alpha').length).toBeGreaterThanOrEqual(3);
  } finally {
    short.restore();
  }
  const codes = askedByJob(alpha)
    .slice(earlier)
    .map(({ responseStatus }) => responseStatus?.code);
  // 201: what it may do there is reviewed by making a review.
  expect([...new Set(codes)].sort()).toEqual([200, 201]);
});

it('a session that is revoked in the middle costs a pod, and no restart', async () => {
  const short = shortenSessions(fleet, { toldSeconds: 3600, seconds: 5 });
  try {
    await expectOnce('steady', async (start) => {
      const attempt = await start('only');
      await attempt.told(patched);
      short.restore();
      return [attempt];
    });
  } finally {
    short.restore();
  }
});

it('two pods of one run, one of them killed, with an API server that is killed too', async () => {
  await expectOnce('steady', async (start) => {
    const one = await start('one');
    const other = await start('other');
    // Either may have been the one to patch.
    await one.told(/ alpha .*: /);
    one.child.kill('SIGKILL');
    await killFor(fleet.cluster('alpha'), 1000);
    return [one, other];
  });
});
