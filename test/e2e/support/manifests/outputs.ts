import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../support/kube-client.ts';

export type Manifest = KubeObject & { readonly apiVersion: string; readonly kind: string };

/** A cluster's folder of a generated tree. */
export interface Output {
  readonly title: string;
  readonly paths: readonly string[];
  /** kubectl's arguments. */
  readonly files: readonly string[];
  readonly manifests: readonly Manifest[];
  /** Namespaces that someone else makes; Kubernetes itself makes its own. */
  readonly prior: readonly string[];
  readonly cronJobs: readonly Manifest[];
}

/** Those of a generated tree. `title` names the tree. */
export const readOutputs = (title: string, tree: string): readonly Output[] =>
  readdirSync(tree, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => readOutput(`${title}/${name}`, join(tree, name)));

function readOutput(title: string, folder: string): Output {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const manifests = paths.flatMap(readManifests);
  const made = manifests.filter(isNamespace).map(({ metadata }) => metadata.name);
  const used = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  return {
    title,
    paths,
    files: paths.flatMap((path) => ['-f', path]),
    manifests,
    prior: [...used].filter((name) => !made.includes(name) && !name.startsWith('kube-')),
    cronJobs: manifests.filter(({ kind }) => kind === 'CronJob'),
  };
}

/** Every document of a file. */
export const readManifests = (path: string): readonly Manifest[] =>
  parseAllDocuments(readFileSync(path, 'utf8')).map((one) => one.toJS() as Manifest);

export const isNamespace = ({ kind }: Manifest): boolean => kind === 'Namespace';

/** Of a kind that Kubernetes knows without a CustomResourceDefinition. */
export function isBuiltIn({ apiVersion }: Manifest): boolean {
  const [group = ''] = apiVersion.split('/');
  return !group.includes('.') || group.endsWith('.k8s.io');
}

/** Every field of every kind in it, whatever the values and however many. */
export const shapeOf = ({ manifests }: Pick<Output, 'manifests'>): string =>
  [...new Set(manifests.flatMap((one) => fieldsOf(one, `${one.apiVersion} ${one.kind} `)))]
    .sort()
    .join('\n');

function fieldsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsOf(one, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, one]) => fieldsOf(one, `${path}.${key}`));
}
