import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { RealCluster } from './support/cluster/cluster.ts';
import { Flux } from './support/gitops/flux.ts';
import { hub, namespace, startGitopsFleet, target } from './support/gitops/fleet.ts';
import type { GitopsFleet } from './support/gitops/fleet.ts';
import {
  manifest,
  outcomes,
  read,
  replicaSetStamps,
  revisionOf,
  rolledOut,
  stampOf,
  type ManifestOptions,
} from './support/gitops/workloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-flux-'));
/** The repository of the team whose workloads are restarted. */
const repository = join(folder, 'repository');
const older = '2020-01-01T00:00:00Z';
/** Long enough for Flux to sync in the middle of a rollout. */
const slow = { readyDelay: 5000 };
const restarts = { apps: ['shop', 'cart'], moved: ['moved'], pinned: ['pinned', 'colleague'] };

const fluxes = new Map<string, Flux>();
let fleet: GitopsFleet;
let cluster: RealCluster;
let flux: Flux;

beforeAll(async () => {
  fleet = await startGitopsFleet({ folder, restarts, applyManifests: applyByFlux });
  cluster = fleet.cluster(target);
  flux = fluxOf(target);
  for (const name of ['shop', 'cart', 'moved', 'colleague']) writeManifest('apps', name);
  writeManifest('pinned', 'pinned', { ...slow, stamp: older });
  await flux.commit('team', repository);
  await flux.kustomize('apps', { source: 'team', path: './apps' });
  await flux.kustomize('pinned', { source: 'team', path: './pinned', wait: false });
  await rolledOut(cluster, 'pinned');
});

afterAll(async () => {
  for (const one of fluxes.values()) await one.stop();
  await fleet.close();
  rmSync(folder, { recursive: true });
});

/** As a platform team does it: the tree is committed as it is, and each cluster syncs its folder. */
async function applyByFlux(one: RealCluster, tree: string): Promise<void> {
  const started = await Flux.start(one, join(folder, `flux-${one.name}`));
  fluxes.set(one.name, started);
  await started.commit('platform', dirname(tree));
  await started.kustomize('rollcall', { source: 'platform', path: `./${one.name}` });
}

function fluxOf(name: string): Flux {
  const found = fluxes.get(name);
  if (!found) throw new Error(`no Flux in ${name}`);
  return found;
}

function writeManifest(path: string, name: string, options?: ManifestOptions): void {
  mkdirSync(join(repository, path), { recursive: true });
  const file = join(repository, path, `${name}.yaml`);
  writeFileSync(file, JSON.stringify(manifest(name, options)));
}

const stampNow = async (name: string) => stampOf(await read(cluster, name));
const attempt = async (restart: keyof typeof restarts, run: number) =>
  outcomes((await (await fleet.begin(restart, run)).ended).report);
const kubectl = (...args: readonly string[]) => cluster.mustKubectl(['-n', namespace, ...args]);
const recordOf = (restart: string) =>
  fleet.cluster(hub).admin.find(`/api/v1/namespaces/restarts/configmaps/${restart}-record-0`);

it.each([
  [hub, 'hub'],
  [target, 'target'],
])(
  'Flux applies all that is generated for %s, with pruning, waiting and force',
  async (name, base) => {
    const text = readFileSync(join(fleet.outputDir, name, `${base}.k8s.yaml`), 'utf8');
    const generated = parseAllDocuments(text).map((document) => {
      const { kind, metadata } = document.toJS() as {
        readonly kind: string;
        readonly metadata: { readonly name: string };
      };
      // In an id a colon is two underscores (fluxcd/cli-utils, pkg/object/objmetadata.go).
      return `${metadata.name.replaceAll(':', '__')} ${kind}`;
    });
    const applied = (await fluxOf(name).inventory('rollcall')).map((id) => {
      const [, object = '', , kind = ''] = /^[^_]*_(.*)_([^_]*)_([^_]*)$/.exec(id) ?? [];
      return `${object} ${kind}`;
    });
    expect(applied.toSorted()).toEqual(generated.toSorted());
  },
);

it('a sync after a restart leaves the stamp, rolls nothing out, and keeps the run record', async () => {
  const run = fleet.nextRun();
  const stamp = formatInstant(run);
  const of = (outcome: object) => ({ shop: outcome, cart: outcome });
  expect(await attempt('apps', run)).toMatchObject(of({ kind: 'restarted', stamp }));
  const record = await recordOf('apps');
  expect(record?.data).toHaveProperty(['run.json']);

  for (const one of fluxes.values()) await one.reconcile('rollcall');
  await flux.reconcile('apps');
  for (const name of restarts.apps) {
    expect(await replicaSetStamps(cluster, name)).toEqual([undefined, stamp]);
    expect(await revisionOf(cluster, name)).toBe(2);
  }
  expect((await recordOf('apps'))?.data).toEqual(record?.data);

  // A release of the team's own: its rollout carries the stamp along.
  writeManifest('apps', 'cart', { tag: 2 });
  await flux.commit('team', repository);
  await flux.reconcile('apps');
  expect(await replicaSetStamps(cluster, 'cart')).toEqual([undefined, stamp, stamp]);
  const found = { kind: 'alreadyRestarted', stamp, run: `${stamp}/apps` };
  expect(await attempt('apps', run)).toMatchObject(of(found));
  expect(await replicaSetStamps(cluster, 'shop')).toEqual([undefined, stamp]);
});

it('a kubectl rollout restart is undone by the next sync, and a restart by Rollcall is not, after it', async () => {
  await kubectl('rollout', 'restart', 'deployment/moved');
  await rolledOut(cluster, 'moved');
  expect(await stampNow('moved')).toBeDefined();
  await flux.reconcile('apps');
  expect(await stampNow('moved')).toBeUndefined();
  // Back to the pods of before.
  expect((await replicaSetStamps(cluster, 'moved')).at(-1)).toBeUndefined();
  expect(await revisionOf(cluster, 'moved')).toBe(3);

  // Rollcall takes over an annotation that is kubectl's: as of a restart from before the run.
  const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': older } } };
  const patch = JSON.stringify({ spec: { template } });
  await kubectl('patch', 'deployment/moved', '--field-manager=kubectl-rollout', '-p', patch);
  const run = fleet.nextRun();
  expect(await attempt('moved', run)).toMatchObject({ moved: { kind: 'restarted' } });
  const revision = await revisionOf(cluster, 'moved');
  await flux.reconcile('apps');
  expect(await stampNow('moved')).toBe(formatInstant(run));
  expect(await revisionOf(cluster, 'moved')).toBe(revision);
});

it('a sync that drops the stamp while the job runs is reverted by kustomize-controller', async () => {
  await kubectl('rollout', 'restart', 'deployment/colleague');
  await rolledOut(cluster, 'colleague');
  const run = fleet.nextRun();
  const job = await fleet.begin('pinned', run);
  await Promise.all([job.told(/pinned: patched$/), job.told(/colleague: already restarted$/)]);
  // In this order: the job ends when the last workload that it waits for is undone.
  await flux.reconcile('apps');
  await flux.reconcile('pinned');
  const reverted = { kind: 'reverted', by: 'kustomize-controller' };
  const pinned = {
    ...reverted,
    message: `the stamp of run ${formatInstant(run)}/pinned is gone`,
  };
  expect(outcomes((await job.ended).report)).toEqual({
    // Its annotation stands in Git.
    pinned,
    // It was restarted by kubectl.
    colleague: {
      ...reverted,
      guessed: true,
      message: 'the stamp that met this run is gone',
    },
  });

  // The next pod does not fight over it; what was no stamp of Rollcall's it sets.
  expect(await attempt('pinned', run)).toMatchObject({ pinned, colleague: { kind: 'restarted' } });
  expect(await stampNow('pinned')).toBe(older);
  await flux.reconcile('apps');
  expect(await stampNow('colleague')).toBe(formatInstant(run));
});

it('leaving the tree takes what was generated, and no namespace, workload or run record', async () => {
  for (const one of fluxes.values()) await one.remove('rollcall');
  const left = async (name: string, kinds: string) => {
    const args = ['get', kinds, '-o', 'name', '-n', name === hub ? 'restarts' : namespace];
    return (await fleet.cluster(name).mustKubectl(args)).trim().split('\n').toSorted();
  };
  expect(await left(hub, 'cronjobs,configmaps,roles,rolebindings,networkpolicies')).toEqual(
    ['kube-root-ca.crt', ...Object.keys(restarts).map((name) => `${name}-record-0`)]
      .map((name) => `configmap/${name}`)
      .toSorted(),
  );
  expect(await left(target, 'deployments,roles,rolebindings')).toEqual(
    Object.values(restarts)
      .flat()
      .map((name) => `deployment.apps/${name}`)
      .toSorted(),
  );
});
