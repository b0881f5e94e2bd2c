import { beforeEach, describe, expect, it } from '@jest/globals';
import { deploymentsPath, TestCluster } from './support.ts';

const mergePatch = { headers: { 'content-type': 'application/merge-patch+json' } };

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().add('web');
});

describe('subresources', () => {
  it('scale: a number alone, on the version that it names', async () => {
    const path = `${deploymentsPath}/web/scale`;
    const { body } = await cluster.json('GET', path);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'web', namespace: 'sts' },
      spec: { replicas: 3 },
      status: { replicas: 3, selector: 'app=web' },
    });
    const put = { ...body, spec: { replicas: 5 } };
    expect((await cluster.json('PUT', path, { body: put })).body.spec.replicas).toBe(5);
    expect((await cluster.json('PUT', path, { body: put })).status).toBe(409);
    const patch = { ...mergePatch, body: { spec: { replicas: 1 } } };
    expect((await cluster.json('PATCH', path, patch)).status).toBe(200);
    expect((await cluster.get('web')).spec.replicas).toBe(1);
  });

  it('status: that and nothing else, and no new generation', async () => {
    const { body } = await cluster.json('PATCH', `${deploymentsPath}/web/status`, {
      ...mergePatch,
      body: { spec: { replicas: 9 }, metadata: { labels: { a: 'b' } }, status: { replicas: 7 } },
    });
    expect(body).toMatchObject({ spec: { replicas: 3 }, status: { replicas: 7 } });
    expect(body.metadata).toMatchObject({ generation: 1, labels: { app: 'web' } });
  });
});
