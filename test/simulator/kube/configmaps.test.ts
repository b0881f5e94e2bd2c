import { describe, expect, it } from '@jest/globals';
import { namespace, TestCluster } from './support.ts';

const path = `/api/v1/namespaces/${namespace}/configmaps/record`;
const manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name: 'record', labels: { a: 'b' } },
};

const withRecord = (): TestCluster => {
  const cluster = new TestCluster().add('web');
  cluster.kube.apply(manifest);
  return cluster;
};
const get = async (cluster: TestCluster) => (await cluster.json('GET', path)).body;
const put = (cluster: TestCluster, body: unknown) =>
  cluster.json('PUT', `${path}?fieldManager=rollcall`, {
    body,
    headers: { 'content-type': 'application/json' },
  });

describe('config maps', () => {
  it('are replaced on the version that was read; a second writer on it is 409', async () => {
    const cluster = withRecord();
    const read = await get(cluster);
    const first = await put(cluster, { ...read, data: { run: 'one' } });
    const second = await put(cluster, { ...read, data: { run: 'two' } });
    expect([first.status, second.status]).toEqual([200, 409]);
    expect(second.body.message).toBe(
      'Operation cannot be fulfilled on configmaps "record": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(await get(cluster)).toEqual(first.body);
    expect(first.body.data).toEqual({ run: 'one' });
    expect(first.body.metadata.generation).toBeUndefined();
  });

  it('are replaced without a precondition when no version is given, kind and labels left out', async () => {
    const cluster = withRecord();
    await put(cluster, { metadata: { name: 'record' }, data: { a: '1' } });
    const { body } = await put(cluster, { metadata: { name: 'record' }, data: { b: '2' } });
    expect(body).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { b: '2' } });
    expect(body.data).toEqual({ b: '2' });
    expect(body.metadata.labels).toBeUndefined();
  });

  it('are patched', async () => {
    const cluster = withRecord();
    const patch = { headers: { 'content-type': 'application/merge-patch+json' } };
    await cluster.json('PATCH', path, { ...patch, body: { data: { a: '1', b: '2' } } });
    await cluster.json('PATCH', path, { ...patch, body: { data: { a: null } } });
    expect((await get(cluster)).data).toEqual({ b: '2' });
  });

  it.each<[string, unknown, number, RegExp]>([
    ['a number in data', { data: { a: 1 } }, 400, /cannot be handled as a ConfigMap: data\.a: /],
    ['a key that is a path', { data: { '..': '1' } }, 422, /a valid config key must consist of/],
    ['a slash in a key', { data: { 'a/b': '1' } }, 422, /a valid config key must consist of/],
    ['more than a mebibyte', { data: { a: 'x'.repeat(2 ** 20 + 1) } }, 422, /Too long/],
    ['another kind', { kind: 'Secret' }, 400, /unrecognized/],
    ['another namespace', { metadata: { name: 'record', namespace: 'x' } }, 400, /namespace/],
  ])('with %s are refused', async (_, change, status, message) => {
    const cluster = withRecord();
    const before = await get(cluster);
    const answer = await put(cluster, { ...before, ...(change as object) });
    expect(answer.status).toBe(status);
    expect(answer.body.message).toMatch(message);
    expect(await get(cluster)).toEqual(before);
  });

  it('just a mebibyte is stored', async () => {
    const cluster = withRecord();
    const answer = await put(cluster, { ...manifest, data: { a: 'é'.repeat(2 ** 19) } });
    expect(answer.status).toBe(200);
  });
});

describe('apply', () => {
  it('sets what the manifest says, takes away what it no longer says, and keeps what others wrote', async () => {
    const cluster = withRecord();
    await put(cluster, { ...(await get(cluster)), data: { run: 'kept' } });
    cluster.kube.apply({
      ...manifest,
      metadata: { namespace, name: 'record', labels: { c: 'd' } },
    });
    const { data, metadata } = await get(cluster);
    expect(data).toEqual({ run: 'kept' });
    expect(metadata.labels).toEqual({ c: 'd' });
  });

  it('of the same again changes nothing', async () => {
    const cluster = withRecord();
    const before = await get(cluster);
    cluster.clock.advance(5000);
    cluster.kube.apply(manifest);
    expect(await get(cluster)).toEqual(before);
  });

  it.each<[string, unknown, RegExp]>([
    ['no manifest', 'text', /no Kubernetes manifest/],
    ['no name', { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }, /metadata\.name/],
    [
      'an unknown kind',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } },
      /no matches for kind "Secret" in version "v1"/,
    ],
    [
      'a namespace that does not exist',
      { ...manifest, metadata: { namespace: 'none', name: 'a' } },
      /namespaces "none" not found/,
    ],
    [
      'a rule without verbs',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { namespace, name: 'a' },
        rules: [{ apiGroups: [''], resources: ['configmaps'] }],
      },
      /Role\.rbac\.authorization\.k8s\.io "a" is invalid: rules\.0\.verbs: /,
    ],
  ])('%s is refused', (_, input, message) => {
    expect(() => {
      withRecord().kube.apply(input);
    }).toThrow(message);
  });
});
