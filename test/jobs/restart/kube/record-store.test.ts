import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileRecordStore } from '../../../../jobs/restart/kube/file-record-store.ts';
import { createHub } from '../../../../jobs/restart/kube/hub.ts';
import type { RecordStore } from '../../../../jobs/restart/ports.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeStatus } from '../support/deployments.ts';
import {
  json,
  makeKey,
  startServer,
  type Answer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { InstantClock } from '../support/virtual-clock.ts';

const never = new AbortController().signal;
const place = { namespace: 'sts', configMaps: ['run-0'], lease: 'run' };

/** One ConfigMap as the API server holds it: a merge-patch with a precondition. */
class HeldConfigMap {
  version = 1;
  data: Record<string, string> | undefined;
  readonly labels = { 'app.kubernetes.io/managed-by': 'rollcall' };

  readonly answer: Answer = (request, response) => {
    if (request.url.pathname !== '/api/v1/namespaces/sts/configmaps/run-0') {
      json(404, makeStatus(404, 'configmaps "x" not found'))(request, response);
    } else if (request.method === 'PATCH' && !this.#patch(JSON.parse(request.body))) {
      json(409, makeStatus(409, 'the object has been modified'))(request, response);
    } else {
      json(200, this.#object())(request, response);
    }
  };

  #patch(patch: unknown): boolean {
    const { metadata, data } = patch as {
      metadata: { resourceVersion: string };
      data: Record<string, string | null>;
    };
    if (metadata.resourceVersion !== String(this.version)) return false;
    const merged = Object.entries({ ...this.data, ...data });
    this.data = Object.fromEntries(
      merged.filter((entry): entry is [string, string] => entry[1] !== null),
    );
    this.version += 1;
    return true;
  }

  #object() {
    const { data, labels, version } = this;
    const annotations = { 'rollcall.dev/stop': 'yes' };
    const resourceVersion = String(version);
    const metadata = { namespace: 'sts', name: 'run-0', resourceVersion, labels, annotations };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...(data && { data }) };
  }
}

let folder: string;
let key: ServerKey;
let api: LocalServer;
let held: HeldConfigMap;
let closing: (() => Promise<void>)[];

const inCluster = async (): Promise<RecordStore> => {
  const { hostname, port } = new URL(api.url);
  const hub = await createHub({
    place,
    restart: 'after-key',
    host: hostname,
    port,
    serviceAccountDir: folder,
    version: '0.0.0',
    clock: new InstantClock(),
  });
  closing.push(() => hub.close());
  return hub.store;
};

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'record-'));
  await writeFile(join(folder, 'ca.crt'), key.certificate);
  await writeFile(join(folder, 'token'), 'first\n');
  held = new HeldConfigMap();
  api = await startServer(held.answer, key);
  closing = [];
});

afterEach(async () => {
  for (const close of closing) await close();
  await api.close();
  await rm(folder, { recursive: true });
});

describe.each<[string, () => Promise<RecordStore>]>([
  ['in the cluster', inCluster],
  ['in a folder', () => Promise.resolve(createFileRecordStore(folder))],
])('the record %s', (_where, open) => {
  it('begins empty, replaces its data as a whole, and gives it back', async () => {
    const store = await open();
    const empty = await store.read('run-0', never);
    expect(empty.data).toEqual({});
    const first = await store.write('run-0', { a: '1', b: '2' }, empty.resourceVersion, never);
    if (first === 'conflict') throw new Error('conflict');
    expect(await store.read('run-0', never)).toEqual(first);
    const second = await store.write('run-0', { b: '3' }, first.resourceVersion, never);
    expect(second).toMatchObject({ data: { b: '3' } });
    expect((await (await open()).read('run-0', never)).data).toEqual({ b: '3' });
  });

  it("gives an operator's annotations with what was read and written", async () => {
    await writeFile(join(folder, 'run-0.annotations.json'), '{"rollcall.dev/stop":"yes"}');
    const store = await open();
    const read = await store.read('run-0', never);
    const written = await store.write('run-0', { a: '1' }, read.resourceVersion, never);
    for (const shard of [read, written]) {
      expect(shard).toMatchObject({ annotations: { 'rollcall.dev/stop': 'yes' } });
    }
  });

  it('lets one of two writers through', async () => {
    const [one, two] = [await open(), await open()];
    const { resourceVersion } = await one.read('run-0', never);
    await two.read('run-0', never);
    expect(await one.write('run-0', { by: 'one' }, resourceVersion, never)).not.toBe('conflict');
    expect(await two.write('run-0', { by: 'two' }, resourceVersion, never)).toBe('conflict');
    expect((await two.read('run-0', never)).data).toEqual({ by: 'one' });
  });

  it('refuses a version that it has not seen last', async () => {
    const store = await open();
    expect(await store.write('run-0', {}, 'another', never)).toBe('conflict');
  });
});

describe('the record in the cluster', () => {
  it('sends data and the precondition alone, as our own field manager', async () => {
    held.data = { old: 'x' };
    const store = await inCluster();
    const { resourceVersion } = await store.read('run-0', never);
    await store.write('run-0', { new: 'y' }, resourceVersion, never);
    const sent = api.seen.at(-1);
    expect([sent?.method, sent?.headers['content-type']]).toEqual([
      'PATCH',
      'application/merge-patch+json',
    ]);
    expect(sent?.url.searchParams.get('fieldManager')).toBe('rollcall');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      metadata: { resourceVersion: '1' },
      data: { old: null, new: 'y' },
    });
  });

  it('reads its token afresh, since kubelet exchanges it', async () => {
    const store = await inCluster();
    await store.read('run-0', never);
    await writeFile(join(folder, 'token'), 'second');
    await store.read('run-0', never);
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
  });

  it.each([
    [403, false, 1],
    [401, false, 1],
    [404, false, 1],
    [503, true, 5],
  ])(
    'calls a %i the link record, and reads again only what may pass',
    async (status, transient, reads) => {
      api.answer = json(status, makeStatus(status, 'no'));
      const store = await inCluster();
      const error = await linkErrorOf(store.read('run-0', never));
      expect([error.link, error.transient]).toEqual(['record', transient]);
      expect(error.message).toContain('ConfigMap sts/run-0');
      expect(api.seen).toHaveLength(reads);
    },
  );

  it('never repeats a write whose answer was lost', async () => {
    const store = await inCluster();
    const { resourceVersion } = await store.read('run-0', never);
    api.answer = (_request, response) => {
      response.socket?.destroy();
    };
    const error = await linkErrorOf(store.write('run-0', {}, resourceVersion, never));
    expect([error.link, error.transient]).toEqual(['record', true]);
    expect(api.seen).toHaveLength(2);
  });

  it('says so where there is no cluster', async () => {
    const options = { place, restart: 'after-key', version: '0.0.0', clock: new InstantClock() };
    const outside = createHub({ ...options, host: undefined, port: undefined });
    expect((await linkErrorOf(outside)).message).toContain('KUBERNETES_SERVICE_HOST');
    const noFiles = { ...options, host: '::1', port: '443', serviceAccountDir: join(folder, 'x') };
    expect((await linkErrorOf(createHub(noFiles))).message).toContain('ca.crt');
  });
});

describe('the record in a folder', () => {
  it('leaves no half-written files', async () => {
    const store = createFileRecordStore(folder);
    const { resourceVersion } = await store.read('run-0', never);
    await store.write('run-0', { a: '1' }, resourceVersion, never);
    expect((await readdir(folder)).sort()).toEqual(['ca.crt', 'run-0.json', 'token']);
  });

  it.each(['', '[]', '{"a":1}', '{"a":'])('refuses a file that holds %j', async (text) => {
    await writeFile(join(folder, 'run-0.json'), text);
    const error = await linkErrorOf(createFileRecordStore(folder).read('run-0', never));
    expect([error.link, error.transient]).toEqual(['record', false]);
  });

  it('takes no name that leads elsewhere', async () => {
    for (const name of ['../x', 'a/b', '', '.hidden']) {
      expect((await linkErrorOf(createFileRecordStore(folder).read(name, never))).link).toBe(
        'record',
      );
    }
  });
});
