import { describe, expect, it } from '@jest/globals';
import type { Body } from '../support.ts';
import { stamp, TestCluster } from '../support.ts';

const path = '/apis/apps/v1/namespaces/sts/daemonsets';
const pods = '/api/v1/namespaces/sts/pods';
const instant = '2024-01-01T02:15:00Z';

function withSet(
  options: Partial<Parameters<TestCluster['kube']['addDaemonSet']>[0]> = {},
  nodes = 3,
): TestCluster {
  const cluster = new TestCluster({ nodes });
  cluster.kube.addDaemonSet({ namespace: 'sts', name: 'agent', rolloutSeconds: 9, ...options });
  return cluster;
}

const get = async (cluster: TestCluster): Promise<Body> =>
  (await cluster.json('GET', `${path}/agent`)).body;
const restart = (cluster: TestCluster) => cluster.merge(`${path}/agent`, stamp(instant));
const stamps = async (cluster: TestCluster) =>
  (await cluster.items(pods)).map(
    ({ metadata }) => metadata.annotations?.['kubectl.kubernetes.io/restartedAt'],
  );

describe('a DaemonSet', () => {
  it('has a pod on each node, and says so', async () => {
    const cluster = withSet({}, 5);
    expect((await get(cluster)).status).toEqual({
      observedGeneration: 1,
      ...{ desiredNumberScheduled: 5, currentNumberScheduled: 5, updatedNumberScheduled: 5 },
      ...{ numberReady: 5, numberAvailable: 5, numberMisscheduled: 0 },
    });
    const nodes = (await cluster.items(pods)).map(
      ({ spec }) => (spec as unknown as { readonly nodeName: string }).nodeName,
    );
    expect(nodes.toSorted()).toEqual(['node-1', 'node-2', 'node-3', 'node-4', 'node-5']);
  });

  it('of a manifest gets its defaults, and comes up on all nodes at once', async () => {
    const cluster = withSet();
    const { apiVersion, kind, spec } = await get(cluster);
    cluster.kube.apply({ apiVersion, kind, metadata: { namespace: 'sts', name: 'new' }, spec });
    const read = () => cluster.kube.read('DaemonSet', 'sts', 'new');
    expect(read()).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
      status: { currentNumberScheduled: 0, desiredNumberScheduled: 0 },
    });
    await cluster.clock.run(60);
    expect(read()).toMatchObject({ status: { currentNumberScheduled: 3, numberReady: 0 } });
    await cluster.clock.run(940);
    expect(read()).toMatchObject({ status: { numberAvailable: 3 } });
  });

  it('rolls node by node, in its time', async () => {
    const cluster = withSet();
    await restart(cluster);
    expect((await get(cluster)).status).toMatchObject({ observedGeneration: 1 });
    await cluster.clock.run(100);
    expect((await get(cluster)).status).toMatchObject({
      observedGeneration: 2,
      ...{ updatedNumberScheduled: 1, numberAvailable: 2, numberUnavailable: 1 },
    });
    await cluster.clock.run(8_899);
    expect((await get(cluster)).status).toMatchObject({ numberAvailable: 2 });
    await cluster.clock.run(1);
    expect((await get(cluster)).status).toMatchObject({
      ...{ updatedNumberScheduled: 3, numberAvailable: 3 },
    });
    expect(await stamps(cluster)).toEqual([instant, instant, instant]);
  });

  it('with OnDelete changes a node when its pod is deleted', async () => {
    const cluster = withSet({ updateStrategy: 'OnDelete' });
    await restart(cluster);
    await cluster.clock.run(30_000);
    expect(await stamps(cluster)).toEqual([undefined, undefined, undefined]);
    expect((await get(cluster)).status).toMatchObject({ observedGeneration: 2, numberReady: 3 });
    const [pod] = await cluster.items(pods);
    await cluster.json('DELETE', `${pods}/${pod?.metadata.name ?? ''}`);
    await cluster.clock.run(9_000);
    expect((await stamps(cluster)).filter(Boolean)).toEqual([instant]);
    expect((await get(cluster)).status).toMatchObject({ updatedNumberScheduled: 1 });
  });

  it('whose new pods fail stays at the first, and a revert replaces it', async () => {
    const cluster = withSet({ failing: true });
    await restart(cluster);
    await cluster.clock.run(60_000);
    expect((await get(cluster)).status).toMatchObject({
      ...{ updatedNumberScheduled: 1, numberAvailable: 2 },
    });
    await cluster.merge(`${path}/agent`, {
      spec: { template: { metadata: { annotations: null } } },
    });
    await cluster.clock.run(9_000);
    expect((await get(cluster)).status).toMatchObject({
      ...{ updatedNumberScheduled: 3, numberAvailable: 3 },
    });
  });
});
