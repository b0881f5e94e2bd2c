import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { infrastructureCharts } from '../../src/flux/infrastructure-charts.ts';
import { exampleText } from '../charts/support/examples.ts';
import { certManager, findCustomResources } from '../controlplane/custom-resources.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import {
  installation,
  writeCalicoRepository,
  writeOperatorChart,
} from './support/gitops/calico.ts';
import type { FluxControllers } from './support/gitops/flux-controllers.ts';
import {
  FluxWorld,
  kustomization,
  outputPath,
  release,
  root,
} from './support/gitops/flux-world.ts';
import { gone, pathOf, ready, readySince, reconcile } from './support/gitops/flux-waits.ts';
import { idOf, objectsIn, present } from './support/gitops/tree-objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-flux-sources-'));
const fleet = exampleText('identities');

let world: FluxWorld;
beforeAll(async () => {
  world = await FluxWorld.start(folder);
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

const revision = (commitId: string): string => `main@sha1:${commitId}`;

const found = findCustomResources(certManager);
if ('missing' in found) process.stderr.write(`cert-manager's chart: skipped: ${found.missing}\n`);
const withChart = 'missing' in found ? describe.skip : describe;

/** Calico’s version after the one that is pinned. */
const next = 'v99.0.0';

withChart('a cluster that reads its repository by a deploy key', () => {
  const name = 'hub-kiam';
  const own = { kind: 'GitRepository', name: 'rollcall-every-way' } as const;
  const installed = release('cert-manager', 'cert-manager');
  const text = () => {
    const delivery = {
      git: { url: world.git.url },
      path: outputPath,
      flux: { interval: '1h', retryInterval: '5s' },
    };
    const changed = fleet.replace(
      'cert-manager: existing',
      'cert-manager: install, calico: install',
    );
    return `${changed}\ndelivery: ${JSON.stringify(delivery)}\n`;
  };
  let cluster: RealCluster;
  let flux: FluxControllers;
  let first = '';

  beforeAll(async () => {
    const chart = 'missing' in found ? '' : join(found.folder, '../charts/cert-manager');
    const version = ['--version', 'v1.21.2', '--app-version', 'v1.21.2'];
    await world.registry.push(chart, 'jetstack/charts', folder, version);
    const [pinned] = infrastructureCharts.calico.charts;
    await world.charts.add(writeOperatorChart(folder), pinned?.version ?? '');
    await world.charts.add(writeOperatorChart(folder, 'newer'), next);
    await world.git.commit(writeCalicoRepository);
    await world.git.tag(infrastructureCharts.calico.kinds?.tag ?? '');
    await world.commit(text());
    ({ cluster, flux } = await world.bootstrap(name));
    first = await world.git.commit(() => undefined);
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
    const tree = join(folder, 'git/fleet', outputPath);
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

  it('has Calico’s kinds before its chart, and nothing else of its repository', async () => {
    const calico = release('calico', 'tigera-operator');
    const kinds = await ready(cluster, flux, kustomization('infrastructure-calico-crds'));
    const may = await cluster.kubectl([
      ...['auth', 'can-i', '--list', '--as', 'system:serviceaccount:tigera-operator:calico-crds'],
    ]);
    expect(may.stdout.match(/^customresourcedefinitions.*$/m)?.[0]).toMatch(
      /\[get create patch\]$/,
    );
    await ready(cluster, flux, kustomization('infrastructure-calico'));
    const chart = await ready(cluster, flux, calico);
    expect(readySince(chart)).toBeGreaterThanOrEqual(readySince(kinds));
    // Where it came first it failed, and was tried again.
    expect(chart.status?.history).toHaveLength(1);
    const { group, plural } = installation;
    const made = await cluster.mustKubectl(['get', `${plural}.${group}`, '-o', 'json']);
    expect(JSON.parse(made)).toMatchObject({
      items: [{ spec: { kubernetesProvider: 'EKS', cni: { type: 'AmazonVPC' } } }],
    });
    const configMaps = await cluster.mustKubectl(['get', 'configmaps', '-A', '-o', 'name']);
    expect(configMaps).not.toContain('not-asked-for');
  });

  it('has new kinds before a new chart, too', async () => {
    await world.git.commit((repository) => {
      writeCalicoRepository(repository, ['newer']);
    });
    await world.git.tag(next);
    const { tag = '' } = infrastructureCharts.calico.kinds ?? {};
    await world.git.commit((repository) => {
      for (const name of ['calico', 'calico-crds']) {
        const file = join(repository, outputPath, 'infrastructure', name, `${name}.yaml`);
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll(tag, next));
      }
    });
    await reconcile(cluster, flux, own);
    const calico = release('calico', 'tigera-operator');
    const isNext = (version = '') => version.startsWith(next);
    const { status } = await ready(cluster, flux, calico, (one) =>
      isNext(one.status?.history?.[0]?.chartVersion),
    );
    // A chart that came before its kind would have failed, and been tried again.
    expect(status?.history?.map((one) => one.status)).toEqual(['deployed', 'superseded']);
  });

  it('only ever reads', async () => {
    expect(new Set(world.git.asked)).toEqual(new Set(["git-upload-pack '/team/fleet'"]));
    expect(await world.git.push()).toBe(1);
    expect(world.git.asked.at(-1)).toBe("git-receive-pack '/team/fleet'");
  });

  it('takes in a commit', async () => {
    const next = await world.commit(text().replace('4 3 * * *', '34 3 * * *'));
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

  it('keeps cert-manager and Calico when the fleet no longer installs them, and the first when its release is given up', async () => {
    const before = text().replace(
      'cert-manager: install, calico: install',
      'cert-manager: existing',
    );
    await world.commit(before);
    await reconcile(cluster, flux, root);
    await gone(cluster, kustomization('infrastructure-cert-manager'));
    expect(await cluster.admin.find(pathOf(installed))).toBeDefined();
    await gone(cluster, kustomization('infrastructure-calico-crds'));
    expect(await cluster.admin.find(pathOf(release('calico', 'tigera-operator')))).toBeDefined();
    const kind = `${installation.plural}.${installation.group}`;
    expect(await cluster.mustKubectl(['get', kind, '-o', 'name'])).toContain('/default');
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
