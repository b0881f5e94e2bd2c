import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { startJob } from '../../src/demo/job-process.ts';
import { findCronJob, makePod } from '../../src/demo/simulated-pod.ts';
import { startSimulatedFleet } from '../../src/demo/simulated-fleet.ts';
import { valueAt, type KubeObject } from '../../src/helm/json.ts';
import { testPods } from '../../src/helm/test-pods.ts';

jest.setTimeout(60_000);

/** A pod that is no Job's has none of the labels that name one: the kubelet gives empty texts. */
const noJob = { ROLLCALL_JOB_NAME: '', ROLLCALL_JOB_UID: '' };

it('the job that helm test runs examines every cluster, and changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-helm-test-'));
  const fleetFile = join(import.meta.dirname, '..', '..', 'examples', 'seed-000.yaml');
  const fleet = await startSimulatedFleet({ fleetFile, folder });
  try {
    const { hub, cronJob } = findCronJob(fleet.world, undefined);
    const [test] = testPods([cronJob as unknown as KubeObject]);
    const args = valueAt(test ?? {}, ['spec', 'containers', 0, 'args']) as readonly string[];
    const own = cronJob.spec.jobTemplate.spec.template.spec.containers[0]?.args ?? [];
    const pod = makePod(fleet, Date.now());
    // What the test's pod has more than the CronJob's, before what only this machine needs.
    const more = [...args.slice(own.length), ...pod.args.slice(own.length)];
    const { code, report } = await startJob({
      bundle: fleet.bundle,
      pod: {
        ...pod,
        args: [...pod.args.slice(0, own.length), ...more],
        environment: { ...pod.environment, ...noJob },
      },
    }).ended;
    expect([code, report?.exit.name]).toEqual([0, 'ok']);
    const outcomes = report?.workloads.map(({ outcome }) => outcome.kind);
    expect(outcomes?.length).toBeGreaterThan(0);
    expect(new Set(outcomes)).toEqual(new Set(['wouldRestart']));
    const { name, namespace } = cronJob.metadata;
    const kube = fleet.world.clusters.get(hub)?.kube;
    const record = kube?.read('ConfigMap', namespace, `${name}-record-0`);
    expect(record).toBeDefined();
    expect(record).not.toHaveProperty('data');
  } finally {
    await fleet.close();
    rmSync(folder, { recursive: true });
  }
});
