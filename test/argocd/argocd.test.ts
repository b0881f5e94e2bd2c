import { describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { renderArgoCd } from '../../charts/format-argocd.ts';
import { UserError } from '../../charts/user-error.ts';
import { groupOf, isNamespace, type KubeObject } from '../../src/delivery/objects.ts';
import { allCharts, delivered, graphOf } from '../delivery/support.ts';
import { examples, exampleText } from '../charts/support/examples.ts';

interface Project {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly destinations: readonly { readonly name: string; readonly namespace: string }[];
    readonly clusterResourceWhitelist: readonly { group: string; kind: string; name: string }[];
    readonly namespaceResourceWhitelist: readonly { group: string; kind: string }[];
  };
}

interface Element {
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly path: string;
}

interface ApplicationSet {
  readonly spec: {
    readonly generators: readonly [
      {
        readonly list: {
          readonly elements: readonly Element[];
        };
      },
    ];
  };
}

/** As Go's filepath.Match, of a star at the end. */
const matchesGlob = (name: string, glob: string): boolean =>
  glob.endsWith('*') ? name.startsWith(glob.slice(0, -1)) : name === glob;

const git = { url: 'https://git.example.com/fleet' };

describe.each(examples)('%s', (name) => {
  const files = new Map(
    renderArgoCd(delivered(name, { git, path: 'a' })).map(({ path, text }) => [path, text]),
  );
  const { metadata, spec } = parse(files.get('argocd/project.yaml') ?? '') as Project;
  const projectName = metadata.name;
  const set = parse(files.get('argocd/applicationset.yaml') ?? '') as ApplicationSet;
  const objects = [...files]
    .filter(([path]) => path.startsWith('manifests/'))
    .flatMap(([path, text]) =>
      parseAllDocuments(text).map((one) => ({
        cluster: path.split('/')[1] ?? '',
        object: one.toJS() as KubeObject,
      })),
    );

  it('the project allows what is applied, in these namespaces, and of what is in none Rollcall’s own', () => {
    const inNone = objects.filter(({ object }) => object.metadata.namespace === undefined);
    const inSome = objects.filter(({ object }) => object.metadata.namespace !== undefined);
    const texts = (list: readonly object[]) => new Set(list.map((one) => JSON.stringify(one)));
    const fleet = projectName.replace('rollcall-', '');
    for (const { object } of inNone) {
      const { kind } = object;
      const name = /^ClusterRole/.test(kind) ? `rollcall:${fleet}:*` : object.metadata.name;
      expect(spec.clusterResourceWhitelist).toContainEqual({ group: groupOf(object), kind, name });
      expect(matchesGlob(object.metadata.name, name)).toBe(true);
    }
    for (const { kind, name } of spec.clusterResourceWhitelist) {
      if (!/^ClusterRole/.test(kind)) expect(name).not.toMatch(/[*?[\]\\]/);
    }
    for (const { object } of inSome) {
      const { kind } = object;
      expect(spec.namespaceResourceWhitelist).toContainEqual({ group: groupOf(object), kind });
    }
    expect(spec.namespaceResourceWhitelist.map(({ kind }) => kind)).not.toContain('Secret');
    const used = texts(
      inSome.map(({ cluster, object }) => ({
        name: cluster,
        namespace: object.metadata.namespace,
      })),
    );
    const allowed = [...texts(spec.destinations)];
    expect([...used].filter((one) => !allowed.includes(one))).toEqual([]);
    // Of a cluster with nothing in a namespace, the Application's own destination.
    const more = allowed
      .filter((one) => !used.has(one))
      .map((one) => JSON.parse(one) as { name: string });
    for (const { name: cluster } of more) {
      expect(inSome.filter((one) => one.cluster === cluster)).toEqual([]);
    }
  });

  it('each cluster has an Application, whose destination the project allows', () => {
    const { elements } = set.spec.generators[0].list;
    expect(elements.map(({ cluster }) => cluster)).toEqual([
      ...new Set(elements.map(({ cluster }) => cluster)),
    ]);
    expect(new Set(elements.map(({ path }) => path))).toEqual(
      new Set(objects.map(({ cluster }) => `a/manifests/${cluster}`)),
    );
    for (const { name: application, cluster, namespace } of elements) {
      expect(application).toBe(`${projectName}.${cluster}`);
      expect(spec.destinations).toContainEqual({ name: cluster, namespace });
    }
  });

  it('a sync wave is added to each object, and nothing else; namespaces are kept', () => {
    const charts = allCharts
      .filter(({ title }) => title.startsWith(`${name}/`))
      .flatMap((chart) => chart.objects);
    expect(objects.length).toBe(charts.length);
    for (const { object } of objects) {
      const { 'argocd.argoproj.io/sync-wave': wave, ...annotations } =
        object.metadata.annotations ?? {};
      expect(wave).toMatch(/^[012]$/);
      const same = charts.filter(
        (one) => one.kind === object.kind && one.metadata.name === object.metadata.name,
      );
      expect(same.map(({ metadata }) => metadata.annotations ?? {})).toContainEqual(annotations);
      if (isNamespace(object)) {
        expect(annotations).toMatchObject({
          'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        });
      }
    }
  });
});

it('without a repository it says what to write', () => {
  expect(() => renderArgoCd(graphOf(exampleText('seed-001')))).toThrow(UserError);
});
