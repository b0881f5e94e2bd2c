import { describe, expect, it } from '@jest/globals';
import { TestCluster } from './support.ts';

const group = 'rbac.authorization.k8s.io';
const rule = (resource: string, name: string, apiGroup = '') => ({
  verbs: ['impersonate'],
  apiGroups: [apiGroup],
  resources: [resource],
  resourceNames: [name],
});

/** `helper` may impersonate bob, the group ops, one ServiceAccount, one uid and one extra value. */
function withHelper(): TestCluster {
  const cluster = new TestCluster();
  cluster.kube.apply({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'helper' },
    rules: [
      rule('users', 'bob'),
      rule('groups', 'ops'),
      rule('serviceaccounts', 'robot'),
      rule('uids', '7', 'authentication.k8s.io'),
      rule('userextras/scopes', 'view', 'authentication.k8s.io'),
    ],
  });
  cluster.kube.apply({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'helper' },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'helper' },
    subjects: [{ kind: 'User', name: 'helper' }],
  });
  return cluster;
}

const whoami = (cluster: TestCluster, as: string, headers: Record<string, string>) =>
  cluster.json('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    as,
    headers,
    body: {},
  });

describe('impersonation', () => {
  it.each<[Record<string, string>, string, readonly string[]]>([
    [{}, 'helper', ['system:authenticated']],
    [{ 'impersonate-user': 'bob' }, 'bob', ['system:authenticated']],
    [
      { 'impersonate-user': 'bob', 'impersonate-group': 'ops' },
      'bob',
      ['ops', 'system:authenticated'],
    ],
    [
      { 'impersonate-user': 'system:serviceaccount:sts:robot' },
      'system:serviceaccount:sts:robot',
      ['system:serviceaccounts', 'system:serviceaccounts:sts', 'system:authenticated'],
    ],
    [
      { 'impersonate-user': 'bob', 'impersonate-uid': '7', 'impersonate-extra-scopes': 'view' },
      'bob',
      ['system:authenticated'],
    ],
  ])('by %j is %s of %j', async (headers, username, groups) => {
    const { status, body } = await whoami(withHelper(), 'helper', headers);
    expect([status, body.status]).toEqual([201, { userInfo: { username, groups } }]);
  });

  it.each<[Record<string, string>, number, string]>([
    [
      { 'impersonate-user': 'eve' },
      403,
      'users "eve" is forbidden: User "helper" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      { 'impersonate-user': 'bob', 'impersonate-group': 'ops, system:masters' },
      403,
      'groups "system:masters" is forbidden',
    ],
    [
      { 'impersonate-user': 'system:serviceaccount:sts:other' },
      403,
      'cannot impersonate resource "serviceaccounts" in API group "" in the namespace "sts"',
    ],
    [{ 'impersonate-user': 'bob', 'impersonate-uid': '8' }, 403, 'uids.authentication.k8s.io "8"'],
    [{ 'impersonate-user': 'bob', 'impersonate-extra-scopes': 'all' }, 403, 'userextras/scopes'],
    [{ 'impersonate-group': 'ops' }, 400, 'without impersonating a user name'],
  ])('by %j is %d: %s', async (headers, status, message) => {
    const answer = await whoami(withHelper(), 'helper', headers);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
  });

  it('gives the rights of the other, and takes one’s own', async () => {
    const headers = { 'impersonate-user': 'bob' };
    const path = '/api/v1/namespaces';
    expect((await withHelper().json('GET', path, { headers })).body.message).toBe(
      'namespaces is forbidden: User "bob" cannot list resource "namespaces" in API group "" at the cluster scope',
    );
  });
});
