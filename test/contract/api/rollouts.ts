import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { stamp, type Api, type Deployment, type Namespace } from './api.ts';

const first = '2026-11-16T02:15:00Z';
const second = '2026-11-23T02:15:00Z';
const revision = 'deployment.kubernetes.io/revision';

const replicaSets = async ({ client, name }: Namespace, deployment: string) =>
  (await client.list(`/apis/apps/v1/namespaces/${name}/replicasets`)).filter(
    ({ metadata }) => metadata.ownerReferences?.[0]?.name === deployment,
  ) as unknown as readonly Deployment[];

const condition = ({ status }: Deployment, type: string) =>
  status.conditions?.find((one) => one.type === type);

/** What the proof of a restart relies on: how a Deployment's status and ReplicaSets tell of a rollout. */
export function rolloutContract(api: () => Api): void {
  describe('a rollout', () => {
    it('is told by status: the generation first, then replicas, then the condition', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web', 3);
      const { metadata } = await namespace.client.call(namespace.deployments);
      const watching = namespace.watch(`resourceVersion=${metadata.resourceVersion ?? ''}`);
      const { body } = await namespace.patch('web', stamp(first));
      const done = await namespace.complete('web');
      await until('the watch has it', () =>
        watching.events.some(
          (one) => one.object.metadata.resourceVersion === done.metadata.resourceVersion,
        ),
      );
      const states = watching.events.map(({ object }) => object);

      // In between the old status is still there, and looks healthy: that is why generations matter.
      expect(states[0]?.metadata.generation).toBe(body.metadata.generation);
      expect(states[0]?.status.observedGeneration).toBe((body.metadata.generation ?? 0) - 1);
      const observed = states.map(({ status }) => Number(status.observedGeneration));
      expect(observed).toEqual(observed.toSorted((a, b) => a - b));
      const updated = states
        .filter(({ status }) => status.observedGeneration === body.metadata.generation)
        .map(({ status }) => Number(status.updatedReplicas ?? 0));
      expect(updated).toEqual(updated.toSorted((a, b) => a - b));
      expect(updated.at(-1)).toBe(3);
      // Never below what maxUnavailable (25 %) leaves of three.
      for (const { status } of states)
        expect(Number(status.availableReplicas)).toBeGreaterThanOrEqual(3);
      expect(done.status).toMatchObject({
        replicas: 3,
        updatedReplicas: 3,
        readyReplicas: 3,
        availableReplicas: 3,
      });
      expect(done.status.unavailableReplicas).toBeUndefined();
      expect(condition(done, 'Progressing')).toMatchObject({
        status: 'True',
        reason: 'NewReplicaSetAvailable',
      });
      expect(condition(done, 'Available')).toMatchObject({
        status: 'True',
        reason: 'MinimumReplicasAvailable',
      });
      await watching.stop();
    });

    it('of a new Deployment knows no old pods, and none that are available before they are', async () => {
      const namespace = await api().namespace();
      const watching = namespace.watch('');
      await namespace.make('web', { replicas: 3 });
      await namespace.complete('web');
      await until('the watch has it', () =>
        watching.events.some(({ object }) => object.status.availableReplicas === 3),
      );
      for (const { object } of watching.events) {
        const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = object.status;
        expect(replicas).toBe(updatedReplicas);
        expect(Number(availableReplicas)).toBeLessThanOrEqual(Number(updatedReplicas));
      }
      expect(Number(watching.events[0]?.object.status.availableReplicas ?? 0)).toBe(0);
      expect(await replicaSets(namespace, 'web')).toHaveLength(1);
      await watching.stop();
    });

    it('makes one ReplicaSet, named by the template, and leaves the old one at 0', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web', 2);
      const [before] = await replicaSets(namespace, 'web');
      await namespace.patch('web', stamp(first));
      const done = await namespace.complete('web');
      const after = await until('the old one is scaled down', async () => {
        const all = await replicaSets(namespace, 'web');
        const old = all.find(({ metadata }) => metadata.name === before?.metadata.name);
        return old?.spec.replicas === 0 && all;
      });
      expect(after).toHaveLength(2);
      const made = after.find(({ metadata }) => metadata.name !== before?.metadata.name);
      expect(made?.spec.replicas).toBe(2);
      expect(made?.metadata.annotations?.[revision]).toBe('2');
      expect(done.metadata.annotations?.[revision]).toBe('2');
      expect(made?.spec.template.metadata?.annotations).toEqual({
        'kubectl.kubernetes.io/restartedAt': first,
      });
      const hash = made?.metadata.labels?.['pod-template-hash'] ?? '';
      expect(made?.metadata.name).toBe(`web-${hash}`);
      expect(condition(done, 'Progressing')?.message).toBe(
        `ReplicaSet "web-${hash}" has successfully progressed.`,
      );
    });

    it('of the same stamp again does not begin; of a later one does', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      for (const instant of [first, first, second]) {
        await namespace.patch('web', stamp(instant));
        await namespace.complete('web');
      }
      const stamps = (await replicaSets(namespace, 'web'))
        .map(
          ({ spec }) => spec.template.metadata?.annotations?.['kubectl.kubernetes.io/restartedAt'],
        )
        .toSorted();
      expect(stamps).toEqual([first, second, undefined]);
    });

    it('back to an older template uses its ReplicaSet again, under a new revision', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      const [original] = await replicaSets(namespace, 'web');
      await namespace.patch('web', stamp(first));
      await namespace.complete('web');
      await namespace.patch('web', {
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': null } } },
        },
      });
      await namespace.complete('web');
      const all = await replicaSets(namespace, 'web');
      expect(all).toHaveLength(2);
      const again = all.find(({ metadata }) => metadata.name === original?.metadata.name);
      expect(again?.metadata.annotations).toMatchObject({
        [revision]: '3',
        'deployment.kubernetes.io/revision-history': '1',
      });
    });

    it('does not happen while paused, and does when resumed', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      await namespace.patch('web', { spec: { paused: true } });
      const { body } = await namespace.patch('web', stamp(first));
      const paused = await until('the controller has seen it', async () => {
        const one = await namespace.get('web');
        return one.status.observedGeneration === body.metadata.generation && one;
      });
      expect(paused.status.updatedReplicas).toBeUndefined();
      expect(condition(paused, 'Progressing')).toMatchObject({
        status: 'Unknown',
        reason: 'DeploymentPaused',
      });
      expect(await replicaSets(namespace, 'web')).toHaveLength(1);
      await namespace.patch('web', { spec: { paused: null } });
      await namespace.complete('web');
      expect(await replicaSets(namespace, 'web')).toHaveLength(2);
    });

    it('of the strategy Recreate has no pods in between, and never old and new ones', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      const strategy = { $retainKeys: ['type'], type: 'Recreate' };
      const contentType = 'application/strategic-merge-patch+json';
      // For a second the new pods are not available: long enough to be written down.
      const spec = { strategy, minReadySeconds: 1 };
      await namespace.patch('web', { spec }, { contentType });
      const before = await namespace.observed('web');
      const watching = namespace.watch(`resourceVersion=${before.metadata.resourceVersion ?? ''}`);
      const { body } = await namespace.patch('web', stamp(first));
      const done = await namespace.complete('web');
      await until('the watch has it', () =>
        watching.events.some(
          (one) => one.object.metadata.resourceVersion === done.metadata.resourceVersion,
        ),
      );
      await watching.stop();
      const states = watching.events
        .map(({ object }) => object.status)
        .filter(({ observedGeneration }) => observedGeneration === body.metadata.generation);
      expect(states.some(({ availableReplicas = 0 }) => availableReplicas === 0)).toBe(true);
      for (const { replicas = 0, updatedReplicas = 0 } of states)
        expect([0, replicas]).toContain(updatedReplicas);
    });

    it('of no replicas is complete at once', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web', 0);
      await namespace.patch('web', stamp(first));
      const { status } = await namespace.complete('web');
      expect(status.replicas).toBeUndefined();
    });
  });

  describe('managed fields', () => {
    it('give the stamp to its manager, and the status to the controller under its subresource', async () => {
      const namespace = await api().namespace();
      await namespace.rolledOut('web');
      await namespace.patch('web', stamp(first));
      await namespace.complete('web');
      const { managedFields = [] } = (await namespace.get('web')).metadata;
      const told = managedFields.map(
        ({ manager, operation, subresource }) => `${manager} ${operation} ${subresource ?? ''}`,
      );
      expect(told.toSorted()).toEqual([
        'kube-controller-manager Update status',
        'maker Update ',
        'rollcall Update ',
      ]);
      const own = managedFields.find(({ manager }) => manager === 'rollcall') as
        { readonly fieldsV1?: unknown } | undefined;
      expect(own?.fieldsV1).toEqual({
        'f:metadata': { 'f:annotations': { 'f:rollcall.dev/run': {} } },
        'f:spec': {
          'f:template': {
            'f:metadata': {
              'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/restartedAt': {} },
            },
          },
        },
      });
    });

    it('of a write that only takes away leave no trace of who did it', async () => {
      const namespace = await api().namespace();
      await namespace.still('web');
      await namespace.patch('web', stamp(first));
      const gone = { spec: { template: { metadata: { annotations: null } } } };
      await namespace.patch('web', gone, { manager: 'taker' });
      const { managedFields = [] } = (await namespace.get('web')).metadata;
      expect(managedFields.map(({ manager }) => manager)).not.toContain('taker');
    });
  });
}
