import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { valueAt, type Json, type KubeObject } from '../../src/helm/json.ts';
import { exampleText, type Example } from '../charts/support/examples.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { idOf, ofRelease, render, writeCharts, type WrittenChart } from './support/helm/charts.ts';
import { helm } from './support/helm/helm.ts';
import { failsAnnotation, testStages } from './support/helm/test-stages.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-release-'));
const home = 'rollcall-system';
let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'any',
    folder: join(folder, 'any'),
    etcd,
    stages: testStages(),
  });
  await installCertManagerCrds(cluster);
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

/** Real Helm on the real cluster, as its admin. */
const release = (args: readonly string[], values: Json = {}) =>
  helm([...args, '--kubeconfig', cluster.kubeconfig, '--namespace', home], {
    input: JSON.stringify(values),
    environment: { HOME: dirname(cluster.kubeconfig) },
  });

async function mustRelease(args: readonly string[], values: Json = {}): Promise<string> {
  const { code, stdout, stderr } = await release(args, values);
  expect([args, code, stderr]).toEqual([args, 0, '']);
  return stdout;
}

const install = ({ folder: chart }: WrittenChart, ...more: readonly string[]) => [
  ...['install', 'ours', chart, '--create-namespace', '--values', '-'],
  ...more,
];
const upgrade = ({ folder: chart }: WrittenChart) => ['upgrade', 'ours', chart, '--values', '-'];

function chartOf(example: Example, title: string): WrittenChart {
  const charts = writeCharts(example, exampleText(example), folder);
  const chart = charts.find((one) => one.title === `${example}/${title}`);
  if (chart) return chart;
  throw new Error(`${example} has no chart ${title}`);
}

async function live({ kind, metadata }: KubeObject): Promise<KubeObject> {
  const namespace = metadata['namespace'];
  const where = typeof namespace === 'string' ? ['--namespace', namespace] : [];
  const text = await cluster.mustKubectl(['get', kind, metadata.name, ...where, '-o', 'json']);
  return JSON.parse(text) as KubeObject;
}

/** What there is of the chart's objects, hooks too, as `kubectl get` names it. */
async function left({ objects }: WrittenChart): Promise<readonly string[]> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const namespace = object.metadata['namespace'];
      const where = typeof namespace === 'string' ? ['--namespace', namespace] : [];
      const args = ['get', object.kind, object.metadata.name, ...where, '--ignore-not-found'];
      const text = await cluster.mustKubectl([...args, '-o', 'name']);
      return text === '' ? [] : [idOf(object)];
    }),
  );
  return found.flat().sort();
}

const isKept = (object: KubeObject): boolean =>
  valueAt(object, ['metadata', 'annotations', 'helm.sh/resource-policy']) === 'keep';
const isTest = (object: KubeObject): boolean =>
  valueAt(object, ['metadata', 'annotations', 'helm.sh/hook']) === 'test';

async function removeAll({ objects }: WrittenChart): Promise<void> {
  for (const { kind, metadata } of objects) {
    const namespace = metadata['namespace'];
    const where = typeof namespace === 'string' ? ['--namespace', namespace] : [];
    await cluster.mustKubectl(['delete', kind, metadata.name, ...where, '--ignore-not-found']);
  }
}

const crds = certManagerCrds();
const charts = [
  chartOf('seed-000', 'ci/hub'),
  chartOf('seed-000', 'golf-prd/target'),
  chartOf('seed-004', 'prod/hub'),
  chartOf('seed-004', 'prod/target'),
  chartOf('seed-004', 'prod/kube2iam'),
  chartOf('identities', 'hub-kiam/hub'),
  ...('missing' in crds ? [] : [chartOf('seed-002', 'opsfleet-test/kiam')]),
];

describe.each(charts.map((chart) => [chart.title, chart] as const))('%s', (title, chart) => {
  const isHub = title.endsWith('/hub');
  const prior: string[] = [];
  beforeAll(async () => {
    const made = chart.released.filter(({ kind }) => kind === 'Namespace');
    const names = new Set(chart.released.map(({ metadata }) => metadata['namespace']));
    for (const name of names) {
      if (typeof name !== 'string' || name.startsWith('kube-')) continue;
      if (made.some(({ metadata }) => metadata.name === name)) continue;
      await makeNamespace(cluster, name);
      prior.push(name);
    }
  });
  afterAll(async () => {
    await release(['uninstall', 'ours', '--ignore-not-found']);
    await removeAll(chart);
    for (const name of prior) await cluster.mustKubectl(['delete', 'namespace', name]);
  });

  it('is installed, and is there as it was rendered', async () => {
    const notes = await mustRelease(install(chart));
    expect(notes).toContain('STATUS: deployed');
    expect(notes).not.toMatch(/<no value>|%!|\{\{/);
    for (const object of ofRelease(await render(chart)).values()) {
      const found = await live(object);
      expect(found).toMatchObject({ ...object });
      expect(found.metadata).toMatchObject({
        annotations: { 'meta.helm.sh/release-name': 'ours' },
      });
    }
  });

  it('is upgraded to other values, and nothing else is', async () => {
    const values = { commonLabels: { team: 'orchard' } };
    await mustRelease(upgrade(chart), values);
    for (const object of ofRelease(await render(chart, values)).values()) {
      expect(await live(object)).toMatchObject({ ...object });
    }
    const again = await mustRelease([...upgrade(chart), '--dry-run=server'], values);
    expect(again).toContain('STATUS: pending-upgrade');
  });

  if (isHub && chart.objects.some(isTest)) {
    it('is tested', async () => {
      const said = await mustRelease(['test', 'ours', '--timeout', '60s']);
      const tests = chart.objects.filter(isTest);
      expect(said.match(/^Phase: +Succeeded$/gm)).toHaveLength(tests.length);
      for (const test of tests) {
        expect(await live(test)).toMatchObject({ status: { phase: 'Succeeded' } });
      }
    });
  }

  it('is uninstalled, and leaves what is to be kept', async () => {
    await mustRelease(['uninstall', 'ours', '--wait', '--timeout', '60s']);
    const kept = chart.objects.filter((object) => isKept(object) || isTest(object));
    expect(await left(chart)).toEqual(kept.map(idOf).sort());
  });

  it('is installed again over what was kept', async () => {
    await mustRelease(install(chart));
    expect(await left(chart)).toEqual(chart.objects.map(idOf).sort());
  });
});

describe('a hub', () => {
  const chart = chartOf('seed-000', 'ci/hub');
  const record = chart.objects.find(({ metadata }) => metadata.name.endsWith('-record-0'));
  const data = { data: { 'run.json': '{"run":"2026-11-21T02:15:00Z"}' } };
  afterAll(async () => {
    await release(['uninstall', 'ours', '--ignore-not-found']);
    await removeAll(chart);
  });

  it('keeps what the job has written, whatever a release does', async () => {
    if (!record) throw new Error('no record');
    await mustRelease(install(chart));
    const patch = ['--type', 'merge', '--patch', JSON.stringify(data)];
    const at = ['configmap', record.metadata.name, '--namespace', 'sts'];
    await cluster.mustKubectl(['patch', ...at, ...patch]);
    await mustRelease(upgrade(chart), { commonAnnotations: { 'example.com/a': 'b' } });
    expect(await live(record)).toMatchObject(data);
    await mustRelease(['rollback', 'ours', '1']);
    expect(await live(record)).toMatchObject(data);
    await mustRelease(['uninstall', 'ours']);
    expect(await live(record)).toMatchObject(data);
  });

  it('is taken over by a release of another name only when that is said', async () => {
    const args = ['install', 'theirs', chart.folder, '--create-namespace', '--values', '-'];
    const { code, stderr } = await release(args);
    expect(code).toBe(1);
    expect(stderr).toContain('invalid ownership metadata');
    await mustRelease([...args, '--take-ownership']);
    if (record) expect(await live(record)).toMatchObject(data);
    await mustRelease(['uninstall', 'theirs']);
    await removeAll(chart);
  });

  it('fails its test where the job would fail', async () => {
    await mustRelease(install(chart), { podAnnotations: { [failsAnnotation]: 'true' } });
    const { code, stdout } = await release(['test', 'ours', '--timeout', '60s']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Phase: +Failed$/m);
  });

  it('changes its schedule, and halts', async () => {
    const restarts = {
      'after-key-creation': { schedule: '7 4 * * 1-5', timeZone: 'Asia/Tokyo', suspend: true },
    };
    const notes = await mustRelease(upgrade(chart), { restarts });
    expect(notes).toContain('after-key-creation: 7 4 * * 1-5 (Asia/Tokyo), suspended');
    const cronJob = chart.objects.find(({ kind }) => kind === 'CronJob');
    if (!cronJob) throw new Error('no CronJob');
    expect(await live(cronJob)).toMatchObject({ spec: restarts['after-key-creation'] });
  });

  it('leaves namespaces to others where that is said', async () => {
    await mustRelease(['uninstall', 'ours']);
    await removeAll(chart);
    const values = { namespaces: { create: false } };
    const { code, stderr } = await release(install(chart), values);
    expect([code, stderr]).toEqual([1, expect.stringContaining('namespaces "sts" not found')]);
    await release(['uninstall', 'ours', '--ignore-not-found']);
    await makeNamespace(cluster, 'sts');
    await mustRelease(install(chart), values);
    expect((await live({ kind: 'Namespace', metadata: { name: 'sts' } })).metadata).toEqual(
      expect.not.objectContaining({ annotations: expect.anything() }),
    );
  });
});
