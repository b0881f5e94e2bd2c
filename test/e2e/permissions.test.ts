import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { restartedAt } from '../../jobs/restart/kube/to-observed.ts';
import { startJob, type JobEnd } from '../../src/demo/job-process.ts';
import { permissionAsked, tally } from './support/manifests/audit.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import type { KubeObject } from '../support/kube-client.ts';
import { permissionsOf } from './support/manifests/permissions.ts';
import { writeOneNameFleet } from './support/manifests/permissions-fleet.ts';
import {
  askedOf,
  refusals,
  rightsOf,
  subjectsOf,
  unusedRights,
} from './support/manifests/rights.ts';
import { startRealFleet, type RealFleet } from './support/fleet/real-fleet.ts';
import { makeRealPod } from './support/fleet/real-pod.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-permissions-'));
const seed000 = join(import.meta.dirname, '..', '..', 'examples', 'seed-000.yaml');
const minute = 60_000;
const thisMinute = Math.floor(Date.now() / minute) * minute;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Requests for one namespace's workloads in one run: each of `named` once for every name. */
interface Cost {
  readonly lists: number;
  /** `perhaps`: it may be over before its watch is on its way. */
  readonly watch: 'once' | 'perhaps';
  readonly named: readonly ('get' | 'patch')[];
}

/**
 * Everything that the job asks of a target. What it may do in a namespace is reviewed once. A
 * namespace is listed, watched, and listed once more before the cluster is left: where something was
 * proved there. GET settles what a watch or a patch
 * leaves open: whether a workload is gone, or was written meanwhile.
 */
const runs: readonly { readonly what: string; readonly counts: string; readonly cost: Cost }[] = [
  { what: 'a run', counts: 'restarted', cost: { lists: 2, watch: 'once', named: ['patch'] } },
  {
    what: 'a run again',
    counts: 'alreadyRestarted',
    cost: { lists: 2, watch: 'perhaps', named: [] },
  },
  {
    what: 'a run whose workloads are deleted under it',
    counts: 'missing',
    cost: { lists: 1, watch: 'once', named: ['patch', 'get'] },
  },
];

const fleets = [
  {
    name: 'several names in a namespace',
    fleetFile: () => seed000,
    hub: { cluster: 'ci', user: 'system:serviceaccount:sts:key-restarter' },
    record: 'sts/after-key-creation',
    targets: [
      { cluster: 'golf-prd', user: 'sts' },
      { cluster: 'golf-pp', user: 'sts' },
      { cluster: 'golf-dev', user: 'rollcall:grada:key-restarter-prd' },
    ],
    namespace: 'sts',
    names: ['sts-js-avro-decryption-processor', 'sts-js-avro-encryption-processor'],
    listed: 'sts',
  },
  {
    name: 'one name, in the hub itself',
    fleetFile: () => writeOneNameFleet(folder),
    hub: { cluster: 'tools', user: 'system:serviceaccount:platform:key-restarter' },
    record: 'platform/own-gateway',
    targets: [{ cluster: 'tools', user: 'rollcall:one-name:key-restarter-prd' }],
    namespace: 'gateways',
    names: ['gateway'],
    listed: 'gateways/gateway',
  },
] as const;

describe.each(fleets)('$name', ({ name, fleetFile, hub, targets, record, ...workloads }) => {
  const { namespace, names, listed } = workloads;
  const clusters = [...new Set([hub.cluster, ...targets.map(({ cluster }) => cluster)])];
  let fleet: RealFleet | undefined;
  const ends: JobEnd[] = [];
  /** When each run began and ended. */
  const spans: { readonly from: number; readonly to: number }[] = [];

  const real = (cluster: string): RealCluster => {
    if (!fleet) throw new Error('the fleet is not started');
    return fleet.cluster(cluster);
  };

  const runJob = async (instant: number, meanwhile?: (instant: number) => Promise<unknown>) => {
    if (!fleet) throw new Error('the fleet is not started');
    const pod = await makeRealPod(fleet, { scheduled: instant, name: `pod-${ends.length}` });
    const from = Date.now();
    const { child, ended } = startJob({ bundle: fleet.bundle, pod });
    try {
      await meanwhile?.(instant);
      ends.push(await ended);
    } finally {
      child.kill('SIGKILL');
    }
    spans.push({ from, to: Date.now() });
  };

  beforeAll(async () => {
    fleet = await startRealFleet({
      fleetFile: fleetFile(),
      folder: join(folder, name.replaceAll(/\W+/g, '-')),
    });
    await runJob(thisMinute - minute);
    await runJob(thisMinute - minute);
    await everyWorkload(slowDown);
    await runJob(thisMinute, (instant) =>
      everyWorkload((cluster, path) => deleteOnceStamped(cluster, path, instant)),
    );
  });

  afterAll(async () => {
    await fleet?.close();
  });

  /** All at once: a run can't end before the last of them has. */
  const everyWorkload = (act: (cluster: RealCluster, path: string) => Promise<unknown>) =>
    Promise.all(
      targets.flatMap(({ cluster }) =>
        names.map((one) =>
          act(real(cluster), `/apis/apps/v1/namespaces/${namespace}/deployments/${one}`),
        ),
      ),
    );

  const generated = (cluster: string) => fleet?.world.clusters.get(cluster);

  /** The lines of what a user asked in the span of a run, once its watches have ended. */
  const askedInRun = (run: number, { cluster, user }: { cluster: string; user: string }) => {
    const { from, to } = spans[run] ?? { from: 0, to: 0 };
    return askedOf(real(cluster))
      .filter((event) => {
        const at = Date.parse(event.requestReceivedTimestamp);
        return event.user.username === user && from <= at && at <= to;
      })
      .map(permissionAsked);
  };

  it('each run ended as it should have', () => {
    const workloadCount = targets.length * names.length;
    expect(ends.map(({ report }) => report?.counts)).toEqual(
      runs.map(({ counts }) => ({ [counts]: workloadCount })),
    );
  });

  it.each(clusters)(
    '%s: who is mapped may do what was generated, and nothing more',
    async (cluster) => {
      const all = permissionsOf(generated(cluster)?.manifests ?? []);
      const hubUser = cluster === hub.cluster ? hub.user : undefined;
      const subjects = subjectsOf(generated(cluster), hubUser);
      expect([...all.keys()].sort()).toEqual(subjects.map(({ username }) => username).sort());
      for (const subject of subjects) {
        expect(await rightsOf(real(cluster), subject)).toEqual(all.get(subject.username));
      }
    },
  );

  it.each(clusters)('%s: and does all of it', async (cluster) => {
    const unused = () => unusedRights(real(cluster), generated(cluster));
    // The last watch stands in the log when the API server has seen that it is over.
    await until('all of it is used', () => unused().length === 0, { timeoutMs: 10_000 }).catch(
      () => {
        expect(unused()).toEqual([]);
      },
    );
  });

  it.each(runs.map((run, index) => ({ ...run, index })))(
    '$what asks of a target what it must, and nothing more',
    async ({ index, cost }) => {
      const { lists, watch, named } = cost;
      const deployments = 'deployments.apps';
      const watched = `watch ${deployments} ${listed}`;
      const expected = {
        'create selfsubjectrulesreviews.authorization.k8s.io ': 1,
        [`list ${deployments} ${listed}`]: lists,
        [watched]: 1,
        ...Object.fromEntries(
          named.flatMap((verb) =>
            names.map((one) => [`${verb} ${deployments} ${namespace}/${one}`, 1]),
          ),
        ),
      };
      for (const target of targets) {
        const lines = () => tally(askedInRun(index, target));
        if (watch === 'once') await until('the watch has ended', () => watched in lines());
        expect({ ...(watch === 'perhaps' && { [watched]: 1 }), ...lines() }).toEqual(expected);
      }
    },
  );

  it('the hub is asked for the run record and its Lease alone', () => {
    const lines = runs.flatMap((_, index) => askedInRun(index, hub));
    expect([...new Set(lines)].sort()).toEqual([
      `get configmaps ${record}-record-0`,
      `get leases.coordination.k8s.io ${record}-lock`,
      `patch configmaps ${record}-record-0`,
      `patch leases.coordination.k8s.io ${record}-lock`,
    ]);
  });

  it.each(clusters)('%s: the job comes as who it is, and is never refused', (cluster) => {
    const events = askedOf(real(cluster));
    const users = [hub, ...targets].filter((one) => one.cluster === cluster);
    expect([...new Set(events.map(({ user }) => user.username))].sort()).toEqual(
      users.map(({ user }) => user).sort(),
    );
    expect(refusals(events)).toEqual([]);
  });
});

/**
 * Its next rollout takes longer than any test, and no template has changed. Done when its controllers
 * have written what they make of that: a patch of the job's must not meet another write.
 */
async function slowDown({ admin }: RealCluster, path: string): Promise<void> {
  await admin.call(path, { method: 'PATCH', body: { spec: { minReadySeconds: 300 } } });
  await until(`the slow ${path} is at rest`, async () => {
    const { metadata, status } = await admin.call<Deployment>(path);
    const { observedGeneration, availableReplicas = 0 } = status;
    return observedGeneration === metadata.generation && availableReplicas === 0;
  });
}

async function deleteOnceStamped(
  { admin }: RealCluster,
  path: string,
  instant: number,
): Promise<void> {
  await until(`the stamp in ${path}`, async () => {
    const { spec } = await admin.call<Deployment>(path);
    return spec.template.metadata?.annotations?.[restartedAt] === formatInstant(instant);
  });
  await admin.call(path, { method: 'DELETE' });
}

interface Deployment extends KubeObject {
  readonly spec: {
    readonly template: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
    };
  };
  readonly status: { readonly observedGeneration?: number; readonly availableReplicas?: number };
}
