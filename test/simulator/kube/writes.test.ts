import { beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentsPath, TestCluster } from './support.ts';

const configMaps = '/api/v1/namespaces/sts/configmaps';
const rolesPath = '/apis/rbac.authorization.k8s.io/v1/namespaces/sts/roles';
const configMap = (name: unknown, extra: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { a: '1' },
  ...extra,
});
const type = (media: string) => ({ headers: { 'content-type': media } });
const apply = type('application/apply-patch+yaml');

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().add('web');
});
const post = (path: string, body: unknown, as = 'admin') =>
  cluster.json('POST', path, { body, as });

describe('create', () => {
  it('gives what the server adds, and leaves out what is not the sender’s to say', async () => {
    const metadata = { name: 'a', uid: 'mine', generation: 7, creationTimestamp: null };
    const { status, body } = await post(configMaps, configMap('a', { metadata }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'sts', creationTimestamp: '2024-01-01T00:00:00Z' },
    });
    expect(body.metadata.uid).not.toBe('mine');
    expect(body.metadata.generation).toBeUndefined();
    expect((await cluster.json('GET', `${configMaps}/a`)).body).toEqual(body);
  });

  it('takes YAML, and stores nothing in a dry run', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
    const yaml = { body, ...type('application/yaml') };
    expect((await cluster.json('POST', `${configMaps}?dryRun=All`, yaml)).status).toBe(201);
    expect((await cluster.json('GET', `${configMaps}/a`)).status).toBe(404);
    expect((await cluster.json('POST', configMaps, yaml)).status).toBe(201);
  });

  it.each<[string, unknown, number, string]>([
    ['', configMap('web-config'), 409, 'configmaps "web-config" already exists'],
    ['', configMap('X_y'), 422, 'ConfigMap "X_y" is invalid: metadata.name: Invalid value: "X_y"'],
    ['', configMap(''), 422, 'metadata.name: Required value: name or generateName is required'],
    ['', configMap(undefined), 422, 'metadata.name: Required value'],
    ['', configMap('a', { kind: 'Secret' }), 400, 'unrecognized: v1 Secret'],
    ['', configMap('a', { metadata: { name: 'a', namespace: 'x' } }), 400, 'namespace'],
    ['', configMap('a', { metadata: { name: 'a', resourceVersion: '1' } }), 500, 'resourceVersion'],
    ['', configMap('a', { metadata: { name: 'a', finalizers: ['x'] } }), 422, 'not supported'],
    ['?fieldValidation=Strict', configMap('a', { foo: 1 }), 400, 'unknown field "foo"'],
    ['', { kind: 'ConfigMap' }, 400, 'no metadata'],
    ['', '{', 400, 'not valid JSON'],
  ])('%s %j is %d: %s', async (query, body, status, message) => {
    await post(configMaps, configMap('web-config'));
    const answer = await post(configMaps + query, body);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  it('drops a field that the kind does not have, unless validation is strict', async () => {
    const { body } = await post(configMaps, configMap('a', { foo: 1 }));
    expect(body).not.toHaveProperty('foo');
    const patch = (query: string) =>
      cluster.json('PATCH', `${deploymentsPath}/web${query}`, {
        ...type('application/merge-patch+json'),
        body: { sepc: {} },
      });
    const before = await cluster.get('web');
    expect((await patch('')).body).toEqual(before);
    expect((await patch('?fieldValidation=Strict')).status).toBe(422);
  });

  it('needs the namespace', async () => {
    const answer = await post('/api/v1/namespaces/none/configmaps', configMap('a'));
    expect([answer.status, answer.body.message]).toEqual([404, 'namespaces "none" not found']);
  });

  it('of a Deployment rolls it out, with the defaults of the real server', async () => {
    const labels = { app: 'new' };
    const spec = {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: 'a', image: 'registry:5000/a', ports: [{ containerPort: 80 }] },
            { name: 'b', image: 'b:1' },
          ],
        },
      },
    };
    await post(deploymentsPath, { metadata: { name: 'new' }, spec });
    await cluster.clock.run(2_000);
    expect(await cluster.get('new')).toMatchObject({
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
        template: {
          spec: {
            restartPolicy: 'Always',
            containers: [
              { imagePullPolicy: 'Always', resources: {}, ports: [{ protocol: 'TCP' }] },
              { imagePullPolicy: 'IfNotPresent' },
            ],
          },
        },
      },
      status: { availableReplicas: 1 },
    });
  });

  it.each([
    [{}, 'spec.selector: Required value'],
    [
      { selector: { matchLabels: { a: 'b' } }, template: { spec: { containers: [] } } },
      'spec.template.spec.containers: Required value',
    ],
  ])('of a Deployment with the spec %j is 422: %s', async (spec, message) => {
    const answer = await post(deploymentsPath, { metadata: { name: 'new' }, spec });
    expect([answer.status, answer.body.message]).toEqual([
      422,
      `Deployment.apps "new" is invalid: ${message}`,
    ]);
  });
});

describe('apply', () => {
  const path = `${configMaps}/a`;
  const send = (manager: string, data: object, query = '') =>
    cluster.json('PATCH', `${path}?fieldManager=${manager}${query}`, {
      ...apply,
      body: configMap('a', { data }),
    });

  it('makes, changes nothing twice, and takes away what is no longer said', async () => {
    const made = await send('x', { a: '1', b: '2' });
    expect(made.status).toBe(201);
    cluster.clock.advance(5_000);
    const again = await send('x', { a: '1', b: '2' });
    expect([again.status, again.body]).toEqual([200, made.body]);
    expect((await send('x', { a: '1' })).body.data).toEqual({ a: '1' });
  });

  it('owns what the manifest says, and not the defaults: the next one changes nothing', async () => {
    const manifest = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: {
        schedule: '15 2 * * 1',
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: 'a', image: 'a:1' }] } } },
        },
      },
    };
    const send = () =>
      cluster.json('PATCH', '/apis/batch/v1/namespaces/sts/cronjobs/nightly?fieldManager=x', {
        ...apply,
        body: manifest,
      });
    const made = await send();
    expect(JSON.stringify(made.body.metadata.managedFields)).not.toContain('f:suspend');
    expect(made.body.spec).toMatchObject({ suspend: false });
    expect((await send()).body).toEqual(made.body);
  });

  it('of what another owns is refused, unless forced; who says the same shares it', async () => {
    await send('x', { a: '1', b: '2' });
    const refused = await send('y', { a: '2' });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "x": .data.a',
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "x"', field: '.data.a' },
          ],
        },
      },
    });
    expect((await send('y', { a: '2', b: '3' })).body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "x":\n- .data.a\n- .data.b',
    );
    expect((await send('y', { a: '1' })).status).toBe(200);
    // Shared: one of them may let go of it, and it stays.
    expect((await send('x', { b: '2' })).body.data).toEqual({ a: '1', b: '2' });
    expect((await send('z', { a: '9' }, '&force=true')).body.data).toEqual({ a: '9', b: '2' });
  });

  it.each<[string, object, number, RegExp]>([
    ['', configMap('a'), 422, /fieldManager: Required value/],
    ['?fieldManager=x', {}, 400, /invalid object type/],
    ['?fieldManager=x', configMap('b'), 400, /does not match the name on the URL/],
  ])('%s of %j is %d', async (query, body, status, message) => {
    const answer = await cluster.json('PATCH', path + query, { ...apply, body });
    expect(answer.status).toBe(status);
    expect(answer.body.message).toMatch(message);
  });
});

describe('delete', () => {
  it('answers with what is gone', async () => {
    const { uid } = (await cluster.get('web')).metadata;
    const { status, body } = await cluster.json('DELETE', `${deploymentsPath}/web`);
    expect([status, body]).toMatchObject([
      200,
      {
        kind: 'Status',
        status: 'Success',
        details: { name: 'web', group: 'apps', kind: 'deployments', uid },
      },
    ]);
    expect((await cluster.json('DELETE', `${deploymentsPath}/web`)).status).toBe(404);
  });

  it.each<[object, number]>([
    [{ preconditions: { uid: 'x' } }, 409],
    [{ preconditions: { resourceVersion: '1' } }, 409],
    [{ propagationPolicy: 'Orphan' }, 400],
    [{ propagationPolicy: 'Background' }, 200],
  ])('with %j is %d', async (body, status) => {
    const answer = await cluster.json('DELETE', `${deploymentsPath}/web`, { body });
    expect(answer.status).toBe(status);
    expect(cluster.kube.read('Deployment', 'sts', 'web') === undefined).toBe(status === 200);
  });

  it('of a collection takes what is selected', async () => {
    cluster.add('api');
    const answer = await cluster.json('DELETE', `${deploymentsPath}?labelSelector=app%3Dweb`);
    expect(answer.status).toBe(200);
    expect(cluster.kube.read('Deployment', 'sts', 'web')).toBeUndefined();
    expect(cluster.kube.read('Deployment', 'sts', 'api')).toBeDefined();
  });

  it('of a namespace takes what is in it; some namespaces stay', async () => {
    await post(configMaps, configMap('a'));
    expect((await cluster.json('DELETE', '/api/v1/namespaces/sts')).body).toMatchObject({
      kind: 'Namespace',
      status: { phase: 'Terminating' },
    });
    for (const kind of ['Deployment', 'ReplicaSet', 'ConfigMap', 'Namespace'])
      expect([kind, cluster.kube.read(kind, 'sts', 'web')]).toEqual([kind, undefined]);
    expect((await cluster.json('GET', '/apis/apps/v1/replicasets')).body).toMatchObject({
      items: [],
    });
    expect((await cluster.json('DELETE', '/api/v1/namespaces/default')).status).toBe(403);
  });
});

describe('a write of RBAC', () => {
  const group = 'rbac.authorization.k8s.io';
  const role = {
    metadata: { name: 'r' },
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  };
  const binding = {
    metadata: { name: 'b' },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'User', name: 'maker' }],
  };
  const grant = (rules: readonly object[]): void => {
    cluster.kube.apply({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'maker' },
      rules,
    });
    cluster.kube.apply({
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'maker' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'maker' },
      subjects: [{ kind: 'User', name: 'maker' }],
    });
  };
  const create = { verbs: ['create'], apiGroups: [group], resources: ['roles', 'rolebindings'] };

  it.each<[string, readonly object[], number, number]>([
    ['no more', [], 403, 403],
    ['escalate', [{ verbs: ['escalate'], apiGroups: [group], resources: ['roles'] }], 201, 403],
    ['bind', [{ verbs: ['bind'], apiGroups: [group], resources: ['clusterroles'] }], 403, 201],
  ])('by who may create, and %s', async (_, more, roleStatus, bindingStatus) => {
    grant([create, ...more]);
    expect((await post(rolesPath, role, 'maker')).status).toBe(roleStatus);
    const bindings = rolesPath.replace('roles', 'rolebindings');
    expect((await post(bindings, binding, 'maker')).status).toBe(bindingStatus);
  });
});
