import { beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeAnswer } from '../../support/kube-client.ts';
import { until } from '../../support/wait.ts';
import { as, stamp, type Api, type Namespace } from './api.ts';

const rbac = 'rbac.authorization.k8s.io';
const restarter = 'restarter';
const strict = 'strict';
const stranger = 'stranger';

/** Who may do what, by the rules that are generated: some verbs by name, others for all. */
export function authorizationContract(api: () => Api): void {
  let namespace: Namespace;
  beforeAll(async () => {
    namespace = await api().namespace();
    await namespace.still('web');
    await namespace.still('api');
    const byName = { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'] };
    const all = { apiGroups: ['apps'], resources: ['deployments'] };
    await grant(namespace, restarter, [
      { ...byName, verbs: ['get', 'patch'] },
      { ...all, verbs: ['list', 'watch'] },
    ]);
    await grant(namespace, strict, [{ ...byName, verbs: ['get', 'list', 'watch'] }]);
    for (const user of [restarter, strict]) await answers(() => ask(user, 'GET', '/web'), 200);
  });

  const ask = (user: string, method: 'GET' | 'PATCH', path: string) =>
    namespace.client.send(`${namespace.deployments}${path}`, {
      method,
      headers: as(user, 'system:authenticated'),
      ...(method === 'PATCH' ? { body: stamp('2026-11-16T02:15:00Z') } : {}),
    });

  describe('rights by resourceNames', () => {
    const byName = '?fieldSelector=metadata.name%3Dweb';
    const another = '?fieldSelector=metadata.name%3Dapi';
    it.each<[user: string, method: 'GET' | 'PATCH', path: string, status: number]>([
      [restarter, 'GET', '/web', 200],
      [restarter, 'GET', '/api', 403],
      [restarter, 'GET', '', 200],
      [restarter, 'PATCH', '/web', 200],
      [restarter, 'PATCH', '/api', 403],
      [strict, 'GET', '/web', 200],
      [strict, 'GET', '', 403],
      [strict, 'GET', byName, 200],
      [strict, 'GET', another, 403],
      [strict, 'GET', '?labelSelector=app%3Dweb', 403],
      [strict, 'GET', '?fieldSelector=metadata.name%21%3Dapi', 403],
      [strict, 'PATCH', '/web', 403],
      [stranger, 'GET', '/web', 403],
      [stranger, 'GET', '', 403],
    ])('%s %s deployments%s: %d', async (user, method, path, status) => {
      expect((await ask(user, method, path)).status).toBe(status);
    });

    it('are refused in words that name who, what and where', async () => {
      const { body } = await ask(restarter, 'PATCH', '/api');
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        reason: 'Forbidden',
        code: 403,
        details: { name: 'api', group: 'apps', kind: 'deployments' },
        message: `deployments.apps "api" is forbidden: User "restarter" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace.name}"`,
      });
      const list = await ask(stranger, 'GET', '');
      expect(list.body).toMatchObject({
        message: `deployments.apps is forbidden: User "stranger" cannot list resource "deployments" in API group "apps" in the namespace "${namespace.name}"`,
      });
    });

    it('end where the namespace does', async () => {
      const other = await api().namespace();
      const { status } = await other.client.send(other.deployments, {
        headers: as(restarter, 'system:authenticated'),
      });
      expect(status).toBe(403);
    });

    it('are gone with the binding', async () => {
      const own = await api().namespace();
      await own.still('web');
      await grant(own, 'passing', [
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
      ]);
      const list = () =>
        own.client.send(own.deployments, { headers: as('passing', 'system:authenticated') });
      await answers(list, 200);
      await own.client.call(`/apis/${rbac}/v1/namespaces/${own.name}/rolebindings/passing`, {
        method: 'DELETE',
      });
      await answers(list, 403);
    });
  });

  describe('a self subject review', () => {
    const review = (user: string, kind: string, spec: object) =>
      namespace.client.call<{ readonly status: Readonly<Record<string, unknown>> }>(
        `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
        {
          method: 'POST',
          headers: as(user, 'system:authenticated'),
          body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
        },
      );

    it.each<[verb: string, name: string | undefined, allowed: boolean]>([
      ['patch', 'web', true],
      ['patch', 'api', false],
      // Rights that have names are none without one.
      ['patch', undefined, false],
      ['list', undefined, true],
      ['delete', 'web', false],
    ])('of access: may the restarter %s %s: %s', async (verb, name, allowed) => {
      const resourceAttributes = {
        namespace: namespace.name,
        group: 'apps',
        resource: 'deployments',
        verb,
        ...(name === undefined ? {} : { name }),
      };
      const { status } = await review(restarter, 'SelfSubjectAccessReview', { resourceAttributes });
      expect(status.allowed).toBe(allowed);
    });

    it('of rules lists those of the namespace, with their names', async () => {
      const { status } = await review(restarter, 'SelfSubjectRulesReview', {
        namespace: namespace.name,
      });
      const rules = status.resourceRules as readonly Readonly<Record<string, unknown>>[];
      const own = rules.filter((rule) => JSON.stringify(rule.resources) === '["deployments"]');
      const deployments = { apiGroups: ['apps'], resources: ['deployments'] };
      expect(own).toHaveLength(2);
      expect(own).toEqual(
        expect.arrayContaining([
          { ...deployments, resourceNames: ['web'], verbs: ['get', 'patch'] },
          { ...deployments, verbs: ['list', 'watch'] },
        ]),
      );
      expect(status.incomplete).toBe(false);
    });
  });

  describe('who is not known', () => {
    it.each(['Bearer nonsense', 'Basic bm9uZTpub25l', ''])(
      'by %j is 401',
      async (authorization) => {
        const { status, body } = await namespace.client.send(namespace.deployments, {
          headers: { authorization },
        });
        expect(status).toBe(401);
        expect(body).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
      },
    );

    it('and who is, may read /version', async () => {
      const headers = as(stranger, 'system:authenticated');
      expect((await namespace.client.send('/version', { headers })).status).toBe(200);
    });
  });
}

/**
 * Once it is so: a real API server reads Roles and bindings by informers, so that what is granted or
 * taken back is in force a little later.
 */
async function answers(ask: () => Promise<KubeAnswer>, wanted: number): Promise<void> {
  const isSo = async (): Promise<boolean> => (await ask()).status === wanted;
  await until(`${wanted} is the answer`, isSo, { timeoutMs: 30_000 });
}

async function grant(
  { client, name }: Namespace,
  user: string,
  rules: readonly object[],
): Promise<void> {
  const path = `/apis/${rbac}/v1/namespaces/${name}`;
  const metadata = { name: user };
  await client.call(`${path}/roles`, {
    method: 'POST',
    body: { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules },
  });
  await client.call(`${path}/rolebindings`, {
    method: 'POST',
    body: {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: user },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
    },
  });
}
