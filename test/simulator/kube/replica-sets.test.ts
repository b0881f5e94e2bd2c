import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../src/simulator/kube/objects.ts';
import type { ReplicaSet } from '../../../src/simulator/kube/replica-sets.ts';
import { oldSizes } from '../../../src/simulator/kube/replica-sets.ts';
import { deploymentsPath, stamp, TestCluster } from './support.ts';

const path = '/apis/apps/v1/namespaces/sts/replicasets';
const revision = 'deployment.kubernetes.io/revision';
const history = 'deployment.kubernetes.io/revision-history';

async function setsOf(cluster: TestCluster): Promise<readonly ReplicaSet[]> {
  const { body } = await cluster.json('GET', path);
  const { items } = body as unknown as { items: readonly ReplicaSet[] };
  const number = ({ metadata }: KubeObject): number => Number(metadata.annotations?.[revision]);
  return items.toSorted((a, b) => number(a) - number(b));
}
const brief = (sets: readonly ReplicaSet[]): readonly unknown[] =>
  sets.map(({ metadata, spec }) => [metadata.annotations?.[revision], spec.replicas]);

const day = (number: number): string => `2024-02-${String(number).padStart(2, '0')}T00:00:00Z`;
async function restart(cluster: TestCluster, instant: string): Promise<void> {
  await cluster.patch('web', stamp(instant));
  await cluster.clock.run(10_000);
}

describe('ReplicaSets', () => {
  it('are named, labelled and owned as the real controller does it', async () => {
    const cluster = new TestCluster().add('web');
    const [set] = await setsOf(cluster);
    const hash = String(set?.metadata.labels?.['pod-template-hash']);
    expect(hash).toMatch(/^[a-z0-9]{10}$/);
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        creationTimestamp: '2023-12-31T00:00:00Z',
        labels: { app: 'web' },
        annotations: {
          [revision]: '1',
          'deployment.kubernetes.io/desired-replicas': '3',
          'deployment.kubernetes.io/max-replicas': '4',
        },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: 'web',
            uid: (await cluster.get('web')).metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
        template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
      },
      status: { replicas: 3, readyReplicas: 3, availableReplicas: 3 },
    });
  });

  it('of a rollout: at each step their pods are those of the Deployment’s status', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }),
        // Restarts, scalings and pauses, one on top of the other.
        fc.array(
          fc.oneof(
            fc.nat(3).map((number) => stamp(day(number + 1))),
            fc.nat(12).map((replicas) => ({ spec: { replicas } })),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        fc.integer({ min: 100, max: 12_000 }),
        async (replicas, patches, wait) => {
          const cluster = new TestCluster().add('web', { replicas });
          for (const patch of patches) {
            await cluster.patch('web', patch);
            await cluster.clock.run(wait);
            const { status = {}, metadata } = await cluster.get('web');
            const sets = await setsOf(cluster);
            const sum = (size: (set: ReplicaSet) => number | undefined): number =>
              sets.reduce((total, set) => total + (size(set) ?? 0), 0);
            expect(sum(({ spec }) => spec.replicas)).toBe(status.replicas ?? 0);
            expect(sum((set) => set.status?.availableReplicas)).toBe(status.availableReplicas ?? 0);
            expect(sets.at(-1)?.spec.replicas).toBe(status.updatedReplicas ?? 0);
            expect(sets.at(-1)?.metadata.annotations?.[revision]).toBe(
              metadata.annotations?.[revision],
            );
          }
          await cluster.clock.run(30_000);
          const sizes = (await setsOf(cluster)).map(({ spec }) => spec.replicas);
          expect(sizes.slice(0, -1).every((size) => size === 0)).toBe(true);
          expect(sizes.at(-1)).toBe((await cluster.get('web')).spec.replicas);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of an older template are used again, and keep what they were', async () => {
    const cluster = new TestCluster().add('web');
    const [first] = await setsOf(cluster);
    await restart(cluster, day(1));
    await restart(cluster, day(2));
    const back = {
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': null } } },
      },
    };
    await cluster.patch('web', back);
    await cluster.clock.run(10_000);
    const sets = await setsOf(cluster);
    expect(brief(sets)).toEqual([
      ['2', 0],
      ['3', 0],
      ['4', 3],
    ]);
    expect(sets.at(-1)?.metadata.name).toBe(first?.metadata.name);
    expect(sets.at(-1)?.metadata.annotations?.[history]).toBe('1');
    await restart(cluster, day(1));
    await cluster.patch('web', back);
    await cluster.clock.run(10_000);
    expect((await setsOf(cluster)).at(-1)?.metadata.annotations?.[history]).toBe('1,4');
  });

  it('get the Deployment’s annotations, but not those that are its own', async () => {
    const cluster = new TestCluster().add('web');
    const applied = 'kubectl.kubernetes.io/last-applied-configuration';
    const cause = 'kubernetes.io/change-cause';
    const annotations = { [cause]: 'keys', [applied]: '{}' };
    await cluster.patch('web', { metadata: { annotations } });
    await cluster.clock.run(100);
    const [set] = await setsOf(cluster);
    expect(set?.metadata.annotations).toMatchObject({ [cause]: 'keys', [revision]: '1' });
    expect(set?.metadata.annotations).not.toHaveProperty([applied]);
  });

  it.each([
    [undefined, 11],
    [2, 3],
    [0, 1],
  ])('with the history limit %j are %d after many restarts', async (limit, count) => {
    const cluster = new TestCluster().add('web');
    if (limit !== undefined) await cluster.patch('web', { spec: { revisionHistoryLimit: limit } });
    for (let number = 1; number <= 14; number++) {
      await restart(cluster, day(number));
      expect(await setsOf(cluster)).toHaveLength(Math.min(number + 1, count));
    }
    const sets = await setsOf(cluster);
    expect(sets.at(-1)?.metadata.annotations?.[revision]).toBe('15');
  });

  it('go with their Deployment', async () => {
    const cluster = new TestCluster().add('web').add('api');
    await restart(cluster, day(1));
    await cluster.json('DELETE', `${deploymentsPath}/web`);
    expect((await setsOf(cluster)).map(({ metadata }) => metadata.labels?.app)).toEqual(['api']);
  });

  it('share out old pods: none is lost, and the newer keep theirs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }),
        fc.nat(40),
        (before, left) => {
          const sizes = oldSizes(before, left);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(left);
          const shrunk = sizes.findIndex((size, index) => size > 0 && index < sizes.length - 1);
          // Where an older one has any, every newer one has all of its own.
          if (shrunk >= 0)
            for (let index = shrunk + 1; index < sizes.length; index++)
              expect(sizes[index]).toBeGreaterThanOrEqual(before[index] ?? 0);
        },
      ),
    );
  });
});
