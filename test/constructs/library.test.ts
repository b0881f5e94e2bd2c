import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { describe, expect, it } from '@jest/globals';
import * as exported from '../../src/index.ts';
import { library, ownChart, restartProps } from './support/library.ts';

interface Made {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
}
const objectsOf = (chart: Chart): readonly Made[] => chart.toJson() as readonly Made[];

const cases = Object.entries(library);
/** By which ApiObject.of finds a main object. */
const withMain = cases.filter(([name]) => name !== 'CrossAccountAccess');
const ofTheCluster = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];

it('every construct that is exported is tried here', () => {
  const constructs = Object.keys(exported).filter((name) => name !== 'PropsError');
  expect(cases.map(([name]) => name).sort()).toEqual(constructs.sort());
});

describe.each(cases)('%s', (_, { make, props }) => {
  it('bears its chart’s labels, and is in its chart’s namespace unless told otherwise', () => {
    const chart = ownChart({ namespace: 'of-the-chart', labels: { team: 'golf' } });
    const { namespace: given, ...others } = props;
    make(chart, 'made', others);
    expect(objectsOf(chart).length).toBeGreaterThan(0);
    for (const { kind, metadata } of objectsOf(chart)) {
      expect(metadata.labels).toMatchObject({
        team: 'golf',
        'app.kubernetes.io/part-of': 'rollcall',
      });
      // A target's rights are where its workloads are.
      const place = given === undefined ? 'shop' : 'of-the-chart';
      expect([kind, metadata.namespace]).toEqual([
        kind,
        ofTheCluster.includes(kind) ? undefined : place,
      ]);
    }
  });

  it('gives the names that it was told, whatever the chart does with names', () => {
    const names = (disableResourceNameHashes: boolean) => {
      const chart = ownChart({ disableResourceNameHashes });
      make(chart, 'made', props);
      return objectsOf(chart).map(({ metadata }) => metadata.name);
    };
    expect(names(false)).toEqual(names(true));
  });

  it('twice under the same names fails when it is synthesised, and says which', () => {
    const chart = ownChart();
    make(chart, 'first', props);
    make(chart, 'second', props);
    expect(() => objectsOf(chart)).toThrow(
      /construct\/same-object .*\n.*own\/first\/.* and by own\/second\//,
    );
  });

  it('of an own chart each stands beside the other', () => {
    const chart = ownChart();
    make(chart, 'first', props);
    make(new Chart(chart, 'other'), 'second', props);
    expect(() => objectsOf(chart)).not.toThrow();
  });

  it('refuses a prop that there is none of', () => {
    const wrong = () => make(ownChart(), 'made', { ...props, nme: 'x' });
    expect(wrong).toThrow(
      /^fleet\/unknown-key own\/made: nme\n {2}found: .*"nme"\n {2}expected: one of: .*\n {2}next: .*"name"/,
    );
  });
});

describe.each(withMain)('%s has a main object', (_, { make, props }) => {
  it('that can be patched, and be depended on', () => {
    const chart = ownChart();
    const main = ApiObject.of(make(chart, 'made', props));
    main.addJsonPatch(JsonPatch.add('/metadata/annotations', { patched: 'yes' }));
    const later = new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'Pod' });
    later.addDependency(main);
    const objects = objectsOf(chart);
    const at = objects.findIndex(({ kind }) => kind === main.kind);
    expect(objects[at]).toMatchObject({ metadata: { annotations: { patched: 'yes' } } });
    expect(at).toBeLessThan(objects.findIndex(({ kind }) => kind === 'Pod'));
  });
});

it('a cluster’s own objects of checks have no namespace, whatever the chart’s is', () => {
  const chart = ownChart({ namespace: 'of-the-chart' });
  const condition = { apiVersion: 'v1', resource: 'nodes', name: 'a', type: 'Ready' };
  new exported.RestartCronJob(chart, 'made', {
    ...restartProps,
    strategy: { blockers: [{ condition }] },
  });
  const found = objectsOf(chart).filter(({ kind }) => kind.startsWith('Cluster'));
  expect(found.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['ClusterRole', undefined],
    ['ClusterRoleBinding', undefined],
  ]);
});
