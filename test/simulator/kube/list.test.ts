import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { KubeObject } from '../../../src/simulator/kube/objects.ts';
import { deploymentsPath, TestCluster } from './support.ts';

interface List {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly KubeObject[];
}

const list = async (cluster: TestCluster, query: Record<string, string>, path = deploymentsPath) =>
  (await cluster.json('GET', `${path}?${new URLSearchParams(query).toString()}`))
    .body as unknown as List;
const names = ({ items }: List): string[] => items.map(({ metadata }) => metadata.name);

describe('list', () => {
  it('is sorted, of one namespace, and its items have no kind of their own', async () => {
    const cluster = new TestCluster().add('b').add('a');
    cluster.kube.addDeployment({ namespace: 'a-z', name: 'c', replicas: 1, rolloutSeconds: 1 });
    const here = await list(cluster, {});
    expect(here).toMatchObject({ kind: 'DeploymentList', apiVersion: 'apps/v1' });
    expect(names(here)).toEqual(['a', 'b']);
    expect(here.items[0]).not.toHaveProperty('kind');
    expect(names(await list(cluster, {}, '/apis/apps/v1/deployments'))).toEqual(['c', 'a', 'b']);
  });

  it('selects', async () => {
    const cluster = new TestCluster()
      .add('a', { labels: { tier: 'x' } })
      .add('b')
      .add('c');
    expect(names(await list(cluster, { labelSelector: 'tier' }))).toEqual(['a']);
    expect(names(await list(cluster, { labelSelector: 'app in (b, c)' }))).toEqual(['b', 'c']);
    expect(names(await list(cluster, { fieldSelector: 'metadata.name=b' }))).toEqual(['b']);
  });

  it('of nothing is empty, and has a version to watch from', async () => {
    const { items, metadata } = await list(new TestCluster(), {});
    expect(items).toEqual([]);
    expect(Number(metadata.resourceVersion)).toBeGreaterThan(0);
  });

  it('in pages is the list at the first page, whatever is written meanwhile', async () => {
    const name = fc.stringMatching(/^[ab][ab-]?[ab]$/);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
        fc.uniqueArray(name, { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (before, meanwhile, limit) => {
          const cluster = new TestCluster();
          for (const each of before) cluster.add(each);
          const whole = await list(cluster, {});
          const pages: List[] = [await list(cluster, { limit: String(limit) })];
          for (const each of meanwhile) {
            if (!before.includes(each)) cluster.add(each);
            else if (each.length % 2 === 0) cluster.kube.remove('Deployment', 'sts', each);
            else await cluster.patch(each, { spec: { replicas: 7 } });
          }
          for (;;) {
            const token: string | undefined = pages.at(-1)?.metadata.continue;
            if (token === undefined) break;
            pages.push(await list(cluster, { limit: String(limit), continue: token }));
          }
          expect(pages.flatMap(({ items }) => items)).toEqual(whole.items);
          expect(pages.every(({ items }) => items.length <= limit)).toBe(true);
          expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion))).toEqual(
            new Set([whole.metadata.resourceVersion]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('goes on with 410 when the version of its first page is forgotten', async () => {
    const cluster = new TestCluster().add('a').add('b');
    const { metadata } = await list(cluster, { limit: '1' });
    await cluster.patch('b', { spec: { replicas: 1 } });
    cluster.kube.compact();
    const query = new URLSearchParams({ continue: metadata.continue ?? '' }).toString();
    const answer = await cluster.json('GET', `${deploymentsPath}?${query}`);
    expect(answer).toMatchObject({ status: 410, body: { reason: 'Expired', code: 410 } });
    // With the token in the refusal it goes on, as things are now.
    const { continue: token = '' } = answer.body.metadata as unknown as List['metadata'];
    expect(names(await list(cluster, { continue: token }))).toEqual(['b']);
  });

  it('tells how many are left, but not to who selects; version 0 comes whole', async () => {
    const cluster = new TestCluster().add('a').add('b').add('c');
    const limit = '1';
    const left = async (query: Record<string, string>) =>
      (await list(cluster, { limit, ...query })).metadata;
    expect(await left({})).toMatchObject({ remainingItemCount: 2 });
    expect(await left({ labelSelector: 'app' })).not.toHaveProperty('remainingItemCount');
    expect(names(await list(cluster, { limit, resourceVersion: '0' }))).toHaveLength(3);
  });

  it('at an exact version is as it was then', async () => {
    const cluster = new TestCluster().add('a');
    const { resourceVersion } = (await list(cluster, {})).metadata;
    cluster.add('b');
    const exact = { resourceVersion, resourceVersionMatch: 'Exact' };
    expect(names(await list(cluster, exact))).toEqual(['a']);
    expect(names(await list(cluster, { resourceVersion }))).toEqual(['a', 'b']);
    cluster.kube.compact();
    const query = new URLSearchParams(exact).toString();
    expect((await cluster.json('GET', `${deploymentsPath}?${query}`)).status).toBe(410);
  });

  it.each([
    ['limit=many', 400],
    ['resourceVersionMatch=Exact', 422],
    ['resourceVersionMatch=Exact&resourceVersion=0', 422],
    ['resourceVersionMatch=Foo&resourceVersion=1', 422],
    ['sendInitialEvents=true', 422],
    ['watch=1&sendInitialEvents=true', 422],
    ['watch=1&resourceVersionMatch=NotOlderThan', 422],
    ['continue=nonsense', 400],
    ['resourceVersion=x', 400],
    ['labelSelector=a%20b', 400],
    ['fieldSelector=spec.x%3D1', 400],
    ['resourceVersion=999999', 504],
  ])('%s is %d', async (query, status) => {
    expect((await new TestCluster().json('GET', `${deploymentsPath}?${query}`)).status).toBe(
      status,
    );
  });
});
