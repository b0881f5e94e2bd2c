import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { writeOutput } from '../../charts/write.ts';
import { exampleText, treeOf } from '../charts/support/examples.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import type { FluxControllers } from './support/gitops/flux-controllers.ts';
import {
  FluxWorld,
  kustomization,
  outputPath,
  release,
  root,
} from './support/gitops/flux-world.ts';
import { gone, ready, readySince, reconcile } from './support/gitops/flux-waits.ts';
import { idOf, isKept, present } from './support/gitops/tree-objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-flux-charts-'));
const fleet = exampleText('identities');

let world: FluxWorld;
beforeAll(async () => {
  world = await FluxWorld.start(folder);
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

describe('a cluster that installs charts', () => {
  const name = 'hub-kube2iam';
  const kinds = ['kube2iam', 'hub'];
  const hub = release('rollcall-every-way-hub');
  const text = () => {
    const flux = {
      via: 'helm',
      registry: `oci://${world.registry.host}/charts`,
      serviceAccountName: 'installer',
      interval: '1h',
    };
    return `${fleet}\ndelivery: ${JSON.stringify({ path: outputPath, flux })}\n`;
  };
  let cluster: RealCluster;
  let flux: FluxControllers;

  /** docs/flux.md, "Charts in place of manifests": charts are pushed before the commit. */
  async function publish(fleetFile: string, pushed: readonly string[]): Promise<readonly string[]> {
    const dist = join(folder, 'dist-helm');
    writeOutput(treeOf(fleetFile, 'helm'), dist);
    const tags: string[] = [];
    for (const kind of pushed)
      tags.push(await world.registry.push(join(dist, name, kind), 'charts', folder));
    await world.commit(fleetFile);
    return tags;
  }

  const objectsOf = () =>
    treeOf(text())
      .files.filter((file) => dirname(file.path) === name)
      .flatMap((file) => file.text.split(/^---$/m))
      .map((one) => parse(one) as Parameters<typeof idOf>[0]);

  beforeAll(async () => {
    await publish(text(), kinds);
    ({ cluster, flux } = await world.bootstrap(name));
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
    const tags = await publish(next, kinds);
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
