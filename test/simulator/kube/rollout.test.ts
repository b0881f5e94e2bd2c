import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Deployment } from '../../../src/simulator/kube/deployments.ts';
import { templateHash } from '../../../src/simulator/kube/deployments.ts';
import { settled, stamp, TestCluster } from './support.ts';
import type { WatchLine } from './support.ts';

const instant = '2024-01-01T02:15:00Z';

/** kubectl's rules (pkg/polymorphichelpers/rollout_status.go), as a referee that shares no code. */
function kubectlStatus({ metadata, spec, status = {} }: Deployment): 'waiting' | 'done' | 'failed' {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) return 'waiting';
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return 'failed';
  if (updatedReplicas < spec.replicas) return 'waiting';
  if (replicas > updatedReplicas) return 'waiting';
  return availableReplicas < updatedReplicas ? 'waiting' : 'done';
}

const reasonOf = ({ status }: Deployment): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;

/** Every state that a watch sees of a stamped Deployment, for twice the time that it needs. */
async function roll(
  options: Parameters<TestCluster['add']>[1],
): Promise<{ events: readonly WatchLine[]; cluster: TestCluster }> {
  const cluster = new TestCluster().add('web', options);
  const { metadata } = await cluster.get('web');
  const watch = await cluster.watch(`resourceVersion=${metadata.resourceVersion ?? ''}`);
  await cluster.patch('web', stamp(instant));
  await cluster.clock.run(20_000);
  watch.stop();
  return { events: watch.events, cluster };
}

describe('the hash of a template', () => {
  const template = (annotations: Record<string, string>) => ({ metadata: { annotations } });

  it('is that of its content: neither the order of keys nor an empty map is any', () => {
    expect(templateHash(template({ a: '1', b: '2' }))).toBe(
      templateHash(template({ b: '2', a: '1' })),
    );
    expect(templateHash(template({}))).toBe(templateHash({ metadata: {} }));
    expect(templateHash(template({ a: '1' }))).not.toBe(templateHash(template({ a: '2' })));
  });
});

describe('a rollout', () => {
  it('waits, then is done at its end and stays so, whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), async (replicas) => {
        const { events, cluster } = await roll({ replicas });
        const states = events.map(({ object }) => kubectlStatus(object));
        const done = states.indexOf('done');
        expect(states.slice(0, done).every((state) => state === 'waiting')).toBe(true);
        expect(states.slice(done)).toEqual(['done']);
        // Linear cost: the number of writes does not grow with the pods.
        expect(events.length).toBeLessThanOrEqual(9);
        const last = await cluster.get('web');
        expect(last.status?.replicas ?? 0).toBe(replicas);
        expect(last.metadata.annotations).toMatchObject({
          'deployment.kubernetes.io/revision': '2',
        });
        expect(cluster.kube.templateGenerations()).toMatchObject([{ restarts: 1 }]);
        expect(cluster.clock.pending).toBe(0);
      }),
      { numRuns: 41 },
    );
  });

  it('of three pods, step by step', async () => {
    const { events } = await roll({ replicas: 3 });
    const seen = events.map(({ object }) => {
      const { observedGeneration, replicas, updatedReplicas, availableReplicas } =
        object.status ?? {};
      return [observedGeneration, replicas, updatedReplicas, availableReplicas, reasonOf(object)];
    });
    const [available, updated] = ['NewReplicaSetAvailable', 'ReplicaSetUpdated'];
    expect(seen).toEqual([
      // The patch itself: the status is still that of before, and looks healthy.
      [1, 3, 3, 3, available],
      [2, 3, undefined, 3, updated],
      [2, 4, 1, 3, updated],
      [2, 4, 2, 3, updated],
      [2, 4, 3, 3, updated],
      [2, 3, 3, 3, available],
    ]);
  });

  it('of the strategy Recreate, step by step', async () => {
    const { events } = await roll({ strategy: 'Recreate' });
    const seen = events.map(({ object }) => {
      const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = object.status ?? {};
      return [replicas, updatedReplicas, availableReplicas];
    });
    expect(seen).toEqual([
      [3, 3, 3],
      [3, 0, 3],
      [0, 0, 0],
      [3, 3, 0],
      [3, 3, 3],
    ]);
  });

  it('ends when its time is over, and not before', async () => {
    const cluster = new TestCluster().add('web', { rolloutSeconds: 10 });
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(9_999);
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(1);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
  });

  it.each([1, 3, 8])(
    'that fails, of %d pods, exceeds its deadline and stays so',
    async (replicas) => {
      const { events } = await roll({ replicas, failing: true });
      const states = events.map(({ object }) => kubectlStatus(object));
      expect(states.at(-1)).toBe('failed');
      expect(states.slice(0, -1).every((state) => state === 'waiting')).toBe(true);
    },
  );

  it('does not happen while paused, and does when resumed', async () => {
    const { events, cluster } = await roll({ paused: true });
    expect(reasonOf(await cluster.get('web'))).toBe('DeploymentPaused');
    expect(events.map(({ object }) => object.status?.updatedReplicas)).toEqual([
      3,
      // The new template has no pods yet (pkg/controller/deployment/sync.go, calculateStatus).
      undefined,
    ]);
    await cluster.patch('web', { spec: { paused: null } });
    await cluster.clock.run(1_000);
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(9_000);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
    expect(cluster.kube.templateGenerations()).toMatchObject([{ restarts: 1 }]);
  });

  it('paused midway goes on after it', async () => {
    const cluster = new TestCluster().add('web');
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(5_000);
    await cluster.patch('web', { spec: { paused: true } });
    await cluster.clock.run(20_000);
    expect((await cluster.get('web')).status?.updatedReplicas).not.toBe(3);
    await cluster.patch('web', { spec: { paused: false } });
    await cluster.clock.run(9_999);
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(1);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
  });

  it('begins anew with a second template midway', async () => {
    const cluster = new TestCluster().add('web');
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(9_000);
    await cluster.patch('web', stamp('2024-01-02T02:15:00Z'));
    await cluster.clock.run(9_000);
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(1_000);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
    expect(cluster.kube.templateGenerations()).toMatchObject([
      {
        restarts: 2,
        revisions: [
          { generation: 1 },
          { generation: 2, restartedAt: instant },
          { generation: 3, restartedAt: '2024-01-02T02:15:00Z' },
        ],
      },
    ]);
  });

  it('is not disturbed by an annotation of the object, which raises the generation too', async () => {
    const cluster = new TestCluster().add('web');
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(8_000);
    const before = (await cluster.get('web')).status;
    await cluster.patch('web', { metadata: { annotations: { a: 'b' } } });
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(50);
    expect((await cluster.get('web')).status).toMatchObject({
      observedGeneration: 3,
      updatedReplicas: before?.updatedReplicas,
    });
    await cluster.clock.run(1_950);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
  });

  it.each([
    [3, 6],
    [3, 1],
    [0, 2],
    [2, 0],
  ])('scaling from %d to %d is none: no new revision', async (from, to) => {
    const cluster = new TestCluster().add('web', { replicas: from });
    const { body } = await cluster.patch('web', { spec: { replicas: to } });
    expect(body.metadata.generation).toBe(2);
    await cluster.clock.run(10_000);
    const { status, metadata } = await cluster.get('web');
    expect(status?.availableReplicas ?? 0).toBe(to);
    expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(cluster.kube.templateGenerations()).toMatchObject([{ restarts: 0 }]);
  });

  it('status is written as kube-controller-manager, under the status subresource', async () => {
    const { cluster } = await roll({});
    const { managedFields = [] } = (await cluster.get('web')).metadata;
    expect(managedFields.map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['kubectl-client-side-apply', undefined],
      ['rollcall', undefined],
      ['kube-controller-manager', 'status'],
    ]);
  });

  it('ends with the Deployment, and one of the same name begins afresh', async () => {
    const cluster = new TestCluster().add('web');
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(5_000);
    await cluster.patch('web', { spec: { replicas: 4 } });
    await cluster.patch('web', { spec: { replicas: 5 } });
    cluster.kube.remove('Deployment', 'sts', 'web');
    expect(cluster.clock.pending).toBe(0);
    cluster.add('web');
    await settled();
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
  });

  it('of a Deployment that comes by a manifest takes a second', async () => {
    const cluster = new TestCluster().add('other');
    const { apiVersion, kind, spec } = await cluster.get('other');
    cluster.kube.apply({ apiVersion, kind, metadata: { namespace: 'sts', name: 'web' }, spec });
    expect(kubectlStatus(await cluster.get('web'))).toBe('waiting');
    await cluster.clock.run(1_000);
    expect(kubectlStatus(await cluster.get('web'))).toBe('done');
  });
});
