import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { as, type Answered, type Api, type Namespace } from './api.ts';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

const containersOf = ({ spec }: Answered): readonly Container[] =>
  (spec.template as unknown as { readonly spec: { readonly containers: readonly Container[] } })
    .spec.containers;

const apply = (
  { client, configMaps, name: namespace }: Namespace,
  data: Readonly<Record<string, string>>,
  { manager = 'applier', force = false } = {},
) =>
  client.send(`${configMaps}/settings?fieldManager=${manager}&force=${force}`, {
    method: 'PATCH',
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data },
  });

/** What kubectl and GitOps agents write, beside the restart's own patch. */
export function writeContract(api: () => Api): void {
  describe('other patches of a Deployment', () => {
    it('strategic: lists are merged by their keys', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const env = [{ name: 'A', value: '1' }];
      const containers = [
        { name: 'web', env },
        { name: 'side', image: 'example.invalid/side:1' },
      ];
      const { status, body } = await namespace.patch(
        'web',
        { spec: { template: { spec: { containers } } } },
        { contentType: 'application/strategic-merge-patch+json' },
      );
      expect(status).toBe(200);
      const merged = containersOf(body).toSorted((a, b) => a.name.localeCompare(b.name));
      expect(merged).toMatchObject([
        { name: 'side', image: 'example.invalid/side:1' },
        { name: 'web', image: 'example.invalid/web:1', env },
      ]);
    });

    it('JSON: operations in order, and 422 where one does not fit', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const json = { contentType: 'application/json-patch+json' };
      const good = await namespace.patch(
        'web',
        [{ op: 'replace', path: '/spec/replicas', value: 4 }],
        json,
      );
      expect([good.status, good.body.spec.replicas]).toEqual([200, 4]);
      const bad = await namespace.patch(
        'web',
        [{ op: 'test', path: '/spec/replicas', value: 5 }],
        json,
      );
      expect(bad.status).toBe(422);
    });

    it('of its scale changes the replicas, and nothing else', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const { template } = (await namespace.get('web')).spec;
      await namespace.client.call(`${namespace.deployments}/web/scale`, {
        method: 'PATCH',
        body: { spec: { replicas: 5 } },
      });
      expect((await namespace.get('web')).spec).toMatchObject({ replicas: 5, template });
    });
  });

  describe('server-side apply', () => {
    it('owns what it sets: another manager that sets it otherwise is 409, unless by force', async () => {
      const namespace = await api().namespace();
      expect((await apply(namespace, { a: '1', b: '1' })).status).toBe(201);
      const refused = await apply(namespace, { a: '2' }, { manager: 'another' });
      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({
        reason: 'Conflict',
        details: { causes: [{ field: '.data.a' }] },
      });
      expect((refused.body as Answered).message).toContain('conflict with "applier"');
      const forced = await apply(namespace, { a: '2' }, { manager: 'another', force: true });
      expect(forced.body).toMatchObject({ data: { a: '2', b: '1' } });
    });

    it('takes away what it no longer sets, and leaves what others wrote', async () => {
      const namespace = await api().namespace();
      await apply(namespace, { a: '1', b: '1' });
      await namespace.client.call(`${namespace.configMaps}/settings?fieldManager=hand`, {
        method: 'PATCH',
        body: { data: { c: '1' } },
      });
      const { body } = await apply(namespace, { a: '1' });
      expect(body).toMatchObject({ data: { a: '1', c: '1' } });
      expect(body).not.toMatchObject({ data: { b: '1' } });
    });

    it('of the same again changes nothing', async () => {
      const namespace = await api().namespace();
      const first = await apply(namespace, { a: '1' });
      const again = await apply(namespace, { a: '1' });
      expect(again.status).toBe(200);
      expect(again.body).toEqual(first.body);
    });
  });

  describe('an object', () => {
    it('that exists can not be made again: 409', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const path = namespace.configMaps;
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } };
      expect((await namespace.client.send(path, { method: 'POST', body })).status).toBe(201);
      const again = await namespace.client.send(path, { method: 'POST', body });
      expect(again.status).toBe(409);
      expect(again.body).toMatchObject({ reason: 'AlreadyExists' });
    });

    it('that is deleted takes what it owns with it', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      const path = `${namespace.deployments}/web`;
      await namespace.client.call(path, { method: 'DELETE' });
      expect((await namespace.client.send(path)).status).toBe(404);
      const replicaSets = `/apis/apps/v1/namespaces/${namespace.name}/replicasets`;
      await until('its ReplicaSets are gone', async () => {
        return (await namespace.client.list(replicaSets)).length === 0;
      });
    });

    it('made anew under its name has another uid', async () => {
      const namespace = await api().namespace();
      const { metadata: before } = await namespace.still('web');
      await namespace.client.call(`${namespace.deployments}/web`, { method: 'DELETE' });
      const { metadata: after } = await namespace.still('web');
      expect(after.uid).not.toBe(before.uid);
      expect(after.generation).toBe(1);
    });

    it('in a namespace that does not exist is 404', async () => {
      const { client } = await api().namespace();
      const { status } = await client.send('/api/v1/namespaces/nowhere/configmaps', {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } },
      });
      expect(status).toBe(404);
    });
  });

  describe('impersonation', () => {
    it('is for those who may: others are 403', async () => {
      const { client, deployments } = await api().namespace();
      const asStranger = await client.send(deployments, { headers: as('stranger') });
      expect(asStranger.status).toBe(403);
      const whoAmI = await client.call<{
        readonly status: { readonly userInfo: { readonly username: string } };
      }>('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
        method: 'POST',
        headers: as('stranger', 'system:authenticated'),
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      });
      expect(whoAmI.status.userInfo.username).toBe('stranger');
    });
  });

  describe('discovery', () => {
    it('tells of Deployments as kubectl needs it', async () => {
      const { client } = await api().namespace();
      const { resources } = await client.call<{
        readonly resources: readonly Readonly<Record<string, unknown>>[];
      }>('/apis/apps/v1');
      const deployments = resources.find(({ name }) => name === 'deployments');
      expect(deployments).toMatchObject({
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        shortNames: ['deploy'],
        categories: ['all'],
      });
      const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
      expect(deployments?.verbs).toEqual(expect.arrayContaining(verbs));
    });
  });
}
