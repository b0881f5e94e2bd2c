import { describe, expect, it } from '@jest/globals';
import { deploymentsPath, settled, stamp, TestCluster } from './support.ts';

describe('faults', () => {
  it('throttle as often as armed, for what matches, with Retry-After', async () => {
    const cluster = new TestCluster().add('web');
    cluster.kube.faults.arm(
      { kind: 'throttle', retryAfterSeconds: 7 },
      { times: 2, matches: ({ method }) => method === 'PATCH' },
    );
    expect((await cluster.json('GET', deploymentsPath)).status).toBe(200);
    const answers = [];
    for (let turn = 0; turn < 3; turn++)
      answers.push(await cluster.patch('web', stamp('2024-01-01T00:00:00Z')));
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]).toMatchObject({
      headers: { 'retry-after': '7' },
      body: { reason: 'TooManyRequests', details: { retryAfterSeconds: 7 } },
    });
  });

  it('are met before authorization, and after authentication', async () => {
    const cluster = new TestCluster();
    cluster.kube.faults.arm({ kind: 'unavailable' });
    expect((await cluster.json('GET', deploymentsPath, { as: 'nobody' })).status).toBe(401);
    expect((await cluster.json('GET', deploymentsPath, { as: 'stranger' })).status).toBe(503);
    expect((await cluster.json('GET', deploymentsPath, { as: 'stranger' })).status).toBe(403);
  });

  it.each<[string, (cluster: TestCluster, client: AbortController) => void]>([
    [
      'the client gives up',
      (_, client) => {
        client.abort(new Error('gave up'));
      },
    ],
    [
      'the cluster closes',
      ({ kube }) => {
        kube.close();
      },
    ],
  ])('hang until %s', async (_, end) => {
    const cluster = new TestCluster();
    const client = new AbortController();
    cluster.kube.faults.arm({ kind: 'hang' });
    let ended = false;
    const hanging = cluster.call('GET', deploymentsPath, { signal: client.signal }).finally(() => {
      ended = true;
    });
    const rejected = expect(hanging).rejects.toThrow(/gave up|closed/);
    await settled();
    expect(ended).toBe(false);
    end(cluster, client);
    await rejected;
  });
});
