import { readFile, readdir } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { step, type DocumentedStep } from './apply-steps.ts';
import { LoadError, textOf } from './load-error.ts';

const roleMapping = z.strictObject({
  rolearn: z.string(),
  username: z.string(),
  groups: z.array(z.string()),
});
const userMapping = z.strictObject({
  userarn: z.string(),
  username: z.string(),
  groups: z.array(z.string()),
});
const fragment = z.strictObject({
  apiVersion: z.literal('rollcall.dev/v1alpha1'),
  kind: z.literal('AwsAuthFragment'),
  fleet: z.string(),
  cluster: z.string(),
  mapRoles: z.array(roleMapping),
  mapUsers: z.array(userMapping).default([]),
});
const applyOrder = z.looseObject({ steps: z.array(step) });
const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** A Kubernetes object as generated. */
export type Manifest = z.output<typeof manifest>;
/** The aws-auth entries that a cluster needs. */
export type AwsAuthFragment = z.output<typeof fragment>;
/** Everything that the simulated fleet reads of the generated output. */
export interface GeneratedOutput {
  /** In the order in which they are to be applied. */
  readonly steps: readonly DocumentedStep[];
  /** By the fleet's name of a cluster: the name of its folder. */
  readonly manifests: ReadonlyMap<string, readonly Manifest[]>;
  readonly awsAuth: readonly AwsAuthFragment[];
  /** Annotations for namespaces and ServiceAccounts that are there, by the fleet's name of a cluster. */
  readonly annotations: ReadonlyMap<string, readonly Manifest[]>;
}

/** Reads a generated folder; the order of its files is the order of their names. Throws `LoadError`. */
export async function readGeneratedOutput(folder: string): Promise<GeneratedOutput> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new LoadError('simulator/output', folder, 'no such folder; synthesise first', { cause });
  });
  const clusters = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => name)
    .sort();
  const manifests = new Map<string, Manifest[]>();
  for (const cluster of clusters) {
    const files = await filesIn(folder, cluster, '.k8s.yaml');
    const read = await Promise.all(files.map((file) => readYaml(folder, file, manifest)));
    manifests.set(cluster, read.flat());
  }
  const fragments = await filesIn(folder, '_aws-auth', '.yaml');
  const awsAuth = await Promise.all(fragments.map((file) => readYaml(folder, file, fragment)));
  const annotations = await readAnnotations(folder);
  return { steps: await readSteps(folder), manifests, awsAuth: awsAuth.flat(), annotations };
}

/** `_namespaces/CLUSTER.yaml` and `_serviceaccounts/CLUSTER.yaml`. */
async function readAnnotations(folder: string): Promise<ReadonlyMap<string, readonly Manifest[]>> {
  const annotations = new Map<string, readonly Manifest[]>();
  for (const inner of ['_namespaces', '_serviceaccounts']) {
    for (const file of await filesIn(folder, inner, '.yaml')) {
      const cluster = posix.basename(file, '.yaml');
      const read = await readYaml(folder, file, manifest);
      annotations.set(cluster, [...(annotations.get(cluster) ?? []), ...read]);
    }
  }
  return annotations;
}

async function readSteps(folder: string): Promise<DocumentedStep[]> {
  const file = '_iam/apply-order.json';
  const { steps } = check(applyOrder, await readJson(folder, file), file);
  return Promise.all(
    steps
      .toSorted((a, b) => a.step - b.step)
      .map(async (one) => ({
        ...one,
        document: 'file' in one ? await readJson(folder, one.file) : undefined,
      })),
  );
}

async function filesIn(folder: string, inner: string, ending: string): Promise<string[]> {
  const names = await readdir(join(folder, inner)).catch((cause: unknown) => {
    // A fleet without any has no folder for them; any other failure is no empty one.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new LoadError('simulator/output', inner, textOf(cause), { cause });
  });
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${inner}/${name}`);
}

async function readYaml<T>(folder: string, file: string, schema: z.ZodType<T>): Promise<T[]> {
  const documents = parseAllDocuments(await readText(folder, file));
  return documents.flatMap((document) => {
    const [broken] = document.errors;
    if (broken) throw new LoadError('simulator/output', file, broken.message);
    const value: unknown = document.toJS();
    return value === null ? [] : [check(schema, value, file)];
  });
}

async function readJson(folder: string, file: string): Promise<unknown> {
  const text = await readText(folder, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LoadError('simulator/output', file, textOf(cause), { cause });
  }
}

async function readText(folder: string, file: string): Promise<string> {
  if (posix.normalize(file) !== file || file.startsWith('..') || posix.isAbsolute(file)) {
    throw new LoadError('simulator/output', file, 'not a path inside of the generated folder');
  }
  return readFile(join(folder, ...file.split('/')), 'utf8').catch((cause: unknown) => {
    throw new LoadError('simulator/output', file.replaceAll('/', sep), textOf(cause), { cause });
  });
}

function check<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LoadError('simulator/output', file, z.prettifyError(parsed.error));
}
