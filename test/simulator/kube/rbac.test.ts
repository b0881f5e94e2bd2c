import { beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentsPath, TestCluster } from './support.ts';

const rbac = 'rbac.authorization.k8s.io';
const binding = (kind: string, name: string, roleRef: object, subjects: object[], ns?: string) => ({
  apiVersion: `${rbac}/v1`,
  kind,
  metadata: { name, ...(ns !== undefined && { namespace: ns }) },
  roleRef: { apiGroup: rbac, ...roleRef },
  subjects,
});

const restartRules = [
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    resourceNames: ['web'],
    verbs: ['get', 'patch'],
  },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] },
];

interface Rules {
  readonly resourceRules: readonly object[];
  readonly incomplete: boolean;
}

const manifests = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { namespace: 'sts', name: 'restart' },
    rules: restartRules,
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { namespace: 'sts', name: 'strict' },
    rules: [
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: ['web'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }],
  },
  binding(
    'RoleBinding',
    'restart',
    { kind: 'Role', name: 'restart' },
    [{ kind: 'User', name: 'sts' }],
    'sts',
  ),
  binding(
    'RoleBinding',
    'strict',
    { kind: 'Role', name: 'strict' },
    [{ kind: 'User', name: 'strict' }],
    'sts',
  ),
  binding(
    'RoleBinding',
    'read-one',
    { kind: 'ClusterRole', name: 'reader' },
    [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }],
    'sts',
  ),
  binding(
    'RoleBinding',
    'broken',
    { kind: 'Role', name: 'missing' },
    [{ kind: 'User', name: 'dangling' }],
    'sts',
  ),
  binding('ClusterRoleBinding', 'read-all', { kind: 'ClusterRole', name: 'reader' }, [
    { kind: 'User', name: 'auditor' },
  ]),
];

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().add('web').add('api');
  cluster.kube.addDeployment({ namespace: 'other', name: 'web', replicas: 1, rolloutSeconds: 1 });
  for (const manifest of manifests) cluster.kube.apply(manifest);
});

const verbs: Record<string, readonly [string, string]> = {
  get: ['GET', '/web'],
  'get another': ['GET', '/api'],
  patch: ['PATCH', '/web'],
  'patch another': ['PATCH', '/api'],
  list: ['GET', ''],
  'list by name': ['GET', '?fieldSelector=metadata.name%3Dweb'],
  'list by another name': ['GET', '?fieldSelector=metadata.name%3Dapi'],
  'list by label': ['GET', '?labelSelector=app%3Dweb'],
  watch: ['GET', '?watch=1'],
  'watch by name': ['GET', '?watch=true&fieldSelector=metadata.name=web'],
};

describe('authorization', () => {
  it.each([
    [
      'sts',
      [
        'get',
        'patch',
        'list',
        'list by name',
        'list by another name',
        'list by label',
        'watch',
        'watch by name',
      ],
    ],
    // `resourceNames` authorise list and watch only by an exact name in the field selector.
    ['strict', ['get', 'list by name', 'watch by name']],
    [
      'system:serviceaccount:default:robot',
      ['get', 'get another', 'list', 'list by name', 'list by another name', 'list by label'],
    ],
    ['system:serviceaccount:sts:robot', []],
    [
      'auditor',
      ['get', 'get another', 'list', 'list by name', 'list by another name', 'list by label'],
    ],
    ['stranger', []],
    ['admin', Object.keys(verbs)],
  ])('%s may %j, and nothing else', async (user, expected) => {
    const allowed: string[] = [];
    for (const [verb, [method, rest]] of Object.entries(verbs)) {
      const { status } = await cluster.call(method, deploymentsPath + rest, {
        as: user,
        body: {},
        headers: { 'content-type': 'application/merge-patch+json' },
      });
      if (status === 200) allowed.push(verb);
      else expect([verb, status]).toEqual([verb, 403]);
    }
    expect(allowed).toEqual(expected);
  });

  it('is per namespace', async () => {
    const path = '/apis/apps/v1/namespaces/other/deployments/web';
    expect((await cluster.call('GET', path, { as: 'sts' })).status).toBe(403);
    expect((await cluster.call('GET', path, { as: 'auditor' })).status).toBe(200);
  });

  it.each([
    [
      'PATCH',
      `${deploymentsPath}/api`,
      'sts',
      'deployments.apps "api" is forbidden: User "sts" cannot patch resource "deployments" in API group "apps" in the namespace "sts"',
      { name: 'api', group: 'apps', kind: 'deployments' },
    ],
    [
      'GET',
      deploymentsPath,
      'strict',
      'deployments.apps is forbidden: User "strict" cannot list resource "deployments" in API group "apps" in the namespace "sts"',
      { group: 'apps', kind: 'deployments' },
    ],
    [
      'GET',
      '/apis/apps/v1/deployments?watch=1',
      'sts',
      'deployments.apps is forbidden: User "sts" cannot watch resource "deployments" in API group "apps" at the cluster scope',
      { group: 'apps', kind: 'deployments' },
    ],
    [
      'GET',
      '/api/v1/namespaces/sts/configmaps/plan',
      'sts',
      'configmaps "plan" is forbidden: User "sts" cannot get resource "configmaps" in API group "" in the namespace "sts"',
      { name: 'plan', kind: 'configmaps' },
    ],
    [
      'GET',
      deploymentsPath,
      'dangling',
      'deployments.apps is forbidden: User "dangling" cannot list resource "deployments" in API group "apps" in the namespace "sts": RBAC: role.rbac.authorization.k8s.io "missing" not found',
      { group: 'apps', kind: 'deployments' },
    ],
    ['GET', '/metrics', 'sts', 'forbidden: User "sts" cannot get path "/metrics"', {}],
  ])('%s %s as %s: %s', async (method, path, as, message, details) => {
    const answer = await cluster.json(method, path, { as, body: {} });
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'Forbidden',
      details,
      code: 403,
    });
  });

  it('follows the Roles as they are changed', async () => {
    cluster.kube.remove('RoleBinding', 'sts', 'restart');
    expect((await cluster.call('GET', deploymentsPath, { as: 'sts' })).status).toBe(403);
  });
});

describe('authentication', () => {
  it.each([['nobody'], [null], ['two words']])('a bearer %j is 401', async (as) => {
    const answer = await cluster.json('GET', '/version', { as });
    expect(answer).toMatchObject({
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
    });
  });

  it('anyone who is known may read /version and /readyz', async () => {
    const version = await cluster.json('GET', '/version', { as: 'stranger' });
    expect(version).toMatchObject({ status: 200, body: { major: '1' } });
    expect(await cluster.json('GET', '/readyz', { as: 'stranger' })).toMatchObject({ status: 200 });
  });
});

describe('access reviews', () => {
  const review = (spec: object, as: string) =>
    cluster.json('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      as,
      body: { spec },
    });
  const attributes = { group: 'apps', resource: 'deployments', namespace: 'sts' };

  it.each([
    ['sts', { verb: 'patch', name: 'web' }, true],
    ['sts', { verb: 'patch', name: 'api' }, false],
    // Without a name, a rule that has names does not allow it.
    ['sts', { verb: 'patch' }, false],
    ['sts', { verb: 'list' }, true],
    ['sts', { verb: 'list', namespace: '' }, false],
    ['admin', { verb: '*', resource: '*', group: '*' }, true],
  ])('%s asks %j: %j', async (as, wanted, allowed) => {
    const { status, body } = await review({ resourceAttributes: { ...attributes, ...wanted } }, as);
    expect([status, body.status]).toMatchObject([201, { allowed }]);
  });

  it('names the binding', async () => {
    const answer = await review({ resourceAttributes: { ...attributes, verb: 'list' } }, 'sts');
    expect(answer.body.status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "restart/sts" of Role "restart" to User "sts"',
    });
  });

  it('lists the rules of a namespace', async () => {
    const rules = async (as: string) =>
      cluster.json('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        as,
        body: { spec: { namespace: 'sts' } },
      });
    const mine = (await rules('sts')).body.status as unknown as Rules;
    const defaults = (await rules('stranger')).body.status as unknown as Rules;
    expect(mine.resourceRules.slice(defaults.resourceRules.length)).toEqual(restartRules);
    expect(mine.incomplete).toBe(false);
    expect((await rules('dangling')).body.status).toMatchObject({
      incomplete: true,
      evaluationError: 'role.rbac.authorization.k8s.io "missing" not found',
    });
  });

  it('refuses a review of nothing', async () => {
    expect((await review({}, 'sts')).status).toBe(400);
  });
});
