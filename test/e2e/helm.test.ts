import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { valueAt } from '../../src/helm/json.ts';
import { product } from '../../src/names/product.ts';
import { examples, exampleText } from '../charts/support/examples.ts';
import {
  byId,
  idOf,
  merge,
  nameOf,
  ofRelease,
  render,
  valuesOf,
  withoutHelmLabels,
  writeCharts,
  writeFiles,
} from './support/helm/charts.ts';
import { differences, expectedAt, expectedThere } from './support/helm/differences.ts';
import { helm, helms, imagined, mustHelm } from './support/helm/helm.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-helm-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const charts = examples.flatMap((name) => writeCharts(name, exampleText(name), folder));
const titles = (some: typeof charts) => some.map((chart) => [chart.title, chart] as const);

/** Those that have the same values, which do the same to objects, are tried once. */
const shapeOf = ({ table }: (typeof charts)[number]): string =>
  JSON.stringify(
    table.knobs
      .map(({ path, each, places }) => [
        each === undefined ? path : [path[0], each, ...path.slice(2)],
        [...new Set(places.map(({ kind }) => kind))],
      ])
      .map((one) => JSON.stringify(one))
      .filter((one, index, all) => all.indexOf(one) === index),
  );
const distinct = charts.filter(
  (chart) => charts.find((one) => shapeOf(one) === shapeOf(chart)) === chart,
);

it('every kind of chart is among the examples', () => {
  const kinds = new Set(charts.map(({ title }) => title.split('/').at(-1)));
  expect(kinds).toEqual(new Set(['hub', 'target', 'kiam', 'kube2iam']));
});

it.each(helms)('%s lint finds nothing, as strict as it can be', async (program) => {
  const folders = charts.map((chart) => chart.folder);
  const args = ['lint', '--strict', '--quiet', '--kube-version', '1.31'];
  const said = await mustHelm([...args, ...folders], { program });
  expect(said).not.toMatch(/WARNING|ERROR/);
});

describe.each(titles(charts))('%s', (_, chart) => {
  it.each(helms)('by %s, with its default values, is what cdk8s gives', async (program) => {
    const rendered = await render(chart, {}, program);
    // But for two labels.
    const released = [...ofRelease(rendered)].map(
      ([id, object]) => [id, withoutHelmLabels(object, product.name)] as const,
    );
    expect(new Map(released)).toEqual(byId(chart.released));
    const tests = [...rendered].filter(([id]) => !released.some(([other]) => other === id));
    const { objects, released: own } = chart;
    expect(new Map(tests)).toEqual(byId(objects.filter((object) => !own.includes(object))));
  });
});

describe.each(titles(distinct))('%s', (_, chart) => {
  const { knobs } = chart.table;
  const byDefault = render(chart);

  it.each(knobs.map((knob) => [nameOf(knob), knob] as const))(
    '%s changes what its table says, and nothing else',
    async (_name, knob) => {
      const changed = await render(chart, valuesOf(knob.path, knob.form.example));
      const found = differences(await byDefault, changed);
      const expected = expectedAt(chart, knob);
      const isBelow = (one: readonly string[], at: readonly string[]) =>
        at.every((key, index) => one[index] === key);
      expect(found.filter((one) => !expected.some((at) => isBelow(one, at)))).toEqual([]);
      expect(expected.filter((at) => !found.some((one) => isBelow(one, at)))).toEqual([]);
      for (const place of knob.places) {
        if (place.kind === 'object') continue;
        const object = chart.objects[place.object];
        if (!object) throw new Error('no such object');
        const there = valueAt(changed.get(idOf(object)) ?? {}, place.path);
        const wanted = expectedThere(chart, place, knob);
        const own = valueAt(object, place.path);
        // Helm's own labels are told apart above.
        if (place.kind === 'entries') expect(there).toMatchObject(knob.form.example as object);
        else if (wanted !== undefined) expect(there).toEqual(wanted);
        else expect(there).not.toEqual(own);
      }
    },
  );

  it('takes all of them at once', async () => {
    const all = knobs
      .filter(({ form, default: preset }) => !(preset === true && form.example === false))
      .map(({ path, form }) => valuesOf(path, form.example))
      .reduce(merge, {});
    const rendered = await render(chart, all);
    expect([...rendered.keys()].sort()).toEqual(chart.objects.map(idOf).sort());
    const { code, stdout } = await helm(
      ['lint', '--strict', '--quiet', '--kube-version', '1.31', '--values', '-', chart.folder],
      { input: JSON.stringify(all) },
    );
    expect([code, stdout]).toEqual([0, expect.not.stringMatching(/WARNING|ERROR/)]);
  });

  it.each(knobs.map((knob) => [nameOf(knob), knob] as const))(
    'a wrong %s is refused by its name',
    async (name, { path, form }) => {
      for (const wrong of [form.refused[0] ?? null, null]) {
        const { code, stderr } = await helm(
          ['template', 'release', chart.folder, ...imagined, '--values', '-'],
          { input: JSON.stringify(valuesOf(path, wrong)) },
        );
        expect([name, code]).toEqual([name, 1]);
        expect(stderr).toContain("values don't meet the specifications of the schema");
        const at = wrong === null ? path.slice(0, -1) : path;
        expect(stderr).toContain(at.length === 0 ? path.at(-1) : `at '/${at.join('/')}`);
      }
    },
  );

  it('a value that it does not have is refused by its name', async () => {
    for (const path of [
      ['replicas'],
      ...chart.table.groups.map((group) => [...group.path, 'securityContext']),
    ]) {
      const { code, stderr } = await helm(
        ['template', 'release', chart.folder, ...imagined, '--values', '-'],
        { input: JSON.stringify(valuesOf(path, {})) },
      );
      expect([path, code]).toEqual([path, 1]);
      expect(stderr).toContain(path.at(-1));
    }
  });

  it('says what must hold between its values', async () => {
    for (const { path, rule } of chart.table.groups) {
      for (const refused of rule?.refused ?? []) {
        const { code, stderr } = await helm(
          ['template', 'release', chart.folder, ...imagined, '--values', '-'],
          { input: JSON.stringify(valuesOf(path, refused)) },
        );
        expect([path, code]).toEqual([path, 1]);
        expect(stderr).toContain(`at '/${path.join('/')}`);
      }
    }
  });
});

it('what is in a chart has one version, and something else another', () => {
  const versions = charts.map(
    ({ folder: own }) =>
      /^version: (.*)$/m.exec(readFileSync(join(own, 'Chart.yaml'), 'utf8'))?.[1],
  );
  expect(new Set(versions).size).toBe(charts.length);
  for (const version of versions) {
    expect(version).toMatch(
      new RegExp(`^${product.version.replaceAll('.', '\\.')}\\+[0-9a-f]{12}$`),
    );
  }
});

const chartOf = (title: string) => {
  const chart = charts.find((one) => one.title === title);
  if (chart) return chart;
  throw new Error(`no example has the chart ${title}`);
};

describe('a hub', () => {
  const hub = chartOf('seed-000/ci/hub');

  it.each([
    [300, '290'],
    [10, '0'],
  ])('whose pods have %d seconds to end awaits rollouts for %s', async (seconds, grace) => {
    const rendered = await render(hub, { terminationGracePeriodSeconds: seconds });
    const containers = [...rendered.values()].flatMap((object) =>
      [
        ['spec', 'containers', 0, 'args'],
        ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'args'],
      ].flatMap((path) => valueAt(object, path) ?? []),
    );
    expect(containers.filter((_, index) => containers[index - 1] === '--grace-seconds')).toEqual([
      grace,
      grace,
    ]);
  });

  it('gives a ServiceAccount its own annotations before those of all', async () => {
    const key = 'example.com/owner';
    const rendered = await render(hub, {
      commonAnnotations: { [key]: 'all' },
      serviceAccounts: { 'key-restarter': { annotations: { [key]: 'own' } } },
    });
    for (const object of ofRelease(rendered).values()) {
      expect([idOf(object), valueAt(object, ['metadata', 'annotations', key])]).toEqual([
        idOf(object),
        object.kind === 'ServiceAccount' ? 'own' : 'all',
      ]);
    }
  });

  it('is refused by a Kubernetes that knows no time zones', async () => {
    const { code, stderr } = await helm([
      ...['template', 'release', hub.folder],
      ...['--kube-version', '1.26.15'],
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('kubeVersion: >=1.27.0-0')]);
  });

  it('is installed by EKS’ name of a version', async () => {
    await mustHelm(['template', 'release', hub.folder, '--kube-version', 'v1.27.1-eks-2f008fe']);
  });

  it('is packaged under its name and version', async () => {
    const said = await mustHelm(['package', hub.folder, '--destination', folder]);
    expect(said).toMatch(/\/grada-ci-hub-0\.1\.0\+[0-9a-f]{12}\.tgz\n$/);
  });
});

it('charts of several clusters can be one’s parts', async () => {
  const parts = [chartOf('seed-000/ci/hub'), chartOf('seed-000/golf-prd/target')];
  const whole = join(folder, 'whole');
  writeFiles(whole, [
    { path: 'Chart.yaml', text: 'apiVersion: v2\nname: whole\nversion: 0.1.0\n' },
  ]);
  for (const [index, part] of parts.entries()) {
    cpSync(part.folder, join(whole, 'charts', String(index)), { recursive: true });
  }
  const rendered = await render({ folder: whole }, { global: { team: 'orchard' } });
  expect([...rendered.keys()].sort()).toEqual(
    parts.flatMap(({ objects }) => objects.map(idOf)).sort(),
  );
});
