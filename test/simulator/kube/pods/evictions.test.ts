import { describe, expect, it } from '@jest/globals';
import { stamp, TestCluster } from '../support.ts';

const pods = '/api/v1/namespaces/sts/pods';
const budgets = '/apis/policy/v1/namespaces/sts/poddisruptionbudgets';

async function withBudget(spec: object): Promise<TestCluster> {
  const cluster = new TestCluster();
  cluster.kube.addStatefulSet({
    ...{ namespace: 'sts', name: 'db', replicas: 3, rolloutSeconds: 9 },
    updateStrategy: 'OnDelete',
  });
  const selector = { matchLabels: { app: 'db' } };
  const { status } = await cluster.json('POST', budgets, {
    body: { metadata: { name: 'db' }, spec: { selector, ...spec } },
  });
  expect(status).toBe(201);
  return cluster;
}

const evict = (cluster: TestCluster, name: string, as = 'admin') =>
  cluster.json('POST', `${pods}/${name}/eviction`, {
    as,
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'sts' } },
  });

describe('an eviction', () => {
  it.each([
    { minAvailable: 2 },
    { maxUnavailable: 1 },
    { minAvailable: '50%' },
    { maxUnavailable: '33%' },
  ])('within a budget of %j goes one by one; beyond it is 429', async (spec) => {
    const cluster = await withBudget(spec);
    await cluster.clock.run(100);
    const first = await evict(cluster, 'db-2');
    expect([first.status, first.body.status]).toEqual([201, 'Success']);
    for (const wait of [0, 100, 1_000]) {
      await cluster.clock.run(wait);
      const { status, body } = await evict(cluster, 'db-1');
      expect(status).toBe(429);
      expect(body).toMatchObject({
        reason: 'TooManyRequests',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: { causes: [{ reason: 'DisruptionBudget' }] },
      });
    }
    await cluster.clock.run(9_000);
    expect((await evict(cluster, 'db-1')).status).toBe(201);
  });

  it('before the budget was counted is 429, with a time to wait', async () => {
    const cluster = await withBudget({ minAvailable: 1 });
    const { status, headers, body } = await evict(cluster, 'db-0');
    expect([status, headers['retry-after']]).toEqual([429, '10']);
    expect(JSON.stringify(body.details)).toContain('still being processed by the server');
  });

  it('brings back the pod of an OnDelete set with the newest revision', async () => {
    const cluster = await withBudget({ maxUnavailable: 1 });
    await cluster.clock.run(100);
    await cluster.merge(
      '/apis/apps/v1/namespaces/sts/statefulsets/db',
      stamp('2024-01-01T00:00:00Z'),
    );
    await cluster.clock.run(100);
    const revision = async () =>
      (await cluster.json('GET', `${pods}/db-0`)).body.metadata.labels?.[
        'controller-revision-hash'
      ];
    const before = await revision();
    await evict(cluster, 'db-0');
    await cluster.clock.run(9_000);
    const { status } = (await cluster.json('GET', '/apis/apps/v1/namespaces/sts/statefulsets/db'))
      .body;
    const after = await revision();
    expect(after).not.toBe(before);
    expect(status).toMatchObject({ updateRevision: after, readyReplicas: 3 });
  });

  it('of a pod that never ran is always allowed', async () => {
    const cluster = await withBudget({ minAvailable: 3 });
    await cluster.clock.run(100);
    cluster.kube.behave('StatefulSet', 'sts', 'db', { failing: 'imagePull' });
    await cluster.merge(
      '/apis/apps/v1/namespaces/sts/statefulsets/db',
      stamp('2024-01-01T00:00:00Z'),
    );
    await cluster.clock.run(100);
    await cluster.json('DELETE', `${pods}/db-2`);
    await cluster.clock.run(9_000);
    expect((await evict(cluster, 'db-0')).status).toBe(429);
    expect((await evict(cluster, 'db-2')).status).toBe(201);
  });

  it('is a right of its own', async () => {
    const cluster = await withBudget({ minAvailable: 0 });
    await cluster.clock.run(100);
    const { status, body } = await evict(cluster, 'db-0', 'someone');
    expect(status).toBe(403);
    expect(body.message).toBe(
      'pods "db-0" is forbidden: User "someone" cannot create resource "pods/eviction" in API group "" in the namespace "sts"',
    );
  });

  it.each([
    [{ kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'db-1' } }, 400],
    [{ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'db-0' } }, 400],
  ])('of %j is %d', async (body, expected) => {
    const cluster = await withBudget({ minAvailable: 0 });
    const { status } = await cluster.json('POST', `${pods}/db-0/eviction`, { body });
    expect(status).toBe(expected);
  });

  it('of a pod that is not there is 404, and as a dry run changes nothing', async () => {
    const cluster = await withBudget({ maxUnavailable: 1 });
    await cluster.clock.run(100);
    expect((await evict(cluster, 'db-9')).status).toBe(404);
    const before = (await cluster.json('GET', `${pods}/db-0`)).body.metadata.uid;
    const { status } = await cluster.json('POST', `${pods}/db-0/eviction?dryRun=All`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'db-0' } },
    });
    expect(status).toBe(201);
    expect((await cluster.json('GET', `${pods}/db-0`)).body.metadata.uid).toBe(before);
    expect((await evict(cluster, 'db-0')).status).toBe(201);
  });
});

it('a budget with both bounds is 422', async () => {
  const cluster = new TestCluster().add('web');
  const { status } = await cluster.json('POST', budgets, {
    body: { metadata: { name: 'db' }, spec: { minAvailable: 1, maxUnavailable: 1 } },
  });
  expect(status).toBe(422);
});
