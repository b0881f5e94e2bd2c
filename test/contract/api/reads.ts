import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/wait.ts';
import { brief, stamp, type Answered, type Api, type Deployment, type Namespace } from './api.ts';

interface List {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly Deployment[];
}

const list = ({ client, deployments }: Namespace, query = ''): Promise<List> =>
  client.call<List>(`${deployments}${query}`);
const names = ({ items }: List): readonly string[] => items.map(({ metadata }) => metadata.name);

async function withStill(api: Api, ...all: readonly string[]): Promise<Namespace> {
  const namespace = await api.namespace();
  for (const name of all) await namespace.still(name, { labels: { even: 'yes' } });
  return namespace;
}

/** What looking at workloads relies on: lists, their pages, and watches that go on from them. */
export function readContract(api: () => Api): void {
  describe('a list', () => {
    it('is sorted by name, its items have no kind, and it has a version', async () => {
      const namespace = await withStill(api(), 'b', 'a');
      const answer = await list(namespace);
      expect([answer.kind, answer.apiVersion]).toEqual(['DeploymentList', 'apps/v1']);
      expect(names(answer)).toEqual(['a', 'b']);
      expect(answer.items.map(({ kind, apiVersion }) => kind ?? apiVersion)).toEqual([
        undefined,
        undefined,
      ]);
      expect(answer.metadata.resourceVersion).toMatch(/^\d+$/);
    });

    it('of nothing is empty, and has a version to watch from', async () => {
      const answer = await list(await api().namespace());
      expect(answer.items).toEqual([]);
      expect(Number(answer.metadata.resourceVersion)).toBeGreaterThan(0);
    });

    it('selects by label and by name', async () => {
      const namespace = await withStill(api(), 'a');
      await namespace.still('b');
      expect(names(await list(namespace, '?labelSelector=even%3Dyes'))).toEqual(['a']);
      expect(names(await list(namespace, '?labelSelector=even%21%3Dyes'))).toEqual(['b']);
      expect(names(await list(namespace, '?fieldSelector=metadata.name%3Db'))).toEqual(['b']);
      expect(names(await list(namespace, '?fieldSelector=metadata.name%3Dc'))).toEqual([]);
    });

    it.each(['?labelSelector=a%20b', '?fieldSelector=spec.replicas%3D1', '?limit=many'])(
      'with %s is 400',
      async (query) => {
        const { client, deployments } = await api().namespace();
        expect((await client.send(`${deployments}${query}`)).status).toBe(400);
      },
    );

    it('in pages is the list as it was at the first page, whatever is written meanwhile', async () => {
      const namespace = await withStill(api(), 'a', 'b', 'c');
      const first = await list(namespace, '?limit=2');
      expect(names(first)).toEqual(['a', 'b']);
      expect(first.metadata.remainingItemCount).toBe(1);
      await namespace.still('d');
      await namespace.patch('c', stamp('2026-11-16T02:15:00Z'));
      const rest = await list(namespace, `?limit=2&continue=${first.metadata.continue ?? ''}`);
      expect(names(rest)).toEqual(['c']);
      expect(rest.items[0]?.spec.template.metadata?.annotations).toBeUndefined();
      expect(rest.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
      expect(rest.metadata.continue ?? '').toBe('');
    });

    it('as a table has a column for what kubectl shows', async () => {
      const namespace = await withStill(api(), 'a');
      const { body } = await namespace.client.send(namespace.deployments, {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      });
      const { kind, columnDefinitions, rows } = body as {
        readonly kind: string;
        readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
        readonly rows: readonly { readonly cells: readonly unknown[] }[];
      };
      expect(kind).toBe('Table');
      expect(columnDefinitions.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
        'Name 0',
        'Ready 0',
        'Up-to-date 0',
        'Available 0',
        'Age 0',
        'Containers 1',
        'Images 1',
        'Selector 1',
      ]);
      // Paused since it was made: no pod.
      expect(rows[0]?.cells.toSpliced(4, 1)).toEqual([
        'a',
        '0/1',
        0,
        0,
        'a',
        'example.invalid/a:1',
        'app=a',
      ]);
    });
  });

  describe('a watch', () => {
    const version = async (namespace: Namespace): Promise<string> =>
      (await list(namespace)).metadata.resourceVersion;

    it('from the version of a list gives exactly what comes later', async () => {
      const namespace = await withStill(api(), 'a');
      const watching = namespace.watch(`resourceVersion=${await version(namespace)}`);
      const { body } = await namespace.patch('a', stamp('2026-11-16T02:15:00Z'));
      await until('the patch is seen', () => watching.events.length > 0);
      expect(watching.events[0]?.type).toBe('MODIFIED');
      expect(watching.events[0]?.object).toEqual(body);
      await namespace.client.call(`${namespace.deployments}/a`, { method: 'DELETE' });
      await until('the end is seen', () => brief(watching.events).includes('DELETED a'));
      await watching.stop();
    });

    it.each(['', 'resourceVersion=0'])(
      'from nowhere (%j) begins with what exists',
      async (query) => {
        const namespace = await withStill(api(), 'a', 'b');
        const watching = namespace.watch(query);
        await until('both are told', () => watching.events.length === 2);
        expect(brief(watching.events).toSorted()).toEqual(['ADDED a', 'ADDED b']);
        await watching.stop();
      },
    );

    it('sends the state first when asked to, and says where it ends', async () => {
      const namespace = await withStill(api(), 'a', 'b');
      const watching = namespace.watch(
        'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      );
      await until('the state is told', () =>
        watching.events.some(({ type }) => type === 'BOOKMARK'),
      );
      const [first, second, end] = watching.events;
      expect([first, second].map((event) => event?.object.metadata.name).toSorted()).toEqual([
        'a',
        'b',
      ]);
      expect(end).toMatchObject({
        type: 'BOOKMARK',
        object: {
          kind: 'Deployment',
          apiVersion: 'apps/v1',
          metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
        },
      });
      await watching.stop();
    });

    it('tells of an object that leaves the selector as deleted, and of its return as added', async () => {
      const namespace = await withStill(api(), 'a');
      const from = await version(namespace);
      const watching = namespace.watch(`labelSelector=even%3Dyes&resourceVersion=${from}`);
      await namespace.patch('a', { metadata: { labels: { even: 'no' } } });
      await namespace.patch('a', { metadata: { labels: { even: 'yes' } } });
      await until('both are told', () => watching.events.length === 2);
      expect(brief(watching.events)).toEqual(['DELETED a', 'ADDED a']);
      // As it last was while it was selected, with the version of the change.
      expect(watching.events[0]?.object.metadata.labels).toMatchObject({ even: 'yes' });
      await watching.stop();
    });

    it('of one name sees nothing of another', async () => {
      const namespace = await withStill(api(), 'a', 'b');
      const from = await version(namespace);
      const watching = namespace.watch(`fieldSelector=metadata.name%3Da&resourceVersion=${from}`);
      await namespace.patch('b', stamp('2026-11-16T02:15:00Z'));
      await namespace.patch('a', stamp('2026-11-16T02:15:00Z'));
      await until('a is told', () => watching.events.length > 0);
      expect(new Set(brief(watching.events))).toEqual(new Set(['MODIFIED a']));
      await watching.stop();
    });

    it('lasts for timeoutSeconds, and ends with a bookmark when asked for', async () => {
      const namespace = await withStill(api(), 'a');
      const from = await version(namespace);
      const query = `resourceVersion=${from}&timeoutSeconds=5`;
      const watching = namespace.watch(`${query}&allowWatchBookmarks=true`);
      const silent = namespace.watch(query);
      // The version moves on, elsewhere.
      await withStill(api(), 'elsewhere');
      await Promise.all([watching.done, silent.done]);
      expect(silent.events).toEqual([]);
      expect(new Set(watching.events.map(({ type }) => type))).toEqual(new Set(['BOOKMARK']));
      const bookmark = watching.events.at(-1)?.object.metadata;
      expect(Number(bookmark?.resourceVersion)).toBeGreaterThan(Number(from));
    });
  });

  // Last, as it forgets for every other case too.
  describe('what is older than the history that is kept', () => {
    it('can be neither listed on nor watched from: 410, and a new list goes well', async () => {
      const namespace = await withStill(api(), 'a', 'b');
      const page = await list(namespace, '?limit=1');
      await namespace.patch('a', stamp('2026-11-16T02:15:00Z'));
      await api().started.compact();

      const query = `?limit=1&continue=${page.metadata.continue ?? ''}`;
      const goesOn = await namespace.client.send(`${namespace.deployments}${query}`);
      expect(goesOn.status).toBe(410);
      expect(goesOn.body).toMatchObject({ kind: 'Status', reason: 'Expired', code: 410 });

      const watching = namespace.watch(`resourceVersion=${page.metadata.resourceVersion}`);
      await watching.done;
      expect(watching.events).toMatchObject([
        { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } },
      ]);
      expect((watching.events[0]?.object as Answered).message).toMatch(
        /^too old resource version: /,
      );
      expect(names(await list(namespace))).toEqual(['a', 'b']);
    });
  });
}
