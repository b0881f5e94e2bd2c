import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Body } from '../support.ts';
import { stamp, TestCluster } from '../support.ts';

const path = '/apis/apps/v1/namespaces/sts/statefulsets';
const pods = '/api/v1/namespaces/sts/pods';
const instant = '2024-01-01T02:15:00Z';

type Options = Partial<Parameters<TestCluster['kube']['addStatefulSet']>[0]>;

function withSet(options: Options = {}): TestCluster {
  const cluster = new TestCluster();
  cluster.kube.addStatefulSet({
    ...{ namespace: 'sts', name: 'db', replicas: 3, rolloutSeconds: 9 },
    ...options,
  });
  return cluster;
}

const get = async (cluster: TestCluster): Promise<Body> =>
  (await cluster.json('GET', `${path}/db`)).body;
const statusOf = async (cluster: TestCluster): Promise<Record<string, unknown>> =>
  (await get(cluster)).status as Record<string, unknown>;
const restart = (cluster: TestCluster, at = instant) =>
  cluster.merge(`${path}/db?fieldManager=rollcall`, stamp(at));

/** kubectl's rules (pkg/polymorphichelpers/rollout_status.go), as a referee that shares no code. */
function isDone({ metadata, spec, status = {} }: Body): boolean {
  const { observedGeneration, readyReplicas, updatedReplicas } = status;
  const { replicas, updateStrategy } = spec as unknown as {
    readonly replicas: number;
    readonly updateStrategy: { readonly rollingUpdate?: { readonly partition: number } };
  };
  if (observedGeneration !== metadata.generation || (readyReplicas ?? 0) < replicas) return false;
  return (updatedReplicas ?? 0) >= replicas - (updateStrategy.rollingUpdate?.partition ?? 0);
}

/** Ordinals whose pods have the stamp. */
async function stamped(cluster: TestCluster, at = instant): Promise<readonly string[]> {
  return (await cluster.items(pods))
    .filter(({ metadata }) => metadata.annotations?.['kubectl.kubernetes.io/restartedAt'] === at)
    .map(({ metadata }) => metadata.name);
}

describe('a StatefulSet', () => {
  it('gets the defaults and the first status of the real API server', async () => {
    const cluster = new TestCluster().add('other');
    const { body } = await cluster.json('POST', path, {
      body: {
        metadata: { name: 'db' },
        spec: {
          selector: { matchLabels: { app: 'db' } },
          template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'a' }] } },
        },
      },
    });
    expect(body).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: { spec: { restartPolicy: 'Always' } },
      },
      status: { replicas: 0, availableReplicas: 0 },
    });
    await cluster.clock.run(1_000);
    expect(isDone(await get(cluster))).toBe(true);
  });

  it.each([
    [{ spec: { replicas: -1 } }, 'spec.replicas'],
    [{ spec: { updateStrategy: { type: 'Recreate' } } }, 'spec.updateStrategy.type'],
    [{ spec: { serviceName: 'other' } }, "fields other than 'replicas', 'ordinals', 'template'"],
    [{ spec: { selector: { matchLabels: { app: 'x' } } } }, 'updates to statefulset spec'],
  ])('refuses %j', async (patch, message) => {
    const { status, body } = await withSet().merge(`${path}/db`, patch);
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });

  it('rolls from the highest ordinal down, one pod at a time, in its time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), async (replicas) => {
        const cluster = withSet({ replicas });
        const before = await statusOf(cluster);
        const { metadata } = await get(cluster);
        const watch = await cluster.watch(
          `resourceVersion=${metadata.resourceVersion ?? ''}`,
          path,
        );
        const { body } = await restart(cluster);
        expect(body.metadata.generation).toBe(2);
        // The old status is still there, and looks healthy.
        expect(body.status).toEqual(before);
        await cluster.clock.run(8_999);
        expect(isDone(await get(cluster))).toBe(false);
        await cluster.clock.run(1);
        watch.stop();
        const after = await statusOf(cluster);
        expect(after).toMatchObject({
          observedGeneration: 2,
          ...{ replicas, readyReplicas: replicas, availableReplicas: replicas },
          ...{ currentReplicas: replicas, updatedReplicas: replicas, collisionCount: 0 },
        });
        expect(after.updateRevision).toMatch(/^db-[a-z0-9]{10}$/);
        expect(after.currentRevision).toBe(after.updateRevision);
        expect(after.updateRevision).not.toBe(before.updateRevision);
        for (const { object } of watch.events.slice(1)) {
          expect(object.status?.availableReplicas).toBeGreaterThanOrEqual(replicas - 1);
          const { currentRevision } = object.status as Record<string, unknown>;
          if (!isDone(object)) expect(currentRevision).toBe(before.currentRevision);
        }
        expect(watch.events.map(({ object }) => isDone(object)).lastIndexOf(false)).toBe(
          watch.events.length - 2,
        );
        expect(await stamped(cluster)).toHaveLength(replicas);
        expect(cluster.clock.pending).toBe(0);
      }),
      { numRuns: 6 },
    );
  });

  it('leaves what is below the partition, also when it is deleted', async () => {
    const cluster = withSet({ partition: 2 });
    const before = await statusOf(cluster);
    await restart(cluster);
    await cluster.clock.run(9_000);
    expect(isDone(await get(cluster))).toBe(true);
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
    expect(after.currentRevision).toBe(before.currentRevision);
    expect(await stamped(cluster)).toEqual(['db-2']);
    await cluster.json('DELETE', `${pods}/db-0`);
    await cluster.clock.run(9_000);
    expect(await stamped(cluster)).toEqual(['db-2']);
    await cluster.merge(`${path}/db`, {
      spec: { updateStrategy: { rollingUpdate: { partition: 0 } } },
    });
    await cluster.clock.run(9_000);
    expect(await stamped(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('with OnDelete waits for each pod’s deletion, and never ends', async () => {
    const cluster = withSet({ updateStrategy: 'OnDelete' });
    const before = await statusOf(cluster);
    await restart(cluster);
    await cluster.clock.run(60_000);
    expect(await stamped(cluster)).toEqual([]);
    await cluster.json('DELETE', `${pods}/db-1`);
    await cluster.clock.run(100);
    expect(await statusOf(cluster)).toMatchObject({ replicas: 3, readyReplicas: 2 });
    await cluster.clock.run(8_900);
    expect(await stamped(cluster)).toEqual(['db-1']);
    for (const name of ['db-0', 'db-2']) {
      await cluster.json('DELETE', `${pods}/${name}`);
      await cluster.clock.run(9_000);
    }
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
    // `completeRollingUpdate` is for RollingUpdate alone.
    expect(after.currentRevision).toBe(before.currentRevision);
    expect(after.updateRevision).not.toBe(before.updateRevision);
  });

  it('whose new pods fail stays at the first, and a revert does not get past it', async () => {
    const cluster = withSet({ failing: 'crashLoop' });
    await restart(cluster);
    await cluster.clock.run(60_000);
    const { status } = await get(cluster);
    expect(status).toMatchObject({ readyReplicas: 2, updatedReplicas: 1 });
    await cluster.merge(`${path}/db`, { spec: { template: { metadata: { annotations: null } } } });
    await cluster.clock.run(60_000);
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 2 });
    await cluster.json('DELETE', `${pods}/db-2`);
    await cluster.clock.run(9_000);
    expect(await statusOf(cluster)).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
  });

  it('can be told to fail, and to heal', async () => {
    const cluster = withSet();
    cluster.kube.behave('StatefulSet', 'sts', 'db', { failing: true });
    await restart(cluster);
    await cluster.clock.run(30_000);
    expect(isDone(await get(cluster))).toBe(false);
    cluster.kube.behave('StatefulSet', 'sts', 'db', { failing: false });
    await cluster.json('DELETE', `${pods}/db-2`);
    await cluster.clock.run(9_000);
    expect(isDone(await get(cluster))).toBe(true);
    expect(() => {
      cluster.kube.behave('DaemonSet', 'sts', 'db', {});
    }).toThrow('daemonsets.apps "db" not found');
  });

  it.each([
    [3, 5],
    [3, 1],
    [3, 0],
    [0, 2],
  ])('scales from %d to %d, without a new revision', async (from, to) => {
    const cluster = withSet({ replicas: from });
    const before = await statusOf(cluster);
    await cluster.merge(`${path}/db/scale`, { spec: { replicas: to } });
    await cluster.clock.run(9_000);
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ replicas: to, availableReplicas: to });
    expect(after.updateRevision).toBe(before.updateRevision);
    expect((await cluster.items(pods)).map(({ metadata }) => metadata.name)).toEqual(
      Array.from({ length: to }, (_, ordinal) => `db-${ordinal}`),
    );
  });

  it('stamped a second time midway ends with the second stamp', async () => {
    const cluster = withSet();
    await restart(cluster);
    await cluster.clock.run(4_000);
    const second = '2024-01-02T02:15:00Z';
    await restart(cluster, second);
    await cluster.clock.run(15_000);
    expect(isDone(await get(cluster))).toBe(true);
    expect(await stamped(cluster, second)).toHaveLength(3);
    expect(cluster.kube.templateGenerations()).toMatchObject([
      { kind: 'StatefulSet', name: 'db', restarts: 2 },
    ]);
  });

  it('ends with its pods when it is deleted', async () => {
    const cluster = withSet();
    expect(await cluster.items(pods)).toHaveLength(3);
    await restart(cluster);
    await cluster.clock.run(1_000);
    await cluster.json('DELETE', `${path}/db`);
    expect(await cluster.items(pods)).toEqual([]);
    expect(cluster.clock.pending).toBe(0);
  });
});
