import { describe, expect, it } from '@jest/globals';
import { TestCluster } from './support.ts';

const leases = '/apis/coordination.k8s.io/v1/namespaces/sts/leases';
const jobs = '/apis/batch/v1/namespaces/sts/jobs';
const events = '/api/v1/namespaces/sts/events';

const withNamespace = (): TestCluster => new TestCluster().add('web');

describe('a Lease', () => {
  it('is patched on the version that was read; a second holder on it is 409', async () => {
    const cluster = withNamespace();
    const made = await cluster.json('POST', leases, { body: { metadata: { name: 'lock' } } });
    expect(made.status).toBe(201);
    const { resourceVersion } = made.body.metadata;
    const hold = (holderIdentity: string) =>
      cluster.merge(`${leases}/lock`, {
        metadata: { resourceVersion },
        spec: { holderIdentity, renewTime: '2024-01-01T00:00:00.000000Z' },
      });
    expect((await hold('a')).status).toBe(200);
    expect(await hold('b')).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  });

  it.each([
    [{ leaseDurationSeconds: 0 }, 'must be greater than 0'],
    [{ leaseTransitions: -1 }, 'must be greater than or equal to 0'],
    [{ renewTime: '2024-01-01T00:00:00Z' }, 'spec.renewTime'],
  ])('with %j is 422', async (spec, message) => {
    const cluster = withNamespace();
    await cluster.json('POST', leases, { body: { metadata: { name: 'lock' } } });
    const { status, body } = await cluster.merge(`${leases}/lock`, { spec });
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });
});

describe('a Job', () => {
  const make = (cluster: TestCluster, name: string, spec: object = {}) =>
    cluster.json('POST', jobs, {
      body: {
        metadata: { name },
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'gate' }] } },
          ...spec,
        },
      },
    });
  const read = async (cluster: TestCluster, name: string) =>
    (await cluster.json('GET', `${jobs}/${name}`)).body.status as unknown as {
      readonly conditions?: readonly { readonly type: string; readonly reason: string }[];
      readonly active?: number;
    };
  const last = async (cluster: TestCluster, name: string) =>
    (await read(cluster, name)).conditions?.at(-1);

  it('runs, and is complete after two seconds', async () => {
    const cluster = withNamespace();
    expect((await make(cluster, 'gate')).body.spec).toMatchObject({ backoffLimit: 6 });
    expect((await make(cluster, 'gate')).status).toBe(409);
    await cluster.clock.run(1_999);
    expect(await read(cluster, 'gate')).toMatchObject({ active: 1 });
    expect(await last(cluster, 'gate')).toBeUndefined();
    await cluster.clock.run(1);
    expect(await last(cluster, 'gate')).toMatchObject({ type: 'Complete', status: 'True' });
  });

  it('ends as it is told to, by the longest prefix of its name', async () => {
    const cluster = withNamespace();
    cluster.kube.playJobs('gate', { seconds: 1, fails: true });
    cluster.kube.playJobs('gate-slow', { seconds: 100 });
    await make(cluster, 'gate-a');
    await make(cluster, 'gate-slow-a', { activeDeadlineSeconds: 10 });
    await cluster.clock.run(1_000);
    expect(await last(cluster, 'gate-a')).toMatchObject({
      ...{ type: 'Failed', reason: 'BackoffLimitExceeded' },
    });
    await cluster.clock.run(9_000);
    expect(await last(cluster, 'gate-slow-a')).toMatchObject({
      ...{ type: 'Failed', reason: 'DeadlineExceeded' },
    });
  });

  it('is gone when its time to live is over, and no timer outlives it', async () => {
    const cluster = withNamespace();
    await make(cluster, 'gate', { ttlSecondsAfterFinished: 60 });
    await make(cluster, 'other');
    await cluster.json('DELETE', `${jobs}/other`);
    await cluster.clock.run(62_000);
    expect(await cluster.items(jobs)).toEqual([]);
    expect(cluster.clock.pending).toBe(0);
  });

  it('that would always be restarted is 422', async () => {
    const cluster = withNamespace();
    const template = { spec: { containers: [{ name: 'gate' }] } };
    expect((await make(cluster, 'gate', { template })).status).toBe(422);
  });
});

describe('an Event', () => {
  const event = (name: string, involved: object) => ({
    metadata: { name },
    involvedObject: { kind: 'Deployment', name: 'web', namespace: 'sts', ...involved },
    ...{ reason: 'Restarted', message: 'by run 1', type: 'Normal' },
  });

  it('is found by what it is about, and made once under a name', async () => {
    const cluster = withNamespace();
    const make = (body: object) => cluster.json('POST', events, { body });
    expect((await make(event('web.1', { uid: 'u' }))).status).toBe(201);
    expect((await make(event('web.1', { uid: 'u' }))).status).toBe(409);
    await make(event('api.1', { name: 'api' }));
    const found = async (selector: string) =>
      (await cluster.items(`${events}?fieldSelector=${encodeURIComponent(selector)}`)).map(
        ({ metadata }) => metadata.name,
      );
    expect(await found('involvedObject.name=web')).toEqual(['web.1']);
    expect(await found('involvedObject.uid=u,reason=Restarted')).toEqual(['web.1']);
    expect(await found('involvedObject.kind=Pod')).toEqual([]);
    expect(await found('type=Normal')).toEqual(['api.1', 'web.1']);
  });

  it('about something in another namespace is 422', async () => {
    const body = event('web.1', { namespace: 'other' });
    expect((await withNamespace().json('POST', events, { body })).status).toBe(422);
  });
});

it('where a webhook authorizes too, a review of rules is incomplete', async () => {
  const cluster = new TestCluster({ webhookAuthorizer: true });
  const { body } = await cluster.json(
    'POST',
    '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    { body: { spec: { namespace: 'sts' }, metadata: {} } },
  );
  expect(body.status).toMatchObject({
    incomplete: true,
    evaluationError: 'webhook authorizer does not support user rule resolution',
  });
});
