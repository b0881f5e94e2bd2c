import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../support/kube-client.ts';
import type { RealCluster } from '../cluster/cluster.ts';

export type TreeObject = KubeObject & { readonly apiVersion: string; readonly kind: string };

/** Every object in the files of a tree that match, sorted by file. */
export const objectsIn = (tree: string, pattern: string): readonly TreeObject[] =>
  globSync(pattern, { cwd: tree })
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(tree, file), 'utf8')))
    .map((document) => document.toJS() as TreeObject);

export const idOf = ({ apiVersion, kind, metadata }: TreeObject): string =>
  `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

export const isKept = ({ metadata }: TreeObject): boolean =>
  (metadata as { readonly annotations?: Readonly<Record<string, string>> }).annotations?.[
    'kustomize.toolkit.fluxcd.io/prune'
  ] === 'disabled';

/** Those of them that are in the cluster. */
export async function present(
  cluster: RealCluster,
  objects: readonly TreeObject[],
): Promise<ReadonlySet<string>> {
  const groups = Map.groupBy(objects, ({ apiVersion, kind }) => {
    const [group = '', version] = apiVersion.split('/');
    return version === undefined ? kind : `${kind}.${version}.${group}`;
  });
  const found = new Set<string>();
  for (const kind of groups.keys()) {
    const text = await cluster.mustKubectl(['get', kind, '-A', '-o', 'json']);
    const { items } = JSON.parse(text) as { readonly items: readonly TreeObject[] };
    for (const item of items) found.add(idOf(item));
  }
  return new Set(objects.map(idOf).filter((id) => found.has(id)));
}
