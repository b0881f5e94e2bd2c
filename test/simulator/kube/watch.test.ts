import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deploymentsPath, settled, TestCluster } from './support.ts';
import type { WatchLine } from './support.ts';

const version = async (cluster: TestCluster): Promise<string> => {
  const { body } = await cluster.json('GET', deploymentsPath);
  return body.metadata.resourceVersion ?? '';
};
const brief = (events: readonly WatchLine[]): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);

interface List {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly WatchLine['object'][];
}

type Step = readonly ['add' | 'scale' | 'label' | 'remove', string];
const step = fc.tuple(
  fc.constantFrom<Step[0]>('add', 'scale', 'label', 'remove'),
  fc.constantFrom('a', 'b', 'c'),
);

async function take(cluster: TestCluster, [what, name]: Step, turn: number): Promise<void> {
  const exists = cluster.kube.read('Deployment', 'sts', name) !== undefined;
  if (what === 'add' && !exists) cluster.add(name);
  if (what === 'remove' && exists) cluster.kube.remove('Deployment', 'sts', name);
  if (what === 'scale' && exists) await cluster.patch(name, { spec: { replicas: turn + 4 } });
  if (what === 'label' && exists)
    await cluster.patch(name, { metadata: { labels: { even: turn % 2 === 0 ? 'yes' : null } } });
  cluster.clock.advance(400);
}

describe('watch', () => {
  it('from the version of a list gives exactly what comes later: the list and it make the state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.array(step, { maxLength: 12 }),
        fc.constantFrom('', '&labelSelector=even%3Dyes', '&fieldSelector=metadata.name%3Da'),
        fc.boolean(),
        async (before, after, selector, late) => {
          const cluster = new TestCluster();
          const list = async () =>
            (await cluster.json('GET', `${deploymentsPath}?x=1${selector}`))
              .body as unknown as List;
          for (const [turn, each] of before.entries()) await take(cluster, each, turn);
          const { metadata, items } = await list();
          const query = `resourceVersion=${metadata.resourceVersion}${selector}`;
          // Opened before or after the changes: the same events, from the history or as they happen.
          let watch = late ? undefined : await cluster.watch(query);
          for (const [turn, each] of after.entries()) await take(cluster, each, turn);
          watch ??= await cluster.watch(query);
          await settled();

          const state = new Map(items.map((item) => [item.metadata.name, item]));
          let last = Number(metadata.resourceVersion);
          for (const { type, object } of watch.events) {
            const { name } = object.metadata;
            expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(last);
            last = Number(object.metadata.resourceVersion);
            expect(type).toBe(type === 'DELETED' ? type : state.has(name) ? 'MODIFIED' : 'ADDED');
            if (type === 'DELETED') expect(state.delete(name)).toBe(true);
            else state.set(name, object);
          }
          const now = (await list()).items;
          expect(state.size).toBe(now.length);
          for (const item of now) expect(state.get(item.metadata.name)).toMatchObject(item);
          watch.stop();
          await watch.done;
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(['', 'resourceVersion=0'])('from nowhere (%j) begins with what exists', async (query) => {
    const cluster = new TestCluster().add('b').add('a');
    const watch = await cluster.watch(query);
    cluster.add('c');
    await settled();
    expect(brief(watch.events).slice(0, 3)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
    watch.stop();
  });

  it('sends the state first when asked to, whatever the version, and says where it ends', async () => {
    const cluster = new TestCluster().add('a').add('b');
    const from = await version(cluster);
    const wants = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const watch = await cluster.watch(`${wants}&allowWatchBookmarks=true&resourceVersion=${from}`);
    const none = await cluster.watch('sendInitialEvents=false&resourceVersionMatch=NotOlderThan');
    cluster.add('c');
    await settled();
    expect(watch.events.slice(0, 4).map(({ type }) => type)).toEqual([
      'ADDED',
      'ADDED',
      'BOOKMARK',
      'ADDED',
    ]);
    expect(watch.events[2]?.object.metadata).toMatchObject({
      resourceVersion: from,
      annotations: { 'k8s.io/initial-events-end': 'true' },
    });
    expect(brief(none.events)[0]).toBe('ADDED c');
    watch.stop();
    none.stop();
  });

  it('tells of an object that leaves the selector: DELETED, as it last was in it', async () => {
    const cluster = new TestCluster().add('a', { labels: { tier: 'x' } });
    const watch = await cluster.watch(
      `labelSelector=tier%3Dx&resourceVersion=${await version(cluster)}`,
    );
    const { body } = await cluster.patch('a', { metadata: { labels: { tier: 'y' } } });
    await cluster.patch('a', { metadata: { labels: { tier: 'x' } } });
    await settled();
    expect(brief(watch.events)).toEqual(['DELETED a', 'ADDED a']);
    expect(watch.events[0]?.object.metadata).toMatchObject({
      labels: { tier: 'x' },
      resourceVersion: body.metadata.resourceVersion,
    });
    watch.stop();
  });

  it('from a version that is forgotten is told 410, and ends', async () => {
    const cluster = new TestCluster({ historyLimit: 5 }).add('a');
    const old = await version(cluster);
    for (let replicas = 4; replicas < 20; replicas++)
      await cluster.patch('a', { spec: { replicas } });
    const watch = await cluster.watch(`resourceVersion=${old}`);
    await watch.done;
    expect(watch.events).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } },
    ]);
    expect(watch.events[0]?.object.message).toMatch(/^too old resource version: /);

    const recent = await cluster.watch(`resourceVersion=${await version(cluster)}`);
    await settled();
    expect(recent.events).toEqual([]);
    recent.stop();
  });

  it('lasts for timeoutSeconds, with bookmarks each minute and at its end', async () => {
    const cluster = new TestCluster().add('a');
    const from = await version(cluster);
    const watch = await cluster.watch(
      `resourceVersion=${from}&timeoutSeconds=90&allowWatchBookmarks=true`,
    );
    const silent = await cluster.watch(`resourceVersion=${from}&timeoutSeconds=90`);
    await cluster.clock.run(59_999);
    expect(watch.events).toEqual([]);
    await cluster.clock.run(1);
    expect(watch.events).toEqual([
      {
        type: 'BOOKMARK',
        object: {
          kind: 'Deployment',
          apiVersion: 'apps/v1',
          metadata: { resourceVersion: from, creationTimestamp: null },
        },
      },
    ]);
    await cluster.clock.run(30_000);
    await Promise.all([watch.done, silent.done]);
    expect(watch.events.map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK']);
    expect(silent.events).toEqual([]);
    expect(cluster.clock.pending).toBe(0);
  });

  it.each<[string, (cluster: TestCluster) => void, string[]]>([
    [
      'dropped',
      ({ kube }) => {
        kube.dropWatches();
      },
      [],
    ],
    [
      'expired',
      ({ kube }) => {
        kube.dropWatches({ expire: true });
      },
      ['ERROR undefined'],
    ],
    [
      'the cluster closes',
      ({ kube }) => {
        kube.close();
      },
      [],
    ],
  ])('ends when %s, and leaves no timer', async (_, end, expected) => {
    const cluster = new TestCluster().add('a');
    const watch = await cluster.watch(`resourceVersion=${await version(cluster)}`);
    end(cluster);
    await watch.done;
    expect(brief(watch.events)).toEqual(expected);
    expect(cluster.clock.pending).toBe(0);
  });

  it('ends when the client is gone, also one that never was there', async () => {
    const cluster = new TestCluster().add('a');
    const watch = await cluster.watch('');
    watch.stop();
    await watch.done;
    const response = await cluster.call('GET', `${deploymentsPath}?watch=1`, {
      signal: AbortSignal.abort(),
    });
    if (response.kind !== 'stream') throw new Error('expected a stream');
    for await (const line of response.lines) expect(line).toBeUndefined();
    expect(cluster.clock.pending).toBe(0);
  });
});
