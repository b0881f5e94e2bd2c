import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileHub } from '../../../../jobs/restart/kube/file-hub.ts';
import type { Hub, Lease } from '../../../../jobs/restart/ports.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeStatus } from '../support/deployments.ts';
import { openHub } from '../support/hub-folder.ts';
import {
  json,
  makeKey,
  startServer,
  type Answer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';

const never = new AbortController().signal;
const now = Date.UTC(2026, 0, 5, 2, 15, 0, 7);

/** One Lease as the API server holds it: a merge-patch with a precondition. */
class HeldLease {
  version = 1;
  spec: Record<string, unknown> = {};

  readonly answer: Answer = (request, response) => {
    if (request.url.pathname !== '/apis/coordination.k8s.io/v1/namespaces/sts/leases/after-key') {
      json(404, makeStatus(404, 'leases "x" not found'))(request, response);
    } else if (request.method === 'PATCH' && !this.#patch(JSON.parse(request.body))) {
      json(409, makeStatus(409, 'the object has been modified'))(request, response);
    } else {
      const metadata = { name: 'after-key', resourceVersion: String(this.version) };
      json(200, { metadata, spec: this.spec })(request, response);
    }
  };

  #patch(patch: unknown): boolean {
    const { metadata, spec } = patch as {
      metadata: { resourceVersion: string };
      spec: Record<string, unknown>;
    };
    if (metadata.resourceVersion !== String(this.version)) return false;
    const merged = Object.entries({ ...this.spec, ...spec });
    this.spec = Object.fromEntries(merged.filter(([, value]) => value !== null));
    this.version += 1;
    return true;
  }
}

let key: ServerKey;
let api: LocalServer;
let held: HeldLease;
let folder: string;
let opened: Hub[];

const inCluster = async (): Promise<Hub> => {
  const hub = await openHub(api);
  opened.push(hub);
  return hub;
};
const inFolder = (): Promise<Hub> => {
  const hub = createFileHub({ folder, place: { lease: 'after-key' }, version: '0.0.0' });
  opened.push(hub);
  return Promise.resolve(hub);
};

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  held = new HeldLease();
  api = await startServer(held.answer, key);
  folder = await mkdtemp(join(tmpdir(), 'lease-'));
  opened = [];
});

afterEach(async () => {
  for (const hub of opened) await hub.close();
  await api.close();
  await rm(folder, { recursive: true });
});

const taken = (lease: Lease, holder: string): Lease => ({
  ...lease,
  holder,
  durationSeconds: 60,
  transitions: lease.transitions + 1,
});

describe.each<[string, () => Promise<Hub>]>([
  ['in the cluster', inCluster],
  ['in a folder', inFolder],
])('the Lease %s', (_where, open) => {
  it("begins as nobody's, is taken, renewed and given back", async () => {
    const { lease } = await open();
    const free = await lease.read(never);
    expect(free).toMatchObject({ holder: '', durationSeconds: 0, transitions: 0 });
    const first = await lease.write(taken(free, 'one'), now, never);
    if (first === 'conflict') throw new Error('conflict');
    expect(first).toMatchObject({ holder: 'one', durationSeconds: 60, transitions: 1 });
    const second = await lease.write(first, now + 1, never);
    if (second === 'conflict') throw new Error('conflict');
    // A renewal is seen by its version alone.
    expect(second.resourceVersion).not.toBe(first.resourceVersion);
    const given = await lease.write({ ...second, holder: '' }, now + 2, never);
    expect(given).toMatchObject({ holder: '', transitions: 1 });
    expect(await (await open()).lease.read(never)).toEqual(given);
  });

  it('is taken by one of two', async () => {
    const [one, two] = [(await open()).lease, (await open()).lease];
    const free = await one.read(never);
    expect(await one.write(taken(free, 'one'), now, never)).not.toBe('conflict');
    expect(await two.write(taken(free, 'two'), now, never)).toBe('conflict');
    expect((await two.read(never)).holder).toBe('one');
  });
});

describe('the Lease in the cluster', () => {
  const sent = () =>
    (JSON.parse(api.seen.at(-1)?.body ?? '') as { spec: Record<string, unknown> }).spec;

  it('is written in the words of the API, with when it was acquired by whom', async () => {
    const { lease } = await inCluster();
    const first = await lease.write(taken(await lease.read(never), 'one'), now, never);
    const renewTime = '2026-01-05T02:15:00.007000Z';
    expect(sent()).toEqual({
      holderIdentity: 'one',
      leaseDurationSeconds: 60,
      leaseTransitions: 1,
      renewTime,
      acquireTime: renewTime,
    });
    const second = await lease.write(first as Lease, now + 1, never);
    expect(sent()).not.toHaveProperty('acquireTime');
    await lease.write({ ...(second as Lease), holder: '' }, now + 2, never);
    expect(sent()).toMatchObject({ holderIdentity: null });
    expect(held.spec).toMatchObject({ acquireTime: renewTime });
  });

  it.each([
    [403, false],
    [404, false],
    [503, true],
  ])('calls a %i the link record, and asks once', async (status, transient) => {
    const { lease } = await inCluster();
    const free = await lease.read(never);
    api.answer = json(status, makeStatus(status, 'no'));
    for (const call of [() => lease.read(never), () => lease.write(free, now, never)]) {
      const error = await linkErrorOf(call());
      expect([error.link, error.transient]).toEqual(['record', transient]);
      expect(error.message).toContain('Lease sts/after-key');
    }
    expect(api.seen).toHaveLength(3);
  });
});

describe('the Lease in a folder', () => {
  it('says when it was renewed', async () => {
    const { lease } = await inFolder();
    await lease.write(taken(await lease.read(never), 'one'), now, never);
    const file = join(folder, 'after-key.lease.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      renewed: '2026-01-05T02:15:00.007Z',
    });
  });

  it.each(['[]', '{"holder":1}', '{'])('refuses a file that holds %j', async (text) => {
    await writeFile(join(folder, 'after-key.lease.json'), text);
    expect((await linkErrorOf((await inFolder()).lease.read(never))).link).toBe('record');
  });
});
