import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { renderArgoCd } from '../../charts/format-argocd.ts';
import { renderFlux } from '../../charts/format-flux.ts';
import { renderKustomize } from '../../charts/format-kustomize.ts';
import { base } from '../../src/kustomize/folders.ts';
import type { OutputFile } from '../../src/iam/render.ts';
import { examples } from '../charts/support/examples.ts';
import { delivered, withInfrastructure } from '../delivery/support.ts';
import { codeBlocks, readPage } from '../docs/markdown.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { installGitopsKinds, missingKinds } from './support/gitops/kinds.ts';
import { idOf, objectsIn, type TreeObject } from './support/gitops/tree-objects.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';
import { kubeconform } from './support/manifests/kubeconform.ts';
import { writeSchemas } from './support/manifests/openapi-schemas.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-gitops-forms-'));
const schemas = join(folder, 'schemas');
const missing = [
  ...missingKinds,
  ...('missing' in certManagerCrds() ? ['cert-manager’s kinds'] : []),
];
const helm = { flux: { via: 'helm', registry: 'oci://r.example.com/c', serviceAccountName: 'sa' } };
const git = { url: 'ssh://git@git.example.com/team/fleet', secret: 'key' };

/** Every form of every example, and what else Flux can be told. */
const trees = examples.flatMap((name) => {
  const plain = delivered(name, { git, path: 'fleet/dist' });
  const forms: Readonly<Record<string, readonly OutputFile[]>> = {
    flux: renderFlux(withInfrastructure(plain)),
    'flux-helm': renderFlux(withInfrastructure(delivered(name, helm))),
    argocd: renderArgoCd(plain),
    kustomize: renderKustomize(plain),
  };
  return Object.entries(forms).map(([form, files]) => ({
    title: `${name} ${form}`,
    form,
    files,
    tree: join(folder, `${name}-${form}`),
  }));
});

let etcd: Etcd;
let cluster: RealCluster;
const snippets = join(folder, 'snippets.yaml');

beforeAll(async () => {
  for (const { files, tree } of trees) {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
  }
  const page = await readPage('docs/flux.md');
  const documented = codeBlocks(page, 'yaml').filter((text) =>
    /^kind: (?:HelmRelease|Application)$/m.test(text),
  );
  expect(documented).toHaveLength(2);
  writeFileSync(snippets, documented.join('\n---\n'));
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'any',
    folder: join(folder, 'any'),
    etcd,
    controllers: false,
  });
  await installCertManagerCrds(cluster);
  await installGitopsKinds(cluster);
  const kinds = [
    ...trees.flatMap(({ tree }) => objectsIn(tree, '**/*.yaml')).filter(isObject),
    ...parseAllDocuments(readFileSync(snippets, 'utf8')).map((one) => one.toJS() as TreeObject),
  ];
  const distinct = [
    ...new Map(kinds.map((one) => [`${one.apiVersion} ${one.kind}`, one])).values(),
  ];
  if (missing.length === 0) await writeSchemas(cluster.admin, distinct, schemas);
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await (etcd as Etcd | undefined)?.stop();
  rmSync(folder, { recursive: true });
});

/** Not kustomize's own file. */
const isObject = ({ apiVersion }: TreeObject): boolean =>
  !apiVersion.startsWith('kustomize.config.k8s.io/');

const whole = missing.length === 0 ? it : it.skip;

whole.each(trees)(
  `$title: every object is what its kind’s schema says${missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')})`}`,
  async ({ files, tree }) => {
    const paths = files
      .map(({ path }) => join(tree, path))
      .filter((path) => basename(path) !== 'kustomization.yaml');
    expect(await kubeconform(schemas, paths)).toMatchObject({ found: [], skipped: 0 });
  },
);

whole('what docs/flux.md shows for users’ own is what its kind’s schema says', async () => {
  expect(await kubeconform(schemas, [snippets])).toMatchObject({ found: [], skipped: 0, valid: 2 });
});

/** What kustomize makes of a folder, and what is in it. */
async function builtAndWritten(tree: string, one: string, files: readonly OutputFile[]) {
  const path = join(tree, one);
  const own = join(path, 'kustomization.yaml');
  const inside = files.filter((file) => dirname(file.path) === one);
  // As kustomize-controller does it, and Argo CD in effect.
  if (!existsSync(own)) {
    writeFileSync(own, stringify(base(inside.map((file) => basename(file.path)))));
  }
  const text = await cluster.mustKubectl(['kustomize', path]);
  const built = parseAllDocuments(text).map((document) => document.toJS() as TreeObject);
  const generated = one.replace(/^overlays\//, 'base/');
  return [built, objectsIn(tree, `${generated}/*.yaml`).filter(isObject)] as const;
}

const sorted = (objects: readonly TreeObject[]): readonly TreeObject[] =>
  objects.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));

it.each(trees)('$title: kustomize gives of every folder what is in it', async ({ files, tree }) => {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  while (folders.length > 0) {
    // A few at a time: most of it is kubectl's start.
    const some = folders.splice(0, 4).map((one) => builtAndWritten(tree, one, files));
    for (const [built, written] of await Promise.all(some)) {
      expect(sorted(built)).toEqual(sorted(written));
    }
  }
});

it('an overlay takes in the component of each label, and says which is missing', async () => {
  const graph = delivered('forty-clusters', {
    kustomize: { overlayLabels: ['ring'], components: 'own/parts' },
  });
  const root = join(folder, 'labels');
  for (const { path, text } of renderKustomize(graph)) {
    mkdirSync(dirname(join(root, 'dist', path)), { recursive: true });
    writeFileSync(join(root, 'dist', path), text);
  }
  const component = join(root, 'own/parts/ring-1');
  mkdirSync(component, { recursive: true });
  const page = await readPage('docs/flux.md');
  const documented =
    codeBlocks(page, 'yaml').find((text) => text.includes('kind: Component')) ?? '';
  const patch = documented
    .replace('CronJob', 'RoleBinding')
    .replace(
      '/spec/failedJobsHistoryLimit, value: 5',
      '/metadata/annotations, value: { patched: "yes" }',
    );
  expect(patch).not.toBe(documented);
  writeFileSync(join(component, 'kustomization.yaml'), patch);
  const build = (name: string) => cluster.kubectl(['kustomize', join(root, 'dist/overlays', name)]);
  for (const name of ['team-0-b', 'team-7-b'])
    expect((await build(name)).stdout).toContain('patched: "yes"');
  expect((await build('hub')).stdout).not.toContain('patched');
  expect((await build('team-0-a')).stderr).toContain('own/parts/ring-0');
});
