import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FailureMode } from '../../../../src/simulator/kube/api-server.ts';
import type { KubeObject } from '../../../../src/simulator/kube/objects.ts';
import { deploymentsPath, stamp, TestCluster } from '../support.ts';

const pods = '/api/v1/namespaces/sts/pods';
const events = '/api/v1/namespaces/sts/events';
const instant = '2024-01-01T02:15:00Z';

interface Pod extends KubeObject {
  readonly status: {
    readonly phase: string;
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state: { readonly waiting?: { readonly reason: string } };
      readonly lastState: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}
const podsOf = async (cluster: TestCluster, query = '') =>
  (await cluster.items(`${pods}${query}`)) as unknown as readonly Pod[];
const isReady = ({ status }: Pod): boolean =>
  status.conditions.some((one) => one.type === 'Ready' && one.status === 'True');

describe('pods', () => {
  it('of a Deployment are those of its ReplicaSets, at every moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 6 }),
        async (replicas, waits) => {
          const cluster = new TestCluster().add('web', { replicas });
          await cluster.patch('web', stamp(instant));
          for (const wait of [0, ...waits]) {
            await cluster.clock.run(wait);
            const all = await podsOf(cluster);
            const { status = {} } = await cluster.get('web');
            expect(all).toHaveLength(status.replicas ?? 0);
            expect(all.filter(isReady)).toHaveLength(status.availableReplicas ?? 0);
            for (const { metadata } of all) {
              const [owner] = metadata.ownerReferences ?? [];
              expect(owner).toMatchObject({ kind: 'ReplicaSet', controller: true });
              expect(owner?.name).toBe(`web-${metadata.labels?.['pod-template-hash'] ?? ''}`);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are older than a stamp, or made after it', async () => {
    const cluster = new TestCluster().add('web', { replicas: 1 });
    const before = await podsOf(cluster);
    expect(before[0]?.metadata.creationTimestamp).toBe('2023-12-31T00:00:00Z');
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(10_000);
    const after = await podsOf(cluster);
    expect(after).toHaveLength(1);
    expect(after[0]?.metadata.uid).not.toBe(before[0]?.metadata.uid);
    expect(Date.parse(after[0]?.metadata.creationTimestamp ?? '')).toBeGreaterThanOrEqual(
      Date.UTC(2024, 0, 1),
    );
  });

  it('cost nothing until someone asks for them, and are then watched as they come', async () => {
    const cluster = new TestCluster().add('web', { replicas: 2 });
    const version = async () =>
      Number((await cluster.json('GET', deploymentsPath)).body.metadata.resourceVersion);
    const before = await version();
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(10_000);
    const unseen = (await version()) - before;
    const watch = await cluster.watch('', pods);
    await cluster.patch('web', stamp('2024-01-02T02:15:00Z'));
    await cluster.clock.run(10_000);
    watch.stop();
    const told = watch.events.map(({ type }) => type);
    expect(told.slice(0, 2)).toEqual(['ADDED', 'ADDED']);
    for (const type of ['ADDED', 'DELETED', 'MODIFIED']) expect(told.slice(2)).toContain(type);
    expect((await version()) - before - unseen).toBeGreaterThan(unseen);
  });

  it('that are deleted come back under another name', async () => {
    const cluster = new TestCluster().add('web', { replicas: 2 });
    const [first] = await podsOf(cluster);
    await cluster.json('DELETE', `${pods}/${first?.metadata.name ?? ''}`);
    const after = await podsOf(cluster);
    expect(after).toHaveLength(2);
    expect(after.map(({ metadata }) => metadata.name)).not.toContain(first?.metadata.name);
  });

  it.each<[FailureMode, string, string | undefined, readonly string[]]>([
    ['notReady', 'Running', undefined, ['Unhealthy']],
    ['crashLoop', 'Running', 'CrashLoopBackOff', ['BackOff']],
    ['imagePull', 'Pending', 'ImagePullBackOff', ['Failed', 'BackOff']],
    ['unschedulable', 'Pending', undefined, ['FailedScheduling']],
  ])(
    'that fail by %s are %s, wait for %s, and events say %j',
    async (failing, phase, waiting, reasons) => {
      const cluster = new TestCluster().add('web', { replicas: 1, failing });
      await cluster.patch('web', stamp(instant));
      await cluster.clock.run(20_000);
      const broken = (await podsOf(cluster)).find((pod) => !isReady(pod));
      expect(broken?.status.phase).toBe(phase);
      expect(broken?.status.containerStatuses?.[0]?.state.waiting?.reason).toBe(waiting);
      const name = broken?.metadata.name ?? '';
      const told = await cluster.items(
        `${events}?fieldSelector=${encodeURIComponent(`involvedObject.name=${name},involvedObject.kind=Pod`)}`,
      );
      expect(told.map(({ reason }) => reason).toSorted()).toEqual(reasons.toSorted());
      expect(await cluster.items(`${events}?fieldSelector=involvedObject.name%3Dother`)).toEqual(
        [],
      );
      if (failing === 'unschedulable')
        expect(broken?.status.conditions).toMatchObject([
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
        ]);
    },
  );

  it('that crash count their restarts, each after twice the wait', async () => {
    const cluster = new TestCluster().add('web', { replicas: 1, failing: 'crashLoop' });
    await cluster.patch('web', stamp(instant));
    const counts: (number | undefined)[] = [];
    for (const seconds of [10, 10, 20, 40, 80]) {
      await cluster.clock.run(seconds * 1000);
      const broken = (await podsOf(cluster)).find((pod) => !isReady(pod));
      counts.push(broken?.status.containerStatuses?.[0]?.restartCount);
      expect(broken?.status.containerStatuses?.[0]?.lastState.terminated?.exitCode).toBe(1);
    }
    expect(counts).toEqual([1, 1, 2, 3, 4]);
    expect(cluster.clock.pending).toBe(0);
  });

  it('in a table are as kubectl shows them', async () => {
    const cluster = new TestCluster().add('web', { replicas: 1, failing: 'crashLoop' });
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(40_000);
    const { body } = await cluster.json('GET', pods, {
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    const { rows } = body as unknown as { readonly rows: readonly { readonly cells: unknown[] }[] };
    expect(rows.map(({ cells }) => cells.slice(1, 4)).toSorted()).toEqual([
      ['0/1', 'CrashLoopBackOff', '2'],
      ['1/1', 'Running', '0'],
    ]);
  });

  it('are the controllers’ to make: 405', async () => {
    const cluster = new TestCluster().add('web');
    expect((await cluster.json('POST', pods, { body: { metadata: { name: 'x' } } })).status).toBe(
      405,
    );
  });
});
