import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deploymentsPath, stamp, TestCluster } from './support.ts';

const instant = '2024-01-01T02:15:00Z';
const mergePatchHeader = { 'content-type': 'application/merge-patch+json' };

describe('get', () => {
  it('shows a prior Deployment as made long ago and rolled out', async () => {
    const cluster = new TestCluster().add('web', { labels: { tier: 'front' } });
    expect(await cluster.get('web')).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        creationTimestamp: '2023-12-31T00:00:00Z',
        generation: 1,
        labels: { app: 'web', tier: 'front' },
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec: { replicas: 3 },
      status: {
        observedGeneration: 1,
        replicas: 3,
        updatedReplicas: 3,
        availableReplicas: 3,
        conditions: [{ type: 'Available' }, { reason: 'NewReplicaSetAvailable' }],
      },
    });
  });

  it.each([
    [`${deploymentsPath}/none`, 'deployments.apps "none" not found'],
    ['/apis/apps/v1/namespaces/none/deployments/web', 'deployments.apps "web" not found'],
    [`${deploymentsPath}/web/log`, 'the server could not find the requested resource'],
    [
      '/apis/apps/v2/namespaces/sts/deployments',
      'the server could not find the requested resource',
    ],
    ['/api/v1/namespaces/sts/secrets', 'the server could not find the requested resource'],
    ['/nothing', 'the server could not find the requested resource'],
  ])('404 for %s', async (path, message) => {
    const { status, body } = await new TestCluster().add('web').json('GET', path);
    expect(status).toBe(404);
    expect(body).toMatchObject({ kind: 'Status', reason: 'NotFound', code: 404, message });
  });
});

describe('patch', () => {
  it('raises version and generation, and gives the template to its manager', async () => {
    const cluster = new TestCluster().add('web');
    const before = await cluster.get('web');
    const { status, body } = await cluster.patch(
      'web',
      stamp(instant, before.metadata.resourceVersion),
    );
    expect(status).toBe(200);
    expect(body).toEqual(await cluster.get('web'));
    expect(body.metadata.generation).toBe(2);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(
      Number(before.metadata.resourceVersion),
    );
    expect(body.metadata.uid).toBe(before.metadata.uid);
    expect(body.metadata.managedFields).toContainEqual({
      manager: 'rollcall',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2024-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:annotations': { 'f:rollcall.dev/run': {} } },
        'f:spec': {
          'f:template': {
            // The first annotation of the template brings the map too.
            'f:metadata': {
              'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/restartedAt': {} },
            },
          },
        },
      },
    });
  });

  it('that changes nothing is none, whoever sends it', async () => {
    const cluster = new TestCluster().add('web');
    await cluster.patch('web', stamp(instant));
    const before = await cluster.get('web');
    cluster.clock.advance(10);
    expect((await cluster.patch('web', stamp(instant), 'another')).body).toEqual(before);
    expect((await cluster.patch('web', {})).body).toEqual(before);
  });

  it.each<[string, object, number]>([
    ['the spec', { spec: { replicas: 5 } }, 2],
    // pkg/registry/apps/deployment/strategy.go: annotations are copied to ReplicaSets.
    ['an annotation of the object', { metadata: { annotations: { a: 'b' } } }, 2],
    ['a label of the object', { metadata: { labels: { a: 'b' } } }, 1],
    ['the status, which is not written this way', { status: { replicas: 9 } }, 1],
    ['server-side metadata', { metadata: { generation: 9, creationTimestamp: null } }, 1],
    ['replicas taken away: the default', { spec: { replicas: null } }, 2],
  ])('of %s: %j gives generation %d', async (_, patch, generation) => {
    const cluster = new TestCluster().add('web');
    const { status, body } = await cluster.patch('web', patch);
    expect(status).toBe(200);
    expect(body.metadata.generation).toBe(generation);
    expect(body.status?.replicas).toBe(3);
    expect(body.metadata.creationTimestamp).toBe('2023-12-31T00:00:00Z');
  });

  it('on an older version is 409, and changes nothing', async () => {
    const cluster = new TestCluster().add('web');
    const { metadata } = await cluster.get('web');
    await cluster.patch('web', { metadata: { labels: { a: 'b' } } });
    const between = await cluster.get('web');
    const { status, body } = await cluster.patch('web', stamp(instant, metadata.resourceVersion));
    expect(status).toBe(409);
    expect(body).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
    expect(await cluster.get('web')).toEqual(between);
  });

  it('identical ones that race on one version: the first wins, every other is 409', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 6 }), async (racers) => {
        const cluster = new TestCluster().add('web');
        const version = (await cluster.get('web')).metadata.resourceVersion;
        const answers = await Promise.all(
          Array.from({ length: racers }, () => cluster.patch('web', stamp(instant, version))),
        );
        const codes = answers.map(({ status }) => status).sort();
        expect(codes).toEqual([200, ...Array<number>(racers - 1).fill(409)]);
        expect(cluster.kube.templateGenerations()).toMatchObject([{ name: 'web', restarts: 1 }]);
      }),
      { numRuns: 10 },
    );
  });

  it.each<[string, Record<string, string>, unknown, number]>([
    ['another format', { 'content-type': 'text/plain' }, {}, 415],
    ['no type', {}, {}, 415],
    [
      'a parameter in the type',
      { 'content-type': 'application/merge-patch+json; charset=utf-8' },
      {},
      200,
    ],
    ['broken JSON', mergePatchHeader, '{', 400],
    ['a list', mergePatchHeader, [], 400],
    ['another name', mergePatchHeader, { metadata: { name: 'api' } }, 400],
    ['no metadata', mergePatchHeader, { metadata: null }, 400],
    ['another uid', mergePatchHeader, { metadata: { uid: 'x' } }, 409],
    ['a number as annotation', mergePatchHeader, { metadata: { annotations: { a: 1 } } }, 422],
    ['a negative number of pods', mergePatchHeader, { spec: { replicas: -1 } }, 422],
    [
      'another selector',
      mergePatchHeader,
      { spec: { selector: { matchLabels: { a: 'b' } } } },
      422,
    ],
  ])('%s', async (_, headers, body, expected) => {
    const cluster = new TestCluster().add('web');
    const before = await cluster.get('web');
    const answer = await cluster.json('PATCH', `${deploymentsPath}/web`, { headers, body });
    expect([answer.status, answer.body.code ?? 200]).toEqual([expected, expected]);
    expect(await cluster.get('web')).toEqual(before);
  });

  it('as a dry run answers, and stores nothing', async () => {
    const cluster = new TestCluster().add('web');
    const before = await cluster.get('web');
    const { body } = await cluster.json('PATCH', `${deploymentsPath}/web?dryRun=All`, {
      headers: mergePatchHeader,
      body: stamp(instant),
    });
    expect(body.metadata.generation).toBe(2);
    expect(await cluster.get('web')).toEqual(before);
  });

  it('without fieldManager is by the program that the User-Agent names', async () => {
    const cluster = new TestCluster().add('web');
    const headers = { ...mergePatchHeader, 'user-agent': 'kubectl/v1.33 (linux)' };
    await cluster.json('PATCH', `${deploymentsPath}/web`, { headers, body: stamp(instant) });
    const { managedFields = [] } = (await cluster.get('web')).metadata;
    expect(managedFields.map(({ manager }) => manager)).toContain('kubectl');
  });

  it.each([
    ['POST', `${deploymentsPath}/web`],
    ['PUT', deploymentsPath],
    ['POST', '/apis/apps/v1/deployments'],
    ['DELETE', '/apis/apps/v1/deployments'],
    ['DELETE', '/api/v1/namespaces'],
    ['DELETE', '/apis/apps/v1/namespaces/sts/replicasets/web'],
    ['POST', '/api/v1/namespaces/sts/pods'],
    ['DELETE', `${deploymentsPath}/web/scale`],
    ['POST', '/version'],
  ])('%s %s is 405', async (method, path) => {
    const cluster = new TestCluster().add('web');
    expect((await cluster.call(method, path, { body: {} })).status).toBe(405);
  });
});
