import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { stamp, type Api } from './api.ts';
import { Workloads } from './workloads.ts';

const first = '2026-11-16T02:15:00Z';
const complete = { readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 };

/**
 * Names in their order, each once for a row of the same: the controller deletes by name, without
 * the uid as a precondition (stateful_pod_control.go), so with an old cache it may do it again.
 */
const withoutRepeats = (names: readonly string[]): readonly string[] =>
  names.filter((name, index) => name !== names[index - 1]);

/** How StatefulSets and DaemonSets tell of a rollout, and what becomes of their pods. */
export function setContract(api: () => Api): void {
  const sets = async (kind: 'DaemonSet' | 'StatefulSet') =>
    new Workloads(await api().namespace(), kind);

  describe('a StatefulSet', () => {
    it('has the defaults that its rules rest on', async () => {
      const { spec, status } = await (await sets('StatefulSet')).make('db', {});
      expect(spec).toMatchObject({
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      });
      expect(status).toEqual({ replicas: 0, availableReplicas: 0 });
    });

    it('rolls all its pods: the current revision becomes the update revision at the end', async () => {
      const all = await sets('StatefulSet');
      await all.make('db', { replicas: 3 });
      const { status: before } = await all.reaches('db', complete);
      expect(before.currentRevision).toBe(before.updateRevision);
      expect(String(before.updateRevision)).toMatch(/^db-[a-z0-9]+$/);
      const stamped = await all.patch('db', stamp(first));
      expect(stamped.metadata.generation).toBe(2);
      expect(stamped.status.observedGeneration).toBe(1);
      const { status: after } = await all.reaches('db', { ...complete, currentReplicas: 3 });
      expect(after.updateRevision).not.toBe(before.updateRevision);
      expect(after.currentRevision).toBe(after.updateRevision);
      expect(after.collisionCount).toBe(0);
      expect([...(await all.stamps('db'))]).toEqual([
        ['db-0', first],
        ['db-1', first],
        ['db-2', first],
      ]);
    });

    it('makes its pods in order, and makes them anew from the highest ordinal down', async () => {
      const all = await sets('StatefulSet');
      const watching = all.namespace.watch('', all.podPath);
      const made = () =>
        watching.events
          .filter(({ type }) => type === 'ADDED')
          .map(({ object }) => object.metadata.name);
      await all.make('db', { replicas: 3 });
      await all.reaches('db', complete);
      await until('the watch has the first pods', () => made().length >= 3);
      const atFirst = made().length;
      await all.patch('db', stamp(first));
      await all.reaches('db', { ...complete, currentReplicas: 3 });
      await until('the watch has the last pod', () => made().slice(atFirst).includes('db-0'));
      expect(withoutRepeats(made().slice(0, atFirst))).toEqual(['db-0', 'db-1', 'db-2']);
      expect(withoutRepeats(made().slice(atFirst))).toEqual(['db-2', 'db-1', 'db-0']);
      await watching.stop();
    });

    it('labels its pods with its revision, and owns them', async () => {
      const all = await sets('StatefulSet');
      await all.make('db', {});
      const { metadata, status } = await all.reaches('db', { readyReplicas: 1 });
      const pod = await all.namespace.client.call(`${all.podPath}/db-0`);
      expect(pod.metadata.labels).toMatchObject({
        app: 'db',
        'apps.kubernetes.io/pod-index': '0',
        'controller-revision-hash': status.updateRevision,
        'statefulset.kubernetes.io/pod-name': 'db-0',
      });
      expect(pod.metadata.ownerReferences).toEqual([
        {
          ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: metadata.uid },
          ...{ controller: true, blockOwnerDeletion: true },
        },
      ]);
    });

    it('leaves the pods below its partition at the current revision', async () => {
      const all = await sets('StatefulSet');
      const updateStrategy = { rollingUpdate: { partition: 2 } };
      await all.make('db', { replicas: 3, updateStrategy });
      const { status: before } = await all.reaches('db', complete);
      await all.patch('db', stamp(first));
      const { status } = await all.reaches('db', { updatedReplicas: 1, readyReplicas: 3 });
      expect(status).toMatchObject({ currentReplicas: 2, currentRevision: before.currentRevision });
      expect([...(await all.stamps('db')).values()]).toEqual([undefined, undefined, first]);
    });

    it('with OnDelete changes a pod when it is deleted, and keeps its current revision', async () => {
      const all = await sets('StatefulSet');
      await all.make('db', { replicas: 2, updateStrategy: { type: 'OnDelete' } });
      const { status: before } = await all.reaches('db', { readyReplicas: 2, updatedReplicas: 2 });
      await all.patch('db', stamp(first));
      await all.reaches('db', { readyReplicas: 2, updatedReplicas: 0 });
      await all.namespace.client.call(`${all.podPath}/db-0`, { method: 'DELETE' });
      await all.reaches('db', { readyReplicas: 2, updatedReplicas: 1 });
      expect([...(await all.stamps('db')).values()]).toEqual([first, undefined]);
      await all.namespace.client.call(`${all.podPath}/db-1`, { method: 'DELETE' });
      const { status: after } = await all.reaches('db', { readyReplicas: 2, updatedReplicas: 2 });
      expect(after.currentRevision).toBe(before.currentRevision);
    });

    it('refuses to change what it is bound to: 422', async () => {
      const all = await sets('StatefulSet');
      await all.make('db', {});
      const { status, body } = await all.namespace.client.send(`${all.path}/db`, {
        method: 'PATCH',
        body: { spec: { serviceName: 'other' } },
      });
      expect(status).toBe(422);
      expect((body as { readonly message: string }).message).toContain(
        'updates to statefulset spec for fields other than ',
      );
    });
  });

  describe('a DaemonSet', () => {
    it('rolls the pod of every node, and counts them by node', async () => {
      const all = await sets('DaemonSet');
      const made = await all.make('agent', {});
      expect(made.spec.updateStrategy).toEqual({
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
      });
      const templates = 'deprecated.daemonset.template.generation';
      expect(made.metadata.annotations?.[templates]).toBe('1');
      expect(made.status).toEqual({
        ...{ currentNumberScheduled: 0, numberMisscheduled: 0 },
        ...{ desiredNumberScheduled: 0, numberReady: 0 },
      });
      const nodes = await until('its pods are ready', async () => {
        const { status } = await all.get('agent');
        const desired = Number(status.desiredNumberScheduled);
        return desired > 0 && status.numberAvailable === desired && desired;
      });
      const stamped = await all.patch('agent', stamp(first));
      expect(stamped.metadata.generation).toBe(2);
      expect(stamped.metadata.annotations?.[templates]).toBe('2');
      const { status } = await all.reaches('agent', {
        ...{ updatedNumberScheduled: nodes, numberAvailable: nodes, numberReady: nodes },
        currentNumberScheduled: nodes,
      });
      expect(status.numberUnavailable).toBeUndefined();
      expect([...(await all.stamps('agent')).values()]).toEqual(Array(nodes).fill(first));
    });

    it('with OnDelete changes a node when its pod is deleted', async () => {
      const all = await sets('DaemonSet');
      await all.make('agent', { updateStrategy: { type: 'OnDelete' } });
      const pods = () =>
        until('its pods are there', async () => {
          const stamps = await all.stamps('agent');
          const { status } = await all.get('agent');
          return status.numberReady === stamps.size && stamps.size > 0 && stamps;
        });
      const before = await pods();
      await all.patch('agent', stamp(first));
      await all.reaches('agent', { updatedNumberScheduled: 0 });
      for (const name of before.keys())
        await all.namespace.client.call(`${all.podPath}/${name}`, { method: 'DELETE' });
      await all.reaches('agent', {
        updatedNumberScheduled: before.size,
        numberAvailable: before.size,
      });
      expect([...(await all.stamps('agent')).values()]).toEqual(Array(before.size).fill(first));
    });
  });
}
