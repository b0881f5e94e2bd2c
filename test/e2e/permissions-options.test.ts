import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { workloadPath } from '../../jobs/restart/kube/kinds.ts';
import { toObserved } from '../../jobs/restart/kube/to-observed.ts';
import type { Report } from '../../jobs/restart/report.ts';
import { startJob } from '../../src/demo/job-process.ts';
import { withArguments } from '../contract/support/job.ts';
import { endings } from '../contract/support/tell.ts';
import { inTimeLapse } from '../contract/support/time-lapse.ts';
import { until } from '../support/wait.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import { startRealFleet, type RealFleet } from './support/fleet/real-fleet.ts';
import { makeRealPod } from './support/fleet/real-pod.ts';
import { planned, writeOptionsFleet } from './support/manifests/options-fleet.ts';
import { permissionsOf } from './support/manifests/permissions.ts';
import {
  askedOf,
  refusals,
  rightsOf,
  subjectsOf,
  unusedRights,
} from './support/manifests/rights.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-permissions-'));
const hubUser = 'system:serviceaccount:sts:key-restarter';
const clusters = ['ci', 'one'] as const;
let fleet: RealFleet;
let first: Report | undefined;
let second: Report | undefined;

beforeAll(async () => {
  fleet = await startRealFleet({
    fleetFile: writeOptionsFleet(folder),
    folder: join(folder, 'fleet'),
  });
  first = await runJob('first');
  const one = fleet.cluster('one');
  await Promise.all(planned.map((workload) => slowDown(one, workload)));
  // From here on Rollouts stay as they are.
  await fleet.players.get('one')?.stop();
  second = await runJob('second', (instant) =>
    Promise.all(planned.map((workload) => deleteOnceStamped(one, workload, instant))),
  );
});

afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

/** A run of this very second, twenty times as fast. */
async function runJob(
  name: string,
  meanwhile?: (instant: string) => Promise<unknown>,
): Promise<Report | undefined> {
  await sleep(1000 - (Date.now() % 1000));
  const instant = formatInstant(Math.floor(Date.now() / 1000) * 1000);
  const made = await makeRealPod(fleet, { scheduled: 0, name });
  const pod = inTimeLapse(withArguments(made, { '--run': instant }), 20);
  const { child, ended } = startJob({ bundle: fleet.bundle, pod });
  try {
    await meanwhile?.(instant);
    return (await ended).report;
  } finally {
    child.kill('SIGKILL');
  }
}

it('each run ended as it should have', () => {
  const all = (ending: string) =>
    Object.fromEntries(
      planned.map(({ kind, namespace, name }) => [`one/${kind}/${namespace}/${name}`, ending]),
    );
  expect(endings(first)).toEqual({
    ...all('restarted'),
    'one/StatefulSet/apps/bad': 'failed',
    'one/Deployment/plain/bad': 'failed',
  });
  expect(endings(second)).toEqual(all('missing'));
});

it.each(clusters)('%s: options give the rights that they need, and nothing more', async (name) => {
  const generated = fleet.world.clusters.get(name);
  const granted = permissionsOf(generated?.manifests ?? []);
  for (const subject of subjectsOf(generated, name === 'ci' ? hubUser : undefined)) {
    const rights = await rightsOf(fleet.cluster(name), subject);
    expect(rights).toEqual(granted.get(subject.username));
  }
});

it.each(clusters)('%s: and all of them are used', async (name) => {
  const unused = () => unusedRights(fleet.cluster(name), fleet.world.clusters.get(name));
  // The last watch stands in the log when the API server has seen that it is over.
  await until('all of it is used', () => unused().length === 0, { timeoutMs: 10_000 }).catch(() => {
    expect(unused()).toEqual([]);
  });
  expect(refusals(askedOf(fleet.cluster(name)))).toEqual([]);
});

type Planned = (typeof planned)[number];
const pathOf = ({ kind, namespace, name }: Planned): string => workloadPath(kind, namespace, name);

/** Its next rollout takes longer than any test. Done when its controller is at rest. */
async function slowDown({ admin }: RealCluster, workload: Planned): Promise<void> {
  if (workload.kind === 'Rollout') return;
  const path = pathOf(workload);
  const spec = {
    minReadySeconds: 300,
    ...(workload.kind === 'Deployment' && { progressDeadlineSeconds: 600 }),
  };
  await admin.call(path, { method: 'PATCH', body: { spec } });
  await until(`the slow ${path} is at rest`, async () => {
    const { metadata, status } = await admin.call(path);
    const { observedGeneration } = status as { readonly observedGeneration?: number };
    return observedGeneration === metadata.generation;
  });
}

async function deleteOnceStamped(
  { admin }: RealCluster,
  workload: Planned,
  instant: string,
): Promise<void> {
  const path = pathOf(workload);
  await until(`the stamp in ${path}`, async () => {
    const object = await admin.call(path);
    return toObserved(workload.kind, object).stamp === instant;
  });
  await admin.call(path, { method: 'DELETE' });
}
