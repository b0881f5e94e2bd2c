import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { valueAt, type KubeObject } from '../../src/helm/json.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { idOf, ofRelease, render, type WrittenChart } from './support/helm/charts.ts';
import { helms } from './support/helm/helm.ts';
import { chartOf, install, Releases, upgrade } from './support/helm/releases.ts';
import { failsAnnotation, testStages } from './support/helm/test-stages.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-release-'));
let etcd: Etcd | undefined;
let cluster: RealCluster;
let releases: Releases;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'any',
    folder: join(folder, 'any'),
    etcd,
    stages: testStages(),
  });
  await installCertManagerCrds(cluster);
  releases = new Releases(cluster);
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

const isKept = (object: KubeObject): boolean =>
  valueAt(object, ['metadata', 'annotations', 'helm.sh/resource-policy']) === 'keep';
const isTest = (object: KubeObject): boolean =>
  valueAt(object, ['metadata', 'annotations', 'helm.sh/hook']) === 'test';

const crds = certManagerCrds();
const charts = [
  chartOf('seed-000', 'ci/hub', folder),
  chartOf('seed-000', 'golf-prd/target', folder),
  chartOf('seed-004', 'prod/hub', folder),
  chartOf('seed-004', 'prod/target', folder),
  chartOf('seed-004', 'prod/kube2iam', folder),
  chartOf('identities', 'hub-kiam/hub', folder),
  ...('missing' in crds ? [] : [chartOf('seed-002', 'opsfleet-test/kiam', folder)]),
];

const kindOf = ({ title }: WrittenChart): string => title.split('/').at(-1) ?? '';
const ofEachKind = new Set(new Map(charts.map((chart) => [kindOf(chart), chart])).values());

describe.each(helms)('%s', (name) => {
  beforeAll(() => {
    releases.program = name;
  });

  // What they render is equal for all charts: helm.test.ts. Here one of each kind is enough.
  const tried = name === 'helm' ? charts : charts.filter((chart) => ofEachKind.has(chart));
  describe.each(tried.map((chart) => [chart.title, chart] as const))('%s', (title, chart) => {
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
      await releases.removeAll(chart);
      for (const name of prior) await cluster.mustKubectl(['delete', 'namespace', name]);
    });

    it('is installed, and is there as it was rendered', async () => {
      const notes = await releases.must(install(chart));
      expect(notes).toContain('STATUS: deployed');
      expect(notes).not.toMatch(/<no value>|%!|\{\{/);
      for (const object of ofRelease(await render(chart)).values()) {
        const found = await releases.live(object);
        expect(found).toMatchObject({ ...object });
        expect(found.metadata).toMatchObject({
          annotations: { 'meta.helm.sh/release-name': 'ours' },
        });
      }
    });

    it('is upgraded to other values, and nothing else is', async () => {
      const values = { commonLabels: { team: 'orchard' } };
      await releases.must(upgrade(chart), values);
      for (const object of ofRelease(await render(chart, values)).values()) {
        expect(await releases.live(object)).toMatchObject({ ...object });
      }
      const again = await releases.must([...upgrade(chart), '--dry-run=server'], values);
      expect(again).toContain('STATUS: pending-upgrade');
    });

    if (isHub && chart.objects.some(isTest)) {
      it('is tested', async () => {
        const said = await releases.must(['test', 'ours', '--timeout', '60s']);
        const tests = chart.objects.filter(isTest);
        expect(said.match(/^Phase: +Succeeded$/gm)).toHaveLength(tests.length);
        for (const test of tests) {
          expect(await releases.live(test)).toMatchObject({ status: { phase: 'Succeeded' } });
        }
      });
    }

    it('is uninstalled, and leaves what is to be kept', async () => {
      await releases.must(['uninstall', 'ours', '--wait', '--timeout', '60s']);
      const kept = chart.objects.filter((object) => isKept(object) || isTest(object));
      expect(await releases.left(chart)).toEqual(kept.map(idOf).sort());
    });

    it('is installed again over what was kept', async () => {
      await releases.must(install(chart));
      expect(await releases.left(chart)).toEqual(chart.objects.map(idOf).sort());
    });
  });

  describe('a hub', () => {
    const chart = chartOf('seed-000', 'ci/hub', folder);
    const record = chart.objects.find(({ metadata }) => metadata.name.endsWith('-record-0'));
    const data = { data: { 'run.json': '{"run":"2026-11-21T02:15:00Z"}' } };
    afterAll(async () => {
      await releases.removeAll(chart);
    });

    it('keeps what the job has written, whatever a release does', async () => {
      if (!record) throw new Error('no record');
      await releases.must(install(chart));
      const patch = ['--type', 'merge', '--patch', JSON.stringify(data)];
      const at = ['configmap', record.metadata.name, '--namespace', 'sts'];
      await cluster.mustKubectl(['patch', ...at, ...patch]);
      await releases.must(upgrade(chart), { commonAnnotations: { 'example.com/a': 'b' } });
      expect(await releases.live(record)).toMatchObject(data);
      await releases.must(['rollback', 'ours', '1']);
      expect(await releases.live(record)).toMatchObject(data);
      await releases.must(['uninstall', 'ours']);
      expect(await releases.live(record)).toMatchObject(data);
    });

    it('is taken over by a release of another name only when that is said', async () => {
      const args = ['install', 'theirs', chart.folder, '--create-namespace', '--values', '-'];
      const { code, stderr } = await releases.run(args);
      expect(code).toBe(1);
      expect(stderr).toContain('invalid ownership metadata');
      await releases.must([...args, '--take-ownership']);
      if (record) expect(await releases.live(record)).toMatchObject(data);
      await releases.must(['uninstall', 'theirs']);
      await releases.removeAll(chart);
    });

    it('fails its test where the job would fail', async () => {
      await releases.must(install(chart), { podAnnotations: { [failsAnnotation]: 'true' } });
      const { code, stdout } = await releases.run(['test', 'ours', '--timeout', '60s']);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^Phase: +Failed$/m);
    });

    it('changes its schedule, and halts', async () => {
      const restarts = {
        'after-key-creation': { schedule: '7 4 * * 1-5', timeZone: 'Asia/Tokyo', suspend: true },
      };
      const notes = await releases.must(upgrade(chart), { restarts });
      expect(notes).toContain('after-key-creation: 7 4 * * 1-5 (Asia/Tokyo), suspended');
      const cronJob = chart.objects.find(({ kind }) => kind === 'CronJob');
      if (!cronJob) throw new Error('no CronJob');
      expect(await releases.live(cronJob)).toMatchObject({ spec: restarts['after-key-creation'] });
    });

    it('leaves namespaces to others where that is said', async () => {
      await releases.removeAll(chart);
      const values = { namespaces: { create: false } };
      const { code, stderr } = await releases.run(install(chart), values);
      expect([code, stderr]).toEqual([1, expect.stringContaining('namespaces "sts" not found')]);
      await releases.run(['uninstall', 'ours', '--ignore-not-found']);
      await makeNamespace(cluster, 'sts');
      await releases.must(install(chart), values);
      expect(
        (await releases.live({ kind: 'Namespace', metadata: { name: 'sts' } })).metadata,
      ).toEqual(expect.not.objectContaining({ annotations: expect.anything() }));
    });
  });
});

describe('from Helm 3 to Helm 4', () => {
  const chart = chartOf('seed-000', 'ci/hub', folder);
  const [record] = chart.objects.filter(({ metadata }) => metadata.name.endsWith('-record-0'));
  const [cronJob] = chart.objects.filter(({ kind }) => kind === 'CronJob');
  if (!record || !cronJob) throw new Error('no record, or no CronJob');
  const at = ({ kind, metadata }: KubeObject) => [kind, metadata.name, '--namespace', 'sts'];
  const patch = (object: KubeObject, change: object) =>
    cluster.mustKubectl([
      ...['patch', ...at(object), '--type', 'merge', '--patch', JSON.stringify(change)],
    ]);
  const managers = async (object: KubeObject) => {
    const args = ['get', ...at(object), '--show-managed-fields', '-o', 'json'];
    const found = JSON.parse(await cluster.mustKubectl(args)) as {
      readonly metadata: {
        readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
      };
    };
    return found.metadata.managedFields.map(({ manager, operation }) => `${manager} ${operation}`);
  };
  const data = { data: { 'run.json': '{"run":"2026-11-21T02:15:00Z"}' } };
  const suspended = { spec: { suspend: true } };

  beforeAll(async () => {
    releases.program = 'helm';
    await releases.removeAll(chart);
    await releases.must(install(chart));
    await patch(record, data);
    releases.program = 'helm-4';
  });

  it('what was changed by hand is set back while the client applies', async () => {
    for (const program of helms) {
      await patch(cronJob, suspended);
      releases.program = program;
      await releases.must(upgrade(chart));
      expect(await releases.live(cronJob)).toMatchObject({ spec: { suspend: false } });
    }
  });

  it('a release goes over as it is, and to server-side apply where that is said', async () => {
    await releases.must(upgrade(chart), { commonLabels: { team: 'orchard' } });
    expect(await managers(cronJob)).toEqual(['helm Update']);
    await releases.must(upgrade(chart, '--server-side=true'), { commonLabels: { team: 'fig' } });
    expect(await managers(cronJob)).toEqual(['helm Apply']);
    expect(await releases.live(cronJob)).toMatchObject({ metadata: { labels: { team: 'fig' } } });
    expect(await releases.live(record)).toMatchObject(data);
  });

  it('what was changed by hand is a conflict from then on', async () => {
    await patch(cronJob, suspended);
    const { code, stderr } = await releases.run(upgrade(chart));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/conflict.*kubectl-patch.*suspend/s)]);
    expect(await releases.live(cronJob)).toMatchObject(suspended);
    await releases.must(upgrade(chart, '--force-conflicts'));
    expect(await releases.live(cronJob)).toMatchObject({ spec: { suspend: false } });
    expect(await releases.live(record)).toMatchObject(data);
  });
});
