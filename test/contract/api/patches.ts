import { describe, expect, it } from '@jest/globals';
import { stamp, type Api } from './api.ts';

const instant = '2026-11-16T02:15:00Z';

/** What the restart's patch relies on. */
export function patchContract(api: () => Api): void {
  describe('a merge patch of a Deployment', () => {
    it('on the template raises the generation by one, and is answered by the object', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const before = await namespace.get('web');
      const { status, body } = await namespace.patch('web', stamp(instant));
      expect(status).toBe(200);
      expect(body.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
      expect(body.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
      expect(body.metadata.uid).toBe(before.metadata.uid);
      expect(body.spec.template.metadata?.annotations).toEqual({
        'kubectl.kubernetes.io/restartedAt': instant,
      });
    });

    it('on an annotation of the object raises the generation too', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const before = await namespace.get('web');
      const { body } = await namespace.patch('web', { metadata: { annotations: { a: 'b' } } });
      expect(body.metadata.generation).toBe((before.metadata.generation ?? 0) + 1);
    });

    it('on a label of the object leaves the generation', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const before = await namespace.get('web');
      const { body } = await namespace.patch('web', { metadata: { labels: { a: 'b' } } });
      expect(body.metadata.generation).toBe(before.metadata.generation);
      expect(body.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    });

    it('that changes nothing is none, whoever sends it', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      await namespace.patch('web', stamp(instant));
      const before = await namespace.observed('web');
      const again = await namespace.patch('web', stamp(instant), { manager: 'another' });
      expect(again.status).toBe(200);
      expect(again.body).toEqual(before);
    });

    it('on an older version is 409, and changes nothing', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const { metadata } = await namespace.get('web');
      await namespace.patch('web', { metadata: { labels: { a: 'b' } } });
      const after = await namespace.get('web');
      const late = await namespace.patch('web', stamp(instant, metadata.resourceVersion));
      expect(late.status).toBe(409);
      expect(late.body).toMatchObject({ kind: 'Status', reason: 'Conflict', code: 409 });
      expect(late.body.message).toContain('the object has been modified');
      expect(await namespace.get('web')).toEqual(after);
    });

    it('identical ones that race on one version: one wins, every other is 409', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const { metadata } = await namespace.get('web');
      const patches = Array.from({ length: 5 }, () =>
        namespace.patch('web', stamp(instant, metadata.resourceVersion)),
      );
      const statuses = (await Promise.all(patches)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 409, 409, 409, 409]);
    });

    it('of one that does not exist is 404', async () => {
      const namespace = await api().namespace();
      const { status, body } = await namespace.patch('none', stamp(instant));
      expect(status).toBe(404);
      expect(body).toMatchObject({
        kind: 'Status',
        reason: 'NotFound',
        message: 'deployments.apps "none" not found',
        details: { name: 'none', group: 'apps', kind: 'deployments' },
      });
    });

    it('as a dry run answers, and stores nothing', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const before = await namespace.get('web');
      const { status, body } = await namespace.patch('web', stamp(instant), {
        query: '&dryRun=All',
      });
      expect(status).toBe(200);
      expect(body.spec.template.metadata?.annotations).toBeDefined();
      expect(await namespace.get('web')).toEqual(before);
    });

    it('in a format that is not known is 415', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const { status } = await namespace.patch('web', stamp(instant), {
        contentType: 'text/plain',
      });
      expect(status).toBe(415);
    });

    it('with a field that is not known is 422 when validation is strict, and a new object 400', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      const query = '&fieldValidation=Strict';
      const patched = await namespace.patch('web', { sepc: {} }, { query });
      expect(patched.status).toBe(422);
      expect(patched.body.message).toContain('unknown field "sepc"');
      const made = await namespace.client.send(`${namespace.configMaps}?${query}`, {
        method: 'POST',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'record' }, dota: {} },
      });
      expect(made.status).toBe(400);
      expect((made.body as typeof patched.body).message).toContain('unknown field "dota"');
      const ignored = await namespace.patch(
        'web',
        { sepc: {} },
        { query: '&fieldValidation=Ignore' },
      );
      expect(ignored.status).toBe(200);
    });

    it('by a client that names no manager is by the program of its User-Agent', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      await namespace.patch('web', stamp(instant), {
        manager: '',
        headers: { 'user-agent': 'restarter/1.0 (linux)' },
      });
      const { metadata } = await namespace.get('web');
      expect(metadata.managedFields?.map(({ manager }) => manager)).toContain('restarter');
    });
  });

  describe('a ConfigMap', () => {
    it('is replaced on the version that was read; a second writer on it is 409', async () => {
      const { client, configMaps } = await api().namespace();
      const made = await client.call(configMaps, {
        method: 'POST',
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'record' },
          data: { a: '1' },
        },
      });
      const body = { ...made, data: { a: '2' } };
      const put = () => client.send(`${configMaps}/record`, { method: 'PUT', body });
      expect((await put()).status).toBe(200);
      expect((await put()).status).toBe(409);
    });

    it('is patched on the version that was read; a second writer on it is 409', async () => {
      const { client, configMaps } = await api().namespace();
      const { metadata } = await client.call(configMaps, {
        method: 'POST',
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'record' },
          data: { a: '1' },
        },
      });
      const patch = (value: string) =>
        client.send(`${configMaps}/record`, {
          method: 'PATCH',
          body: { metadata: { resourceVersion: metadata.resourceVersion }, data: { a: value } },
        });
      expect((await patch('2')).status).toBe(200);
      expect((await patch('3')).status).toBe(409);
    });

    it('of more than a mebibyte is 422, and a number in its data 400', async () => {
      const { client, configMaps } = await api().namespace();
      const make = (data: unknown) =>
        client.send(configMaps, {
          method: 'POST',
          body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'record' }, data },
        });
      expect((await make({ a: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(422);
      expect((await make({ a: 1 })).status).toBe(400);
      expect((await make({ a: 'x'.repeat(1024 * 1024 - 1) })).status).toBe(201);
    });
  });
}
