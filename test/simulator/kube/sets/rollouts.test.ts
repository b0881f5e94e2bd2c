import { describe, expect, it } from '@jest/globals';
import type { Body } from '../support.ts';
import { TestCluster } from '../support.ts';

const path = '/apis/argoproj.io/v1alpha1/namespaces/sts/rollouts';
const pods = '/api/v1/namespaces/sts/pods';
const merge = 'application/merge-patch+json';
const instant = '2024-01-01T00:00:00Z';

function withRollout(
  options: Partial<Parameters<TestCluster['kube']['addRollout']>[0]> = {},
): TestCluster {
  const cluster = new TestCluster();
  cluster.kube.addRollout({
    ...{ namespace: 'sts', name: 'web', replicas: 3, rolloutSeconds: 9 },
    ...options,
  });
  return cluster;
}

const get = async (cluster: TestCluster): Promise<Body> =>
  (await cluster.json('GET', `${path}/web`)).body;
const statusOf = async (cluster: TestCluster): Promise<Record<string, unknown>> =>
  (await get(cluster)).status as Record<string, unknown>;
const restart = (cluster: TestCluster, restartAt = instant) =>
  cluster.merge(`${path}/web?fieldManager=rollcall`, {
    metadata: { annotations: { 'rollcall.dev/run': `${restartAt}/nightly` } },
    spec: { restartAt },
  });

describe('a Rollout of Argo', () => {
  it('is a custom resource: merge and JSON patches, and 415 for a strategic one', async () => {
    const cluster = withRollout();
    const { status, body } = await cluster.json('PATCH', `${path}/web`, {
      body: { spec: { restartAt: instant } },
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
    });
    expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType']);
    expect(body.message).not.toContain('strategic');
    const json = await cluster.json('PATCH', `${path}/web`, {
      body: [{ op: 'add', path: '/spec/restartAt', value: instant }],
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect(json.status).toBe(200);
    const list = await cluster.json('GET', path);
    expect(list.body).toMatchObject({ kind: 'RolloutList', items: [{ kind: 'Rollout' }] });
  });

  it('counts changes of its spec, and neither its metadata nor its status', async () => {
    const cluster = withRollout();
    const patched = async (body: unknown, target = `${path}/web`) =>
      (await cluster.merge(target, body)).body.metadata.generation;
    expect(await patched({ metadata: { annotations: { a: 'b' } } })).toBe(1);
    expect(await patched({ status: { phase: 'Degraded' } })).toBe(1);
    expect((await statusOf(cluster)).phase).toBe('Healthy');
    expect(await patched({ status: { message: 'x' } }, `${path}/web/status`)).toBe(1);
    expect(await patched({ spec: { restartAt: instant } })).toBe(2);
  });

  it('restarts its pods one by one, then says restartedAt, then is healthy', async () => {
    const cluster = withRollout();
    const watch = await cluster.watch('', path);
    await restart(cluster);
    await cluster.clock.run(8_999);
    expect((await statusOf(cluster)).phase).toBe('Progressing');
    await cluster.clock.run(1);
    watch.stop();
    const told = watch.events
      .map(({ object }) => object.status as unknown as Record<string, string>)
      .map(({ observedGeneration, phase, message, restartedAt }) =>
        [observedGeneration, phase, message, restartedAt].filter(Boolean).join(' '),
      )
      .filter((one, index, all) => one !== all[index - 1]);
    expect(told).toEqual([
      '1 Healthy',
      '2 Progressing rollout is restarting',
      `2 Progressing updated replicas are still becoming available ${instant}`,
      `2 Healthy ${instant}`,
    ]);
    expect(await statusOf(cluster)).toMatchObject({ availableReplicas: 3, updatedReplicas: 3 });
    expect(cluster.kube.templateGenerations()).toMatchObject([
      { kind: 'Rollout', restarts: 1, revisions: [{}, { restartedAt: instant }] },
    ]);
    const made = (await cluster.items(pods)).map(({ metadata }) => metadata.creationTimestamp);
    expect(made.every((time) => (time ?? '') >= instant)).toBe(true);
    expect(cluster.clock.pending).toBe(0);
  });

  it('waits for a restartAt that is still to come', async () => {
    const cluster = withRollout();
    await restart(cluster, '2024-01-01T01:00:00Z');
    await cluster.clock.run(3_599_000);
    expect(await statusOf(cluster)).toMatchObject({
      ...{ phase: 'Progressing', message: 'rollout is restarting', availableReplicas: 3 },
    });
    expect((await statusOf(cluster)).restartedAt).toBeUndefined();
    await cluster.clock.run(20_000);
    expect(await statusOf(cluster)).toMatchObject({
      ...{ phase: 'Healthy', restartedAt: '2024-01-01T01:00:00Z' },
    });
  });

  it('leaves pods that are as new as restartAt', async () => {
    const cluster = withRollout();
    const before = (await cluster.items(pods)).map(({ metadata }) => metadata.uid);
    await restart(cluster, '2023-12-31T00:00:00Z');
    await cluster.clock.run(60);
    expect(await statusOf(cluster)).toMatchObject({
      ...{ phase: 'Healthy', restartedAt: '2023-12-31T00:00:00Z' },
    });
    expect((await cluster.items(pods)).map(({ metadata }) => metadata.uid)).toEqual(before);
  });

  it('that is paused restarts all the same, and stays paused', async () => {
    const cluster = withRollout({ paused: true });
    await restart(cluster);
    await cluster.clock.run(9_000);
    expect(await statusOf(cluster)).toMatchObject({
      ...{ phase: 'Paused', message: 'manually paused', restartedAt: instant },
      availableReplicas: 3,
    });
  });

  it('whose template changes says restartedAt at once: its pods are renewed anyway', async () => {
    const cluster = withRollout();
    await cluster.merge(`${path}/web`, {
      spec: { restartAt: instant, template: { metadata: { labels: { version: '2' } } } },
    });
    await cluster.clock.run(60);
    expect(await statusOf(cluster)).toMatchObject({ phase: 'Progressing', restartedAt: instant });
    await cluster.clock.run(8_940);
    expect(await statusOf(cluster)).toMatchObject({ phase: 'Healthy', updatedReplicas: 3 });
  });

  it('whose pods do not come up is degraded, and not restarted', async () => {
    const cluster = withRollout({ failing: 'imagePull' });
    await restart(cluster);
    await cluster.clock.run(60_000);
    const status = await statusOf(cluster);
    expect(status).toMatchObject({ phase: 'Degraded', availableReplicas: 2 });
    expect(status.message).toMatch(/^ProgressDeadlineExceeded: ReplicaSet "web-/);
    expect(status.restartedAt).toBeUndefined();
  });

  it('runs the template of the Deployment that it refers to, and follows it', async () => {
    const cluster = new TestCluster().add('shop', { replicas: 0 });
    cluster.kube.addRollout({
      ...{ namespace: 'sts', name: 'web', replicas: 2, rolloutSeconds: 9, workloadRef: 'shop' },
    });
    expect((await get(cluster)).spec).toEqual({
      replicas: 2,
      strategy: { canary: {} },
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
    });
    expect((await cluster.items(pods)).map(({ metadata }) => metadata.labels?.app)).toEqual([
      'shop',
      'shop',
    ]);
    const { currentPodHash } = await statusOf(cluster);
    await cluster.patch('shop', { spec: { template: { metadata: { annotations: { a: 'b' } } } } });
    await cluster.clock.run(9_060);
    const after = await statusOf(cluster);
    expect(after).toMatchObject({ phase: 'Healthy', updatedReplicas: 2 });
    expect(after.currentPodHash).not.toBe(currentPodHash);
  });

  it('refuses a restartAt that is no time', async () => {
    const cluster = withRollout();
    expect((await restart(cluster, 'now')).status).toBe(422);
    expect(
      (
        await cluster.call('PATCH', `${path}/none`, {
          body: {},
          headers: { 'content-type': merge },
        })
      ).status,
    ).toBe(404);
  });
});
