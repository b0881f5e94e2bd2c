import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeOutput } from '../../charts/write.ts';
import { exampleText, treeOf } from '../charts/support/examples.ts';
import { until } from '../support/wait.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { applications, ArgoCd } from './support/gitops/argocd.ts';
import { kustomizations, settled } from './support/gitops/delivered.ts';
import { Flux } from './support/gitops/flux.ts';
import { GitServer } from './support/gitops/git-server.ts';
import { idOf, objectsIn, type TreeObject } from './support/gitops/tree-objects.ts';
import { mustHelm } from './support/helm/helm.ts';

/** docs/output.md, "Another form": from each to the next, and nothing is made anew. */
const folder = mkdtempSync(join(tmpdir(), 'rollcall-handover-'));
const name = 'hub-kube2iam';
const parts = ['kube2iam', 'hub'] as const;
const nameOf = (part: string): string => `rollcall-every-way-${part}`;
const tree = (form: string): string => join(folder, form);

let etcd: Etcd;
let cluster: RealCluster;
let git: GitServer;
let flux: Flux;
let argo: ArgoCd;
let first: ReadonlyMap<string, string>;

beforeAll(async () => {
  git = await GitServer.start(join(folder, 'git'));
  const delivery = { git: { url: git.url }, path: 'dist' };
  const text = `${exampleText('identities')}\ndelivery: ${JSON.stringify(delivery)}\n`;
  for (const form of ['manifests', 'helm', 'argocd'] as const) {
    writeOutput(treeOf(text, form), tree(form));
  }
  // This one has its source already.
  writeOutput(treeOf(exampleText('identities'), 'flux'), tree('flux'));
  etcd = await startEtcd(folder);
  cluster = await startCluster({ name, folder: join(folder, name), etcd });
  flux = await Flux.start(cluster, join(folder, 'flux-files'));
  argo = await ArgoCd.start(cluster, [cluster], git, join(folder, 'argocd-files'));
  await applyByKubectl();
  first = await uids();
});
afterAll(async () => {
  await (argo as ArgoCd | undefined)?.stop();
  await (flux as Flux | undefined)?.stop();
  await cluster.stop();
  await etcd.stop();
  await git.close();
  rmSync(folder, { recursive: true });
});

const applyByKubectl = (): Promise<string> =>
  cluster.mustKubectl([
    ...['apply', '--server-side', '--force-conflicts'],
    ...['-f', join(tree('manifests'), name)],
  ]);

const generated = (): readonly TreeObject[] => objectsIn(tree('manifests'), `${name}/*.yaml`);

/** Of what is generated: which object it is, whoever has written it since. */
async function uids(): Promise<ReadonlyMap<string, string>> {
  const args = ['get', '-f', join(tree('manifests'), name), '-o', 'json'];
  const { items } = JSON.parse(await cluster.mustKubectl(args)) as {
    readonly items: readonly TreeObject[];
  };
  expect(items).toHaveLength(generated().length);
  return new Map(items.map((one) => [idOf(one), one.metadata.uid ?? '']));
}

it('kubectl to Flux: it takes over what is there', async () => {
  await flux.commit('flux-system', tree('flux'));
  await flux.kustomize('root', {
    source: 'flux-system',
    path: `./clusters/${name}`,
    wait: false,
  });
  const names = ['root', ...['rights', ...parts].map(nameOf)];
  await settled(cluster, names, await flux.revision('flux-system'));
  expect((await flux.inventory(nameOf('hub'))).length).toBeGreaterThan(0);
  expect(await uids()).toEqual(first);
});

it('Flux to kubectl: what is suspended is left where it is', async () => {
  const path = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';
  for (const part of parts) {
    // As `flux suspend kustomization`.
    await cluster.admin.call(`${path}/${nameOf(part)}?fieldManager=flux`, {
      method: 'PATCH',
      body: { spec: { suspend: true } },
    });
  }
  const other = join(folder, 'without');
  mkdirSync(join(other, 'clusters', name), { recursive: true });
  writeFileSync(join(other, 'clusters', name, 'kustomization.yaml'), 'resources: []\n');
  await flux.commit('flux-system', other);
  await until('its Kustomizations are gone', async () => {
    const left = await kustomizations(cluster);
    return left.every(({ metadata }) => metadata.name === 'root');
  });
  await applyByKubectl();
  expect(await uids()).toEqual(first);
  // docs/output.md: what Flux leaves of its own.
  const kinds = 'serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings';
  const own = 'app.kubernetes.io/component=delivery,app.kubernetes.io/part-of=every-way';
  const gone = await cluster.mustKubectl(['delete', kinds, '-A', '-l', own]);
  expect(gone).toContain('rollcall-every-way-hub');
  const left = ['get', kinds, '-A', '-o', 'name'];
  expect(await cluster.mustKubectl(left)).not.toMatch(/:deliver-|\/rollcall-every-way-/);
  expect(await uids()).toEqual(first);
});

it('kubectl to Helm: a release takes ownership', async () => {
  for (const part of parts) {
    await release('install', nameOf(part), join(tree('helm'), name, part), '--take-ownership');
  }
  expect(await uids()).toEqual(first);
});

it('Helm to kubectl: without its Secrets there is no release', async () => {
  await applyByKubectl();
  for (const part of parts) {
    const labels = `owner=helm,name=${nameOf(part)}`;
    await cluster.mustKubectl(['delete', 'secret', '-n', 'default', '-l', labels]);
  }
  expect(JSON.parse(await release('list', '--output', 'json'))).toEqual([]);
  expect(await uids()).toEqual(first);
});

it('kubectl to Argo CD: it takes over what is there', async () => {
  const revision = await git.commit((repository) => {
    cpSync(tree('argocd'), join(repository, 'dist'), { recursive: true });
  });
  const set = join(folder, 'git/fleet/dist/argocd');
  await cluster.mustKubectl(['apply', '--server-side', '-f', set]);
  await argo.synced(`rollcall-every-way.${name}`, revision);
  expect(await uids()).toEqual(first);
});

it('Argo CD to kubectl: its set and Applications go alone', async () => {
  const resources = ['applicationsets', 'applications'];
  for (const resource of resources) {
    const all = ['delete', `${resource}.argoproj.io`, '--all', '-n', 'argocd'];
    await cluster.mustKubectl([...all, '--cascade=orphan']);
  }
  expect(await cluster.admin.list(applications)).toEqual([]);
  await applyByKubectl();
  expect(await uids()).toEqual(first);
});

const release = (...args: readonly string[]): Promise<string> =>
  mustHelm([...args, '--namespace', 'default', '--kubeconfig', cluster.kubeconfig], {
    environment: { HOME: dirname(cluster.kubeconfig) },
  });
