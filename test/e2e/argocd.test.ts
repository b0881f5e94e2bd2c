import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { writeOutput } from '../../charts/write.ts';
import { treeOf } from '../charts/support/examples.ts';
import { codeBlocks, readPage } from '../docs/markdown.ts';
import { until } from '../support/wait.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { applications, ArgoCd } from './support/gitops/argocd.ts';
import { namespace } from './support/gitops/fleet.ts';
import { GitServer } from './support/gitops/git-server.ts';
import { idOf, objectsIn, present, type TreeObject } from './support/gitops/tree-objects.ts';
import { manifest, restartedAt } from './support/gitops/workloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-argocd-'));
const [hub, target] = ['golf-ci', 'golf-prd'] as const;
const nameOf = (cluster: string): string => `rollcall-shops.${cluster}`;

let etcd: Etcd;
let git: GitServer;
let argo: ArgoCd;
const clusters = new Map<string, RealCluster>();
const clusterOf = (name: string): RealCluster => {
  const found = clusters.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

/** A hub with kube2iam, so that it has two charts, and a target. */
const fleetFile = (restart: string): string =>
  stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'shops',
    image: 'registry.example.com/rollcall/restart:0.1.0',
    accounts: { tools: '111111111111', shop: '222222222222' },
    clusters: [
      {
        name: hub,
        account: 'tools',
        region: 'eu-west-1',
        podIdentity: 'kube2iam',
        agents: { kube2iam: { nodeRoles: ['nodes'] } },
      },
      { name: target, account: 'shop', region: 'eu-west-1', labels: { restarted: 'yes' } },
    ],
    services: [
      {
        name: 'restarter',
        env: 'prd',
        cluster: hub,
        namespace: 'restarts',
        reach: [{ clusters: { restarted: 'yes' } }],
      },
    ],
    restarts: [
      {
        name: restart,
        service: 'restarter',
        schedule: '0 3 * * 1',
        clusters: { restarted: 'yes' },
        workloads: [{ namespace, names: ['cart'] }],
      },
    ],
    delivery: { git: { url: git.url }, path: 'dist' },
  });

const tree = (): string => join(folder, 'git/fleet/dist');

const commit = (restart: string): Promise<string> =>
  git.commit(() => writeOutput(treeOf(fleetFile(restart), 'argocd'), tree()));

const applyArgo = (): Promise<string> =>
  clusterOf(hub).mustKubectl(['apply', '--server-side', '-f', join(tree(), 'argocd')]);

/** But for what Argo CD leaves out by default, as docs/flux.md says. */
const generated = (cluster: string): readonly TreeObject[] =>
  objectsIn(tree(), `manifests/${cluster}/*.yaml`).filter(({ kind }) => kind !== 'Lease');

/** Stays when it leaves Git. */
const isKept = ({ metadata }: TreeObject): boolean =>
  metadata.annotations?.['argocd.argoproj.io/sync-options'] === 'Prune=false,Delete=false';

beforeAll(async () => {
  etcd = await startEtcd(folder);
  git = await GitServer.start(join(folder, 'git'));
  for (const name of [hub, target]) {
    const cluster = await startCluster({ name, folder: join(folder, name), etcd });
    clusters.set(name, cluster);
    await makeNamespace(cluster, namespace);
  }
  const known = [...clusters.values()];
  argo = await ArgoCd.start(clusterOf(hub), known, git, join(folder, 'argocd'));
});
afterAll(async () => {
  await (argo as ArgoCd | undefined)?.stop();
  for (const cluster of clusters.values()) await cluster.stop();
  await git.close();
  await etcd.stop();
  rmSync(folder, { recursive: true });
});

it('makes an Application for each cluster, which applies all that is generated', async () => {
  const revision = await commit('nightly');
  await applyArgo();
  for (const name of [hub, target]) {
    await argo.synced(nameOf(name), revision);
    const all = generated(name);
    expect(all.length).toBeGreaterThan(1);
    expect(await present(clusterOf(name), all)).toEqual(new Set(all.map(idOf)));
  }
  expect(await git.push()).toBe(1);
});

it('applies agents first, and the rest when they are there', async () => {
  const made = (kind: string, namespace: string) =>
    clusterOf(hub).mustKubectl([
      ...['get', kind, '-n', namespace],
      ...['-o', 'jsonpath={.items[0].metadata.creationTimestamp}'],
    ]);
  const agents = Date.parse(await made('daemonsets', 'kube-system'));
  expect(Date.parse(await made('cronjobs', 'restarts'))).toBeGreaterThanOrEqual(agents);
});

it('puts back what others change, and leaves what the job writes', async () => {
  const cluster = clusterOf(hub);
  const patch = (kind: string, name: string, manager: string, body: object) =>
    cluster.mustKubectl([
      ...['patch', kind, name, '-n', 'restarts', '--type', 'merge'],
      ...['--field-manager', manager, '--patch', JSON.stringify(body)],
    ]);
  const record = generated(hub).find(({ metadata }) => metadata.name.endsWith('-record-0'));
  const name = record?.metadata.name ?? '';
  const written = { data: { 'run.json': '{}' } };
  await patch('configmap', name, 'rollcall', written);
  await patch('cronjob', 'nightly', 'kubectl-edit', { spec: { schedule: '59 23 * * *' } });
  const get = async (kind: string, which: string): Promise<unknown> =>
    JSON.parse(await cluster.mustKubectl(['get', kind, which, '-n', 'restarts', '-o', 'json']));
  await until('the schedule is as it was', async () => {
    const found = (await get('cronjob', 'nightly')) as { spec: { schedule: string } };
    return found.spec.schedule === '0 3 * * 1';
  });
  await argo.refresh(nameOf(hub));
  expect(await get('configmap', name)).toMatchObject(written);
});

it('prunes what leaves the output, and nothing else', async () => {
  const before = generated(hub);
  const theirs = { kind: 'ConfigMap', metadata: { name: 'theirs', namespace: 'restarts' } };
  const foreign: TreeObject = { apiVersion: 'v1', ...theirs };
  const input = JSON.stringify(foreign);
  await clusterOf(hub).mustKubectl(['apply', '-f', '-'], { input });
  const revision = await commit('weekly');
  await applyArgo();
  for (const name of [hub, target]) {
    await argo.refresh(nameOf(name));
    await argo.synced(nameOf(name), revision);
  }
  const now = new Set(generated(hub).map(idOf));
  const left = before.filter((one) => !now.has(idOf(one)));
  const kept = left.filter(isKept);
  expect(kept.length).toBeGreaterThan(0);
  expect(left.length).toBeGreaterThan(kept.length);
  expect(await present(clusterOf(hub), left)).toEqual(new Set(kept.map(idOf)));
  expect(await present(clusterOf(hub), [foreign])).toEqual(new Set([idOf(foreign)]));
});

it('leaves the stamp in workloads of others, as the docs have it', async () => {
  const [snippet = ''] = codeBlocks(await readPage('docs/flux.md'), 'yaml').filter((text) =>
    /^kind: Application$/m.test(text),
  );
  const application = parse(snippet) as { spec: { source: object } };
  const text = JSON.stringify({
    ...application,
    spec: {
      ...application.spec,
      project: 'default',
      source: { ...application.spec.source, repoURL: git.url, path: 'shop' },
    },
  });
  const revision = await git.commit((repository) => {
    mkdirSync(join(repository, 'shop'));
    writeFileSync(join(repository, 'shop/cart.yaml'), stringify(manifest('cart')));
  });
  const project = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'default', namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ name: '*', server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  };
  for (const input of [JSON.stringify(project), text]) {
    await clusterOf(hub).mustKubectl(['apply', '--server-side', '-f', '-'], { input });
  }
  await argo.synced('shop', revision);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/cart`;
  const stamp = { metadata: { annotations: { [restartedAt]: '2026-11-21T03:00:00Z' } } };
  await clusterOf(target).admin.call(`${path}?fieldManager=rollcall`, {
    method: 'PATCH',
    body: { spec: { template: stamp } },
  });
  // A change of the team's own makes it apply the object again.
  const next = await git.commit((repository) => {
    writeFileSync(join(repository, 'shop/cart.yaml'), stringify(manifest('cart', { tag: 2 })));
  });
  await argo.refresh('shop');
  await argo.synced('shop', next);
  const live = await clusterOf(target).admin.call(path);
  expect(live).toMatchObject({ spec: { template: stamp } });
  expect(JSON.stringify(live)).toContain('example.invalid/cart:2');
});

const others = [
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'more', namespace: 'restarts' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more', namespace: 'default' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'more' } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'more' },
    rules: [],
  },
];

it('applies nothing that is not the fleet’s', async () => {
  const more = join(tree(), `manifests/${hub}/more.yaml`);
  await git.commit(() => {
    const text = others.map((object) => stringify(object)).join('---\n');
    writeFileSync(more, text);
  });
  await argo.refresh(nameOf(hub));
  const refused = async () => {
    const { status } = (await argo.application(nameOf(hub))) ?? {};
    const all = status?.operationState?.syncResult?.resources ?? [];
    return all.filter(({ message }) => /not permitted in project/.test(message));
  };
  await until('all are refused', async () => (await refused()).length === others.length);
  expect((await refused()).map(({ kind }) => kind).sort()).toEqual(
    others.map(({ kind }) => kind).sort(),
  );
  expect(await present(clusterOf(hub), others)).toEqual(new Set());
  rmSync(more);
});

it('takes nothing along when the set is deleted', async () => {
  const all = generated(hub);
  await clusterOf(hub).mustKubectl(['delete', '-f', join(tree(), 'argocd/applicationset.yaml')]);
  await until('its Applications are gone', async () => {
    const left = await clusterOf(hub).admin.list(applications);
    return left.every(({ metadata }) => metadata.name === 'shop');
  });
  expect(await present(clusterOf(hub), all)).toEqual(new Set(all.map(idOf)));
});
