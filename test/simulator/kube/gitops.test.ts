import { describe, expect, it } from '@jest/globals';
import type { RestartableKind } from '../../../src/simulator/kube/api-server.ts';
import { rolloutMoment, stampOf } from '../../../src/simulator/kube/restartable.ts';
import type { RevertMoment } from '../../../src/simulator/kube/gitops.ts';
import { stamp, TestCluster } from './support.ts';
import type { WatchLine } from './support.ts';

const instant = '2024-01-01T00:00:00Z';

async function reverted(when: RevertMoment, prior?: unknown) {
  const cluster = new TestCluster().add('web').add('bystander');
  if (prior !== undefined) await cluster.patch('web', prior, 'somebody');
  await cluster.clock.run(10_000);
  cluster.kube.revertStamp('sts', 'web', when);
  const before = await cluster.get('web');
  const version = before.metadata.resourceVersion ?? '';
  const watch = await cluster.watch(`resourceVersion=${version}&fieldSelector=metadata.name%3Dweb`);
  await cluster.patch('web', stamp(instant));
  await cluster.patch('bystander', stamp(instant));
  await cluster.clock.run(30_000);
  watch.stop();
  const revert = watch.events.findIndex(
    ({ object }, index) => index > 0 && stampOf(object) !== instant,
  );
  return { cluster, before, events: watch.events, revert };
}

const isComplete = ({ object: { metadata, status } }: WatchLine): boolean =>
  status?.observedGeneration === metadata.generation &&
  status?.conditions?.some(({ reason }) => reason === 'NewReplicaSetAvailable') === true;

describe('a GitOps agent that replaces', () => {
  it('before completion: no state shows the stamp and a complete rollout', async () => {
    const { events, revert } = await reverted('before-completion');
    expect(revert).toBeGreaterThan(0);
    expect(events[revert - 1]?.object.status?.updatedReplicas).toBeGreaterThan(0);
    expect(events.filter((event) => isComplete(event) && stampOf(event.object))).toEqual([]);
  });

  it('after completion: that state is seen, and the very next event is the revert', async () => {
    const { events, revert } = await reverted('after-completion');
    const [completion, replaced] = events.slice(revert - 1);
    expect(completion && isComplete(completion) && stampOf(completion.object)).toBe(instant);
    expect(replaced?.object.metadata.generation).toBe(3);
    expect(events.slice(0, revert - 1).filter(isComplete)).toEqual([]);
  });

  it.each<RevertMoment>(['before-completion', 'after-completion'])(
    '%s: puts back template and annotations, rolls back, and is the only writer of the spec left',
    async (when) => {
      const { cluster, before } = await reverted(when);
      const after = await cluster.get('web');
      expect(after.spec).toEqual(before.spec);
      expect(after.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '3' });
      expect(after.status).toMatchObject({ observedGeneration: 3, updatedReplicas: 3 });
      expect(
        after.metadata.managedFields?.map(({ manager, subresource }) => [manager, subresource]),
      ).toEqual([
        ['argocd-controller', undefined],
        ['kube-controller-manager', 'status'],
      ]);
    },
  );

  it('that puts back a stamp of before owns it, from that moment', async () => {
    const old = '2023-12-01T00:00:00Z';
    const { cluster } = await reverted('before-completion', stamp(old));
    const after = await cluster.get('web');
    expect(stampOf(after)).toBe(old);
    const agent = after.metadata.managedFields?.find(
      ({ manager }) => manager === 'argocd-controller',
    );
    expect(agent?.time).not.toBe(after.metadata.creationTimestamp);
    expect(JSON.stringify(agent?.fieldsV1)).toContain('f:kubectl.kubernetes.io/restartedAt');
  });

  it('does it once, and to one workload', async () => {
    const { cluster } = await reverted('after-completion');
    expect(stampOf(await cluster.get('bystander'))).toBe(instant);
    await cluster.patch('web', stamp(instant));
    await cluster.clock.run(30_000);
    expect(stampOf(await cluster.get('web'))).toBe(instant);
    expect(cluster.kube.templateGenerations()).toMatchObject([
      { name: 'web', restarts: 1, revisions: { length: 4 } },
      { name: 'bystander', restarts: 1, revisions: { length: 2 } },
    ]);
  });

  it.each(
    (['StatefulSet', 'DaemonSet', 'Rollout'] as const).flatMap((kind) =>
      (['before-completion', 'after-completion'] as const).map((when) => [kind, when] as const),
    ),
  )('undoes the stamp of a %s too, %s', async (kind, when) => {
    const cluster = withAll();
    const read = () => cluster.kube.read(kind, 'sts', 'web');
    const before = read();
    cluster.kube.revertStamp('sts', 'web', when, kind);
    const watch = await cluster.watch('', pathOf(kind));
    await cluster.merge(
      `${pathOf(kind)}/web`,
      kind === 'Rollout' ? { spec: { restartAt: instant } } : stamp(instant),
    );
    await cluster.clock.run(60_000);
    watch.stop();
    const after = read();
    expect(after?.spec).toEqual(before?.spec);
    expect(after?.metadata.managedFields?.map(({ manager }) => manager)).toContain(
      'argocd-controller',
    );
    const states = watch.events.map(({ object }) => object);
    const revert = states.findLastIndex((object) => stampOf(object) === instant);
    expect(states[revert + 1]?.metadata.generation).toBe(3);
    const isDone = (state: (typeof states)[number] | undefined) =>
      state && rolloutMoment(state) === 'complete';
    expect(isDone(states[revert])).toBe(when === 'after-completion');
    expect(isDone(states.at(-1))).toBe(true);
  });

  it('of a workload that is not there is refused', () => {
    expect(() => {
      new TestCluster().kube.revertStamp('sts', 'web', 'after-completion');
    }).toThrow('deployments.apps "web" not found');
  });
});

/** A workload of each kind, all of the same name. */
function withAll(): TestCluster {
  const cluster = new TestCluster();
  const web = { namespace: 'sts', name: 'web', replicas: 3, rolloutSeconds: 10 };
  cluster.kube.addStatefulSet(web);
  cluster.kube.addDaemonSet(web);
  cluster.kube.addRollout(web);
  return cluster;
}

const pathOf = (kind: RestartableKind): string =>
  kind === 'Rollout'
    ? '/apis/argoproj.io/v1alpha1/namespaces/sts/rollouts'
    : `/apis/apps/v1/namespaces/sts/${kind.toLowerCase()}s`;
