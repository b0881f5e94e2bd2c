import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { synthesise } from '../../src/demo/generate.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { binary } from './support/process/binaries.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { run } from './support/process/command.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import type { KubeObject } from '../support/kube-client.ts';
import { schemaLocation, writeSchemas } from './support/manifests/openapi-schemas.ts';
import { until } from '../support/wait.ts';

type Manifest = KubeObject & { readonly apiVersion: string; readonly kind: string };

const folder = mkdtempSync(join(tmpdir(), 'rollcall-manifests-'));
const examples = join(import.meta.dirname, '..', '..', 'examples');
const schemas = join(folder, 'schemas');
const podSecurity = Object.fromEntries(
  ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);
const securityContext = '/spec/jobTemplate/spec/template/spec/containers/0/securityContext';

const fleets = readdirSync(examples).filter(
  (name) => name.endsWith('.yaml') && !name.endsWith('.prior.yaml') && name !== 'broken.yaml',
);
/** Each cluster's folder of each example's generated tree. */
const outputs = fleets.flatMap((name) => {
  const outputDir = join(folder, basename(name, '.yaml'));
  synthesise(join(examples, name), outputDir);
  return readdirSync(outputDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map((entry) => readOutput(join(outputDir, entry.name)));
});

function readOutput(path: string) {
  const files = readdirSync(path).map((name) => join(path, name));
  const manifests = files.flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8')).map((one) => one.toJS() as Manifest),
  );
  const made = manifests.filter(isNamespace).map(({ metadata }) => metadata.name);
  const used = manifests.flatMap(({ metadata }) => metadata.namespace ?? []);
  return {
    title: path.slice(folder.length + 1),
    /** kubectl's arguments. */
    files: files.flatMap((file) => ['-f', file]),
    manifests,
    namespaces: [...new Set([...made, ...used])],
    /** Namespaces that someone else makes. */
    prior: [...new Set(used)].filter((name) => !made.includes(name)),
    cronJobs: manifests.filter(({ kind }) => kind === 'CronJob'),
  };
}

function isNamespace({ kind }: Manifest): boolean {
  return kind === 'Namespace';
}

let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({ name: 'any', folder: join(folder, 'any'), etcd });
  const kinds = outputs.flatMap(({ manifests }) => manifests);
  await writeSchemas(cluster.admin, kinds, schemas);
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

/** kubectl as a pipeline runs it that lets no warning pass. Its stdout. */
async function strictly(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.kubectl(['--warnings-as-errors', ...args]);
  expect({ code, stderr, ...(code !== 0 && { stdout }) }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');

/** A namespace of someone else's that is as strict as those that we make. */
async function makeRestricted(name: string): Promise<void> {
  await makeNamespace(cluster, name);
  await cluster.admin.call(`/api/v1/namespaces/${name}`, {
    method: 'PATCH',
    body: { metadata: { labels: podSecurity } },
  });
}

/** What each object is, and at which version it was last written. */
const versions = async (files: readonly string[]): Promise<readonly string[]> =>
  lines(
    await strictly(
      'get',
      ...files,
      '-o',
      'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}',
    ),
  );

it('what is generated is in a namespace, or is one, or reads one object that is in none', () => {
  expect(outputs.length).toBeGreaterThan(0);
  for (const { manifests } of outputs) {
    for (const manifest of manifests.filter(({ metadata }) => metadata.namespace === undefined)) {
      expect(['Namespace', 'ClusterRole', 'ClusterRoleBinding']).toContain(manifest.kind);
      if (manifest.kind !== 'ClusterRole') continue;
      const names = [expect.any(String)];
      expect(manifest.rules).toEqual([
        expect.objectContaining({ verbs: ['get'], resourceNames: names }),
      ]);
    }
  }
});

/** Clusters for which the very same was generated are tried once. */
const distinct = outputs.filter(
  ({ manifests }, index) =>
    index === outputs.findIndex((one) => isDeepStrictEqual(one.manifests, manifests)),
);

describe.each(distinct)('$title', ({ files, manifests, namespaces, prior, cronJobs }) => {
  /** In no namespace: `ClusterRole/NAME`. */
  const unbounded = manifests
    .filter((one) => one.metadata.namespace === undefined && !isNamespace(one))
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const fresh = (): void => {
    beforeAll(async () => {
      for (const name of prior) await makeRestricted(name);
    });
    afterAll(async () => {
      const remove = ['delete', '--ignore-not-found'];
      if (unbounded.length > 0) await cluster.mustKubectl([...remove, ...unbounded]);
      await cluster.mustKubectl([...remove, 'namespace', ...namespaces]);
    });
  };

  it('is what the API server says that it accepts, to the last field', async () => {
    const { found, valid, skipped } = await kubeconform(files.filter((one) => one !== '-f'));
    expect({ found, valid, skipped }).toEqual({ found: [], valid: manifests.length, skipped: 0 });
  });

  describe('server-side', () => {
    fresh();

    it('apply takes it without a warning, and has nothing to do a second time', async () => {
      const apply = ['apply', '--server-side', '--validate=strict', ...files];
      expect(lines(await strictly(...apply))).toHaveLength(manifests.length);
      const applied = await versions(files);
      expect(applied).toHaveLength(manifests.length);

      await strictly(...apply);
      await strictly(...apply, '--dry-run=server');
      expect(await strictly('diff', '--server-side', ...files)).toBe('');
      expect(await versions(files)).toEqual(applied);
    });

    for (const { metadata } of cronJobs) {
      const { name, namespace = '' } = metadata;
      const cronJob = `/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`;
      const create = (job: string) => [
        ...['-n', namespace],
        ...['create', 'job', job, `--from=cronjob/${name}`],
      ];

      it(`the pods of ${name} are admitted where Pod Security is restricted`, async () => {
        const { metadata: live } = await cluster.admin.call(`/api/v1/namespaces/${namespace}`);
        expect(live.labels).toMatchObject(podSecurity);
        await strictly(...create(name));
        await until(`the pod of ${name}`, async () => (await podsOf(namespace, name)).length === 1);
      });

      it(`and they would not be, were the container of ${name} privileged`, async () => {
        await cluster.admin.call(cronJob, {
          method: 'PATCH',
          contentType: 'application/json-patch+json',
          body: [
            { op: 'replace', path: `${securityContext}/privileged`, value: true },
            { op: 'replace', path: `${securityContext}/allowPrivilegeEscalation`, value: true },
          ],
        });
        const job = `${name}-privileged`;
        const { code, stderr } = await cluster.kubectl(['--warnings-as-errors', ...create(job)]);
        expect(code).not.toBe(0);
        expect(stderr).toContain('would violate PodSecurity "restricted');
        const events = `/api/v1/namespaces/${namespace}/events?fieldSelector=involvedObject.name=${job}`;
        const refusal = await until(`the refusal of a pod of ${job}`, async () =>
          (await cluster.admin.list(events)).find(({ reason }) => reason === 'FailedCreate'),
        );
        expect(refusal.message).toContain('violates PodSecurity "restricted');
        expect(await podsOf(namespace, job)).toEqual([]);
      });
    }
  });

  describe('client-side', () => {
    fresh();

    it('apply takes it without a warning, and has nothing to do a second time', async () => {
      const apply = ['apply', '--server-side=false', '--validate=strict', ...files];
      const all = (verb: string) =>
        manifests.map(() => expect.stringMatching(new RegExp(`${verb}$`)));
      expect(lines(await strictly(...apply))).toEqual(all('created'));
      expect(lines(await strictly(...apply))).toEqual(all('unchanged'));
      expect(lines(await strictly(...apply, '--dry-run=server'))).toEqual(
        all('unchanged \\(server dry run\\)'),
      );
      expect(await strictly('diff', ...files)).toBe('');
    });
  });
});

/** A slip in one line of a manifest, and where it is found. */
const slips = [
  { kind: 'CronJob', line: 'imagePullPolicy:', slip: 'imagePulPolicy:' },
  { kind: 'CronJob', line: 'suspend: false', slip: 'suspended: false' },
  { kind: 'CronJob', line: 'suspend: false', slip: 'suspend: "no"' },
  { kind: 'ConfigMap', line: 'data:', slip: 'date:' },
  { kind: 'NetworkPolicy', line: 'podSelector:', slip: 'podSelectors:' },
  { kind: 'Role', line: 'resourceNames:', slip: 'resourcesNames:' },
  { kind: 'RoleBinding', line: 'roleRef:', slip: 'roleReference:' },
  { kind: 'ServiceAccount', line: 'automountServiceAccountToken:', slip: 'automountToken:' },
];

it.each(slips)('a slip in a $kind would be found: $slip', async ({ kind, line, slip }) => {
  const manifest = outputs
    .flatMap(({ manifests }) => manifests)
    .find((one) => {
      return one.kind === kind && stringify(one).includes(line);
    });
  const text = stringify(manifest);
  expect(text).toContain(line);
  const file = join(folder, 'slip.yaml');
  writeFileSync(file, text);
  expect(await kubeconform([file])).toMatchObject({ found: [], valid: 1 });
  writeFileSync(file, text.replace(line, slip));
  expect(await kubeconform([file])).toMatchObject({ found: [expect.anything()], valid: 0 });
});

interface Conformity {
  readonly resources?: readonly { readonly kind: string; readonly msg: string }[];
  readonly summary: { readonly valid: number; readonly skipped: number };
}

/** Its findings, errors of its own included, against what this API server publishes. */
async function kubeconform(files: readonly string[]) {
  const { stdout, stderr } = await run(binary('kubeconform'), [
    '-strict',
    '-summary',
    '-output=json',
    `-schema-location=${schemaLocation(schemas)}`,
    ...files,
  ]);
  expect(stderr).toBe('');
  const { resources = [], summary } = JSON.parse(stdout) as Conformity;
  return { found: resources.map(({ kind, msg }) => `${kind}: ${msg}`), ...summary };
}

const podsOf = (namespace: string, job: string) =>
  cluster.admin.list(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=batch.kubernetes.io/job-name=${job}`,
  );
