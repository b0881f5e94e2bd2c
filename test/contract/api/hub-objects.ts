import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import type { Answered, Api } from './api.ts';

/** What a run keeps and makes in its hub: the lock, events, the Jobs of gates. */
export function hubContract(api: () => Api): void {
  const leases = (namespace: string) =>
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

  describe('a Lease', () => {
    const made = async () => {
      const { client, name } = await api().namespace();
      const path = leases(name);
      const body = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'lock' },
      };
      const { metadata } = await client.call(path, { method: 'POST', body });
      const patch = (spec: object, resourceVersion?: string) =>
        client.send(`${path}/lock`, {
          method: 'PATCH',
          body: { metadata: { ...(resourceVersion && { resourceVersion }) }, spec },
        });
      return { patch, version: metadata.resourceVersion };
    };

    it('is taken on the version that was read; a second holder on it is 409', async () => {
      const { patch, version } = await made();
      const held = (holderIdentity: string) =>
        patch(
          {
            ...{ holderIdentity, leaseDurationSeconds: 30, leaseTransitions: 1 },
            renewTime: '2026-11-16T02:15:00.000000Z',
          },
          version,
        );
      const first = await held('a');
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({
        spec: { holderIdentity: 'a', renewTime: '2026-11-16T02:15:00.000000Z' },
      });
      const second = await held('b');
      expect([second.status, (second.body as Answered).reason]).toEqual([409, 'Conflict']);
      const freed = await patch({ holderIdentity: null });
      expect((freed.body as { readonly spec: object }).spec).not.toHaveProperty('holderIdentity');
    });

    it.each([
      [{ leaseDurationSeconds: 0 }, 'spec.leaseDurationSeconds: Invalid value: '],
      [{ leaseTransitions: -1 }, 'spec.leaseTransitions: Invalid value: '],
    ])('with %j is 422', async (spec, message) => {
      const { status, body } = await (await made()).patch(spec);
      expect(status).toBe(422);
      expect((body as Answered).message).toContain(message);
    });

    it('takes a time with microseconds alone', async () => {
      const { patch } = await made();
      const { status } = await patch({ renewTime: '2026-11-16T02:15:00Z' });
      expect(status).toBeGreaterThanOrEqual(400);
    });
  });

  describe('an Event', () => {
    it('is found by what it is about, and made once under a name', async () => {
      const { client, name: namespace } = await api().namespace();
      const path = `/api/v1/namespaces/${namespace}/events`;
      const make = (name: string, about: object) =>
        client.send(path, {
          method: 'POST',
          body: {
            apiVersion: 'v1',
            kind: 'Event',
            metadata: { name },
            involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, ...about },
            ...{ reason: 'Restarted', message: 'by a run', type: 'Normal' },
          },
        });
      expect((await make('web.1', { name: 'web', uid: 'u' })).status).toBe(201);
      expect((await make('web.1', { name: 'web', uid: 'u' })).status).toBe(409);
      expect((await make('api.1', { name: 'api' })).status).toBe(201);
      const found = async (selector: string) =>
        (await client.list(`${path}?fieldSelector=${encodeURIComponent(selector)}`)).map(
          ({ metadata }) => metadata.name,
        );
      expect(await found('involvedObject.name=web')).toEqual(['web.1']);
      expect(await found('involvedObject.uid=u,involvedObject.kind=Deployment')).toEqual(['web.1']);
      expect(await found('reason=Restarted')).toEqual(['api.1', 'web.1']);
      expect(await found('involvedObject.kind=Pod')).toEqual([]);
    });

    it('about another namespace is 422', async () => {
      const { client, name } = await api().namespace();
      const { status } = await client.send(`/api/v1/namespaces/${name}/events`, {
        method: 'POST',
        body: {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: { name: 'web.1' },
          involvedObject: { kind: 'Deployment', namespace: 'elsewhere', name: 'web' },
        },
      });
      expect(status).toBe(422);
    });
  });

  describe('a Job', () => {
    it('that succeeds has the condition Complete, and can not be made twice', async () => {
      const { client, name: namespace } = await api().namespace();
      const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
      const make = () =>
        client.send(path, {
          method: 'POST',
          body: {
            apiVersion: 'batch/v1',
            kind: 'Job',
            metadata: { name: 'gate' },
            spec: {
              template: {
                spec: {
                  restartPolicy: 'Never',
                  containers: [{ name: 'gate', image: 'example.invalid/gate:1' }],
                },
              },
            },
          },
        });
      const { status, body } = await make();
      expect(status).toBe(201);
      expect(body).toMatchObject({ spec: { backoffLimit: 6, completions: 1, parallelism: 1 } });
      expect((await make()).status).toBe(409);
      const conditions = await until('it has ended', async () => {
        const { status: ended } = await client.call<{
          readonly status: {
            readonly conditions?: readonly { readonly type: string; readonly status: string }[];
          };
        }>(`${path}/gate`);
        return ended.conditions?.some(({ type }) => type === 'Complete') && ended.conditions;
      });
      expect(conditions.map(({ type, status: holds }) => `${type} ${holds}`)).toEqual([
        'SuccessCriteriaMet True',
        'Complete True',
      ]);
    });
  });
}
