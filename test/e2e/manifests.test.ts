import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { synthesise } from '../../src/demo/generate.ts';
import { examples } from '../charts/support/examples.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';
import { kubeconform } from './support/manifests/kubeconform.ts';
import { writeSchemas } from './support/manifests/openapi-schemas.ts';
import { isBuiltIn, isNamespace, readOutputs, shapeOf } from './support/manifests/outputs.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-manifests-'));
const exampleFiles = join(import.meta.dirname, '..', '..', 'examples');
const schemas = join(folder, 'schemas');
const podSecurity = Object.fromEntries(
  ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
);
const securityContext = '/spec/jobTemplate/spec/template/spec/containers/0/securityContext';

const fleets = readdirSync(exampleFiles)
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.prior.yaml'))
  .map((name) => basename(name, '.yaml'))
  .filter((name) => name !== 'broken');
/** Each cluster's folder of each example's generated tree. */
const outputs = fleets.flatMap((name) => {
  synthesise(join(exampleFiles, `${name}.yaml`), join(folder, name));
  return readOutputs(name, join(folder, name));
});

const crds = certManagerCrds();
const noCrds = 'missing' in crds ? ` (skipped: ${crds.missing})` : '';
/** Whether the API server can know every kind. */
const isKnown = ({ manifests }: Pick<(typeof outputs)[number], 'manifests'>): boolean =>
  noCrds === '' || manifests.every(isBuiltIn);

let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({ name: 'any', folder: join(folder, 'any'), etcd });
  await installCertManagerCrds(cluster);
  const kinds = outputs.filter(isKnown).flatMap(({ manifests }) => manifests);
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

/**
 * What each object is, and at which version it was last written: of its spec, where a controller
 * writes its status.
 */
const versions = async (files: readonly string[]): Promise<readonly string[]> =>
  lines(
    await strictly(
      'get',
      ...files,
      '-o',
      'jsonpath={range .items[*]}{.kind}/{.metadata.namespace}/{.metadata.name} {.metadata.generation} {.metadata.resourceVersion}{"\\n"}{end}',
    ),
  ).map((line) => (line.startsWith('DaemonSet/') ? line.replace(/ \d+$/, '') : line));

it('every example that has a golden tree is among them', () => {
  expect(fleets).toEqual(expect.arrayContaining([...examples]));
});

/** What is in no namespace: a ClusterRole reads one object, or is an agent's or a user's. */
it('what is generated is in a namespace, or is one, or reads what its name says', () => {
  expect(outputs.length).toBeGreaterThan(0);
  for (const { manifests } of outputs) {
    for (const manifest of manifests.filter(({ metadata }) => metadata.namespace === undefined)) {
      const { kind, metadata, rules, roleRef } = manifest;
      expect(['Namespace', 'ClusterRole', 'ClusterRoleBinding']).toContain(kind);
      if (kind === 'ClusterRole' && !/:(kiam-server|kube2iam)$/.test(metadata.name)) {
        const names = [expect.any(String)];
        expect(rules).toEqual([expect.objectContaining({ verbs: ['get'], resourceNames: names })]);
      }
      if (kind === 'ClusterRoleBinding' && !/:view$/.test(metadata.name))
        expect(roleRef).toMatchObject({ kind: 'ClusterRole', name: metadata.name });
    }
  }
});

/** Clusters for which the very same was generated are tried once. */
const distinct = outputs.filter(
  ({ manifests }, index) =>
    index === outputs.findIndex((one) => isDeepStrictEqual(one.manifests, manifests)),
);

/** One of those that differ in their values alone: what is applied twice is looked at by its fields. */
const isFirstOfShape = (output: (typeof outputs)[number]): boolean =>
  distinct.find((one) => shapeOf(one) === shapeOf(output)) === output;
const known = distinct.filter(isKnown);
const rest = known.filter((one) => !isFirstOfShape(one));

for (const { title } of distinct.filter((one) => !isKnown(one))) {
  it.skip(`${title} is what the API server takes${noCrds}`, () => undefined);
}

it.each(known)(
  '$title is what the API server says that it accepts, to the last field',
  async ({ paths, manifests }) => {
    const { found, valid, skipped } = await kubeconform(schemas, paths);
    expect({ found, valid, skipped }).toEqual({ found: [], valid: manifests.length, skipped: 0 });
  },
);

describe.each(known.filter(isFirstOfShape))('$title', (output) => {
  const { files, manifests, prior, cronJobs } = output;
  const fresh = (): void => {
    beforeAll(async () => {
      for (const name of prior) await makeRestricted(name);
    });
    afterAll(async () => {
      await cluster.mustKubectl(['delete', '--ignore-not-found', ...files]);
      if (prior.length > 0) await cluster.mustKubectl(['delete', 'namespace', ...prior]);
    });
  };

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

describe('others of the same fields', () => {
  beforeAll(async () => {
    const made = rest.flatMap(({ manifests }) => manifests.filter(isNamespace));
    const prior = rest.flatMap((one) => one.prior);
    const names = new Set([...made.map(({ metadata }) => metadata.name), ...prior]);
    for (const name of names) await makeRestricted(name);
  });

  it.each(rest)('$title is taken without a warning', async ({ files, manifests }) => {
    const apply = ['apply', '--server-side', '--force-conflicts', '--validate=strict', ...files];
    expect(lines(await strictly(...apply, '--dry-run=server'))).toHaveLength(manifests.length);
  });
});

/** A slip in one line of a manifest, and where it is found. */
const slips = [
  { kind: 'CronJob', line: 'imagePullPolicy:', slip: 'imagePulPolicy:' },
  { kind: 'CronJob', line: 'suspend: false', slip: 'suspended: false' },
  { kind: 'CronJob', line: 'suspend: false', slip: 'suspend: "no"' },
  { kind: 'ConfigMap', line: 'data:', slip: 'date:' },
  { kind: 'DaemonSet', line: 'hostNetwork:', slip: 'hostNetworks:' },
  { kind: 'NetworkPolicy', line: 'podSelector:', slip: 'podSelectors:' },
  { kind: 'Role', line: 'resourceNames:', slip: 'resourcesNames:' },
  { kind: 'RoleBinding', line: 'roleRef:', slip: 'roleReference:' },
  { kind: 'ServiceAccount', line: 'automountServiceAccountToken:', slip: 'automountToken:' },
  { kind: 'Certificate', line: 'secretName:', slip: 'secret:' },
  { kind: 'Certificate', line: 'rotationPolicy:', slip: 'rotation:' },
  { kind: 'Issuer', line: 'selfSigned:', slip: 'selfSign:' },
].map((one) => {
  const manifest = outputs
    .flatMap(({ manifests }) => manifests)
    .find((made) => made.kind === one.kind && stringify(made).includes(one.line));
  if (!manifest) throw new Error(`no ${one.kind} has ${one.line}`);
  return { ...one, manifest };
});

it.each(slips.filter(({ manifest }) => isKnown({ manifests: [manifest] })))(
  'a slip in a $kind would be found: $slip',
  async ({ manifest, line, slip }) => {
    const text = stringify(manifest);
    const file = join(folder, 'slip.yaml');
    writeFileSync(file, text);
    expect(await kubeconform(schemas, [file])).toMatchObject({ found: [], valid: 1 });
    writeFileSync(file, text.replace(line, slip));
    expect(await kubeconform(schemas, [file])).toMatchObject({
      found: [expect.anything()],
      valid: 0,
    });
  },
);

const podsOf = (namespace: string, job: string) =>
  cluster.admin.list(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=batch.kubernetes.io/job-name=${job}`,
  );
