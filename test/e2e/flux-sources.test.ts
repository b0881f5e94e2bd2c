import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { writeOutput } from '../../charts/write.ts';
import { exampleText, treeOf } from '../charts/support/examples.ts';
import { certManager, findCustomResources } from '../controlplane/custom-resources.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { fluxSystem } from './support/gitops/flux-system.ts';
import { FluxControllers } from './support/gitops/flux-controllers.ts';
import { gone, pathOf, ready, readySince, reconcile } from './support/gitops/flux-waits.ts';
import { GitServer } from './support/gitops/git-server.ts';
import { Registry } from './support/gitops/registry.ts';
import { idOf, isKept, objectsIn, present } from './support/gitops/tree-objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-flux-sources-'));
const fleet = exampleText('identities');
const path = 'every-way/dist';
const kustomization = (name: string) => ({ kind: 'Kustomization', name }) as const;
const release = (name: string, namespace = 'flux-system') =>
  ({ kind: 'HelmRelease', name, namespace }) as const;

let etcd: Etcd;
let git: GitServer;
let registry: Registry;
beforeAll(async () => {
  etcd = await startEtcd(folder);
  git = await GitServer.start(join(folder, 'git'));
  registry = await Registry.start(folder);
});
afterAll(async () => {
  await registry.stop();
  await git.close();
  await etcd.stop();
  rmSync(folder, { recursive: true });
});

/** `rollcall synth --format flux`, committed. What is not on this machine comes from a mirror. */
const commit = (text: string): Promise<string> =>
  git.commit((repository) => {
    const dist = join(repository, path);
    writeOutput(treeOf(text, 'flux'), dist, { overwriteEdited: true });
    const file = join(dist, 'infrastructure/cert-manager/cert-manager.yaml');
    if (!text.includes('cert-manager: install')) return;
    const mirrored = readFileSync(file, 'utf8').replace('quay.io', registry.host);
    writeFileSync(file, mirrored);
  });

/** A cluster as `flux bootstrap` leaves it. */
async function bootstrap(name: string) {
  const cluster = await startCluster({ name, folder: join(folder, name), etcd });
  const flux = await FluxControllers.start(cluster, join(folder, `flux-${name}`));
  const sync = fluxSystem(git.url, `./${path}/clusters/${name}`);
  const own = `${path}/clusters/${name}/flux-system`;
  await git.commit((repository) => {
    mkdirSync(join(repository, own), { recursive: true });
    const text = sync.map((object) => stringify(object)).join('---\n');
    writeFileSync(join(repository, own, 'gotk-sync.yaml'), text);
  });
  const metadata = { name: 'rollcall-deploy-key', namespace: 'flux-system' };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: git.deployKey };
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [secret, ...sync] });
  await cluster.mustKubectl(['apply', '--server-side', '-f', '-'], { input });
  return { cluster, flux };
}

const root = { kind: 'GitRepository', name: 'flux-system' } as const;
const revision = (commitId: string): string => `main@sha1:${commitId}`;

const found = findCustomResources(certManager);
if ('missing' in found) process.stderr.write(`cert-manager's chart: skipped: ${found.missing}\n`);
const withChart = 'missing' in found ? describe.skip : describe;

withChart('a cluster that reads its repository by a deploy key', () => {
  const name = 'hub-kiam';
  const own = { kind: 'GitRepository', name: 'rollcall-every-way' } as const;
  const installed = release('cert-manager', 'cert-manager');
  const text = () => {
    const delivery = { git: { url: git.url }, path, flux: { interval: '1h', retryInterval: '5s' } };
    const changed = fleet.replace('cert-manager: existing', 'cert-manager: install');
    return `${changed}\ndelivery: ${JSON.stringify(delivery)}\n`;
  };
  let cluster: RealCluster;
  let flux: FluxControllers;
  let first = '';

  beforeAll(async () => {
    const chart = 'missing' in found ? '' : join(found.folder, '../charts/cert-manager');
    const version = ['--version', 'v1.21.2', '--app-version', 'v1.21.2'];
    await registry.push(chart, 'jetstack/charts', folder, version);
    await commit(text());
    ({ cluster, flux } = await bootstrap(name));
    first = await git.commit(() => undefined);
    await reconcile(cluster, flux, root);
  });
  afterAll(async () => {
    await flux.stop();
    await cluster.stop();
  });

  it('installs cert-manager first, and then all that the fleet asks for', async () => {
    const { status } = await ready(cluster, flux, own);
    expect(status?.artifact?.revision).toBe(revision(first));
    await ready(cluster, flux, installed);
    // No pod runs here that would answer them.
    const webhooks = ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'];
    for (const kind of webhooks)
      await cluster.mustKubectl(['delete', kind, 'cert-manager-webhook']);
    const part = (which: string) => ready(cluster, flux, kustomization(which));
    const before = await part('infrastructure-cert-manager');
    await part('rollcall-every-way-rights');
    const agents = await part('rollcall-every-way-kiam');
    await part('rollcall-every-way-hub');
    expect(readySince(agents)).toBeGreaterThanOrEqual(readySince(before));
    const tree = join(folder, 'git/fleet', path);
    const all = objectsIn(tree, `manifests/${name}/**/*.yaml`);
    expect(await present(cluster, all)).toEqual(new Set(all.map(idOf)));
    const chart = await cluster.mustKubectl([
      'get',
      'deployments',
      '-n',
      'cert-manager',
      '-o',
      'json',
    ]);
    expect(chart).toContain('cert-manager-controller:v1.21.2');
    const crds = await cluster.mustKubectl(['get', 'crds', '-o', 'name']);
    expect(crds).toContain('certificates.cert-manager.io');
  });

  it('only ever reads', async () => {
    expect(new Set(git.asked)).toEqual(new Set(["git-upload-pack '/team/fleet'"]));
    expect(await git.push()).toBe(1);
    expect(git.asked.at(-1)).toBe("git-receive-pack '/team/fleet'");
  });

  it('takes in a commit', async () => {
    const next = await commit(text().replace('4 3 * * *', '34 3 * * *'));
    await reconcile(cluster, flux, root);
    await reconcile(cluster, flux, own);
    await ready(
      cluster,
      flux,
      kustomization('rollcall-every-way-hub'),
      ({ status }) => status?.lastAppliedRevision === revision(next),
    );
    const cronJobs = await cluster.mustKubectl(['get', 'cronjobs', '-n', 'restarts', '-o', 'json']);
    expect(cronJobs).toContain('"schedule": "34 3 * * *"');
  });

  it('keeps cert-manager when the fleet no longer installs it, and when its release is given up', async () => {
    const before = text().replace('cert-manager: install', 'cert-manager: existing');
    await commit(before);
    await reconcile(cluster, flux, root);
    await gone(cluster, kustomization('infrastructure-cert-manager'));
    expect(await cluster.admin.find(pathOf(installed))).toBeDefined();
    // docs/flux.md, "Give it to Helm or another".
    await cluster.admin.call(pathOf(installed), {
      method: 'PATCH',
      body: { spec: { suspend: true } },
    });
    await cluster.mustKubectl(['delete', 'helmrelease', 'cert-manager', '-n', 'cert-manager']);
    const left = await cluster.mustKubectl([
      'get',
      'deployments,secrets',
      '-n',
      'cert-manager',
      '-o',
      'name',
    ]);
    expect(left).toContain('deployment.apps/cert-manager-webhook');
    expect(left).toContain('secret/sh.helm.release.v1.cert-manager.v1');
  });
});

describe('a cluster that installs charts', () => {
  const name = 'hub-kube2iam';
  const charts = ['kube2iam', 'hub'];
  const hub = release('rollcall-every-way-hub');
  const text = () => {
    const flux = {
      via: 'helm',
      registry: `oci://${registry.host}/charts`,
      serviceAccountName: 'installer',
      interval: '1h',
    };
    return `${fleet}\ndelivery: ${JSON.stringify({ path, flux })}\n`;
  };
  let cluster: RealCluster;
  let flux: FluxControllers;

  /** docs/flux.md, "Charts in place of manifests": charts are pushed before the commit. */
  async function publish(fleetFile: string, kinds: readonly string[]): Promise<readonly string[]> {
    const dist = join(folder, 'dist-helm');
    writeOutput(treeOf(fleetFile, 'helm'), dist);
    const tags: string[] = [];
    for (const kind of kinds)
      tags.push(await registry.push(join(dist, name, kind), 'charts', folder));
    await commit(fleetFile);
    return tags;
  }

  const objectsOf = () =>
    treeOf(text())
      .files.filter((file) => dirname(file.path) === name)
      .flatMap((file) => file.text.split(/^---$/m))
      .map((one) => parse(one) as Parameters<typeof idOf>[0]);

  beforeAll(async () => {
    await publish(text(), charts);
    ({ cluster, flux } = await bootstrap(name));
    const args = ['create', 'serviceaccount', 'installer', '-n', 'flux-system'];
    await cluster.mustKubectl(args);
    const bind = ['create', 'clusterrolebinding', 'installer', '--clusterrole=cluster-admin'];
    await cluster.mustKubectl([...bind, '--serviceaccount=flux-system:installer']);
  });
  afterAll(async () => {
    await flux.stop();
    await cluster.stop();
  });

  it('installs each at its version, one after the other', async () => {
    const [agents, last] = [
      await ready(cluster, flux, release('rollcall-every-way-kube2iam')),
      await ready(cluster, flux, hub),
    ];
    expect(readySince(last)).toBeGreaterThanOrEqual(readySince(agents));
    const all = objectsOf();
    expect(all.length).toBeGreaterThan(10);
    expect(await present(cluster, all)).toEqual(new Set(all.map(idOf)));
  });

  it('puts back what others change, and leaves what the job writes', async () => {
    const cronJob = objectsOf().find(({ kind }) => kind === 'CronJob');
    const record = objectsOf().find(({ metadata }) => metadata.name.endsWith('-record-0'));
    if (!cronJob || !record) throw new Error('no CronJob, or no record');
    const patch = (one: typeof cronJob, manager: string, body: object) =>
      cluster.mustKubectl([
        ...['patch', one.kind, one.metadata.name, '-n', one.metadata.namespace ?? ''],
        ...['--type', 'merge', '--field-manager', manager, '--patch', JSON.stringify(body)],
      ]);
    await patch(cronJob, 'kubectl-edit', { spec: { schedule: '59 23 * * *' } });
    await patch(record, 'rollcall', { data: { 'run.json': '{}' } });
    await reconcile(cluster, flux, hub);
    const get = async (one: typeof cronJob) =>
      cluster.mustKubectl([
        ...['get', one.kind, one.metadata.name, '-n', one.metadata.namespace ?? '', '-o', 'json'],
      ]);
    expect(JSON.parse(await get(cronJob))).toMatchObject({ spec: { schedule: '5 3 * * *' } });
    expect(JSON.parse(await get(record))).toMatchObject({ data: { 'run.json': '{}' } });
  });

  it('is upgraded by a commit', async () => {
    const next = text().replace('5 3 * * *', '35 3 * * *');
    const tags = await publish(next, charts);
    await reconcile(cluster, flux, root);
    await ready(cluster, flux, kustomization('flux-system'));
    const chart = { kind: 'OCIRepository', name: hub.name } as const;
    const isNext = (revisionNow = '') => revisionNow.startsWith(`${tags[1]}@sha256:`);
    await ready(cluster, flux, chart, ({ status }) => isNext(status?.artifact?.revision));
    const { status } = await ready(cluster, flux, hub, (one) => one.status?.history?.length === 2);
    expect(status?.history?.map((one) => one.status)).toEqual(['deployed', 'superseded']);
    const cronJobs = await cluster.mustKubectl(['get', 'cronjobs', '-n', 'restarts', '-o', 'json']);
    expect(cronJobs).toContain('"schedule": "35 3 * * *"');
  });

  it('uninstalls what leaves the output, and keeps what is to be kept', async () => {
    const all = objectsOf();
    const without = text()
      .replace(/ {2}- \{\n {6}name: by-kube2iam,[^}]*\{[^}]*\}[^}]*\}\],\n {4}\}\n/, '')
      .replace(/ {2}- name: nightly-kube2iam\n(?: {4}.*\n)*/, '');
    await publish(without, []);
    await reconcile(cluster, flux, root);
    await gone(cluster, hub);
    const ofHub = all.filter(({ metadata }) => metadata.namespace === 'restarts');
    const kept = ofHub.filter(isKept);
    expect(kept.length).toBeGreaterThan(0);
    expect(await present(cluster, ofHub)).toEqual(new Set(kept.map(idOf)));
  });
});
