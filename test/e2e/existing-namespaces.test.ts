import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { synthesise } from '../../src/demo/generate.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { binary } from './support/process/binaries.ts';
import { run, type CommandEnd } from './support/process/command.ts';
import {
  type Annotations,
  lentRoles,
  writeExistingNamespacesFleet,
} from './support/manifests/existing-namespaces-fleet.ts';
import { isNamespace, readManifests, readOutputs } from './support/manifests/outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-namespaces-'));
const tree = join(folder, 'tree');
synthesise(writeExistingNamespacesFleet(folder), tree);

/** What its owner has said of each namespace. */
const theirs = {
  labels: { team: 'theirs', 'pod-security.kubernetes.io/enforce': 'baseline' },
  annotations: { 'example.com/owner': 'them' },
};
const theirFile = (name: string): string => join(folder, `their-${name}.yaml`);

/** Every namespace that is someone else's, with what the fleet asks of it. */
const places = Object.entries(lentRoles).flatMap(([at, namespaces]) =>
  Object.entries(namespaces).map(([name, annotations]) => ({ at, name, annotations })),
);
const file = (at: string): string => join(tree, '_namespaces', `${at}.yaml`);

let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'any',
    folder: join(folder, 'any'),
    etcd,
    controllers: false,
  });
  for (const { name } of places) {
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...theirs } };
    writeFileSync(theirFile(name), stringify(object));
    await cluster.mustKubectl(['apply', '-f', theirFile(name)]);
  }
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

const live = async (name: string) =>
  (await cluster.admin.call(`/api/v1/namespaces/${name}`)).metadata;

/** As it was when its owner had applied it last. */
beforeEach(async () => {
  for (const { name, annotations } of places) {
    const keys = Object.keys(annotations).map((key) => `${key}-`);
    await cluster.mustKubectl(['annotate', 'namespace', name, ...keys]);
  }
});

/** The commands in the comments of a cluster's file, run by a shell. */
async function runCommands(at: string): Promise<readonly CommandEnd[]> {
  const ends: CommandEnd[] = [];
  const commands = readFileSync(file(at), 'utf8').match(/^# kubectl .*$/gm) ?? [];
  for (const line of commands) {
    const PATH = [dirname(binary('kubectl')), process.env.PATH].join(':');
    const environment = { PATH, KUBECONFIG: cluster.kubeconfig };
    ends.push(await run('sh', ['-c', line.slice(2)], { environment }));
  }
  return ends;
}

const done = expect.objectContaining({ code: 0, stderr: '' }) as unknown;
const asApplied = {
  ...theirs.annotations,
  'kubectl.kubernetes.io/last-applied-configuration': expect.anything() as unknown,
};

it.each(Object.keys(lentRoles))('%s: what is applied as a whole has no namespace', (at) => {
  const applied = readOutputs(at, tree).flatMap(({ manifests }) => manifests);
  expect(applied.length).toBeGreaterThan(0);
  expect(applied.filter(isNamespace)).toEqual([]);
  const asked = places.filter((one) => one.at === at);
  expect(readManifests(file(at)).map(({ metadata }) => metadata)).toEqual(
    asked.map(({ name, annotations }) => ({ name, annotations })),
  );
});

it.each(places)('$name of $at gets annotations added, once', async ({ at, name, annotations }) => {
  const before = await live(name);
  const count = places.filter((one) => one.at === at).length;
  expect(await runCommands(at)).toEqual(Array(count).fill(done));
  const { labels, annotations: found, resourceVersion } = await live(name);
  expect(found).toEqual({ ...asApplied, ...annotations });
  expect(labels).toEqual({ ...theirs.labels, 'kubernetes.io/metadata.name': name });
  expect(resourceVersion).not.toBe(before.resourceVersion);
  expect(await runCommands(at)).toEqual(Array(count).fill(done));
  expect((await live(name)).resourceVersion).toBe(resourceVersion);
});

it.each(places)('$name keeps them when its owner applies it', async (place) => {
  const { at, name, annotations } = place;
  await runCommands(at);
  for (const how of [[], ['--server-side', '--field-manager=them', '--force-conflicts']]) {
    await cluster.mustKubectl(['apply', ...how, '-f', theirFile(name)]);
    expect((await live(name)).annotations).toMatchObject(annotations);
  }
});

it.each(places)('$name stays as it is where somebody else lends other roles', async (place) => {
  const { at, name, annotations } = place;
  const [key = ''] = Object.keys(annotations);
  await cluster.mustKubectl(['annotate', 'namespace', name, `${key}=theirs`]);
  const refused = (await runCommands(at)).filter(({ code }) => code !== 0);
  expect(refused.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining(`'${key}' already has a value (theirs)`),
  ]);
  expect((await live(name)).annotations).toMatchObject({ [key]: 'theirs' });
});

describe('applied', () => {
  /** What its owner has applied client-side is theirs alone. */
  beforeEach(async () => {
    for (const { name } of places) {
      await cluster.mustKubectl(['delete', 'namespace', name, '--wait=false']);
      await cluster.admin.call(`/api/v1/namespaces/${name}/finalize`, {
        method: 'PUT',
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: { finalizers: [] } },
      });
      await cluster.mustKubectl(['apply', '-f', theirFile(name)]);
    }
  });

  const byApi = (name: string, annotations: Annotations) =>
    cluster.admin.call(`/api/v1/namespaces/${name}?fieldManager=rollcall`, {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } },
    });

  it.each(places)('to $name by the API itself they come and go alone', async (place) => {
    const { name, annotations } = place;
    const before = await live(name);
    const { metadata } = await byApi(name, annotations);
    expect(metadata.annotations).toEqual({ ...asApplied, ...annotations });
    expect((await byApi(name, annotations)).metadata.resourceVersion).toBe(
      metadata.resourceVersion,
    );
    const after = (await byApi(name, {})).metadata;
    expect(after.annotations).toEqual(before.annotations);
    expect(after.labels).toEqual(before.labels);
  });

  it.each(places)('to $name by kubectl they would take what its owner applied', async (place) => {
    const { at, name } = place;
    const how = ['apply', '--server-side', '--field-manager=rollcall', '-f', file(at)];
    await cluster.mustKubectl(how);
    const { labels } = await live(name);
    expect(labels).toEqual({ 'kubernetes.io/metadata.name': name });
  });
});
