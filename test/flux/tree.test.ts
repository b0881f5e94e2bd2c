import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { renderFlux } from '../../charts/format-flux.ts';
import { renderHelm } from '../../charts/format-helm.ts';
import type { AccessGraph } from '../../src/access/graph.ts';
import { examples, exampleText } from '../charts/support/examples.ts';
import { delivered, graphOf, withInfrastructure } from '../delivery/support.ts';
import { changed } from '../fleet/support.ts';

interface FluxObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly path?: string;
    readonly prune?: boolean;
    readonly wait?: boolean;
    readonly url?: string;
    readonly ref?: { readonly branch?: string; readonly tag?: string };
    readonly secretRef?: { readonly name: string };
    readonly sourceRef?: { readonly name: string; readonly namespace: string };
    readonly serviceAccountName?: string;
    readonly chartRef?: { readonly name: string };
    readonly dependsOn?: readonly { readonly name: string; readonly namespace?: string }[];
  };
}

const filesOf = (graph: AccessGraph) =>
  new Map(renderFlux(graph).map(({ path, text }) => [path, text]));

const objectsIn = (files: ReadonlyMap<string, string>, pattern: RegExp): readonly FluxObject[] =>
  [...files]
    .filter(([path]) => pattern.test(path))
    .flatMap(([, text]) => parseAllDocuments(text).map((one) => one.toJS() as FluxObject));

const helm = { flux: { via: 'helm', registry: 'oci://r.example.com/c', serviceAccountName: 'sa' } };

describe.each(examples)('%s', (name) => {
  const graphs = {
    plain: delivered(name, {}),
    infrastructure: withInfrastructure(delivered(name, { path: 'a/b' })),
    account: delivered(name, { flux: { serviceAccountName: 'fleet' } }),
    helm: withInfrastructure(delivered(name, helm)),
  };

  it.each(Object.entries(graphs))(
    '%s: each cluster’s order has no circle, and no gap',
    (_, graph) => {
      const files = filesOf(graph);
      for (const { cluster } of graph.clusters) {
        const own = objectsIn(files, new RegExp(`^clusters/${cluster.name}/`));
        const ordered = own.filter(({ kind }) => /^(?:Kustomization|HelmRelease)$/.test(kind));
        const all = [...ordered, ...objectsIn(files, /^infrastructure\//)].map(
          ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`,
        );
        // What stands in the files before, or is installed: nothing can wait for itself.
        const seen = new Set(all.filter((id) => !id.startsWith('flux-system/rollcall-')));
        for (const { metadata, spec } of ordered) {
          for (const before of spec.dependsOn ?? []) {
            const id = `${before.namespace ?? 'flux-system'}/${before.name}`;
            expect({ id, known: seen.has(id) }).toEqual({ id, known: true });
          }
          seen.add(`flux-system/${metadata.name}`);
        }
        expect(new Set(ordered.map(({ metadata }) => metadata.name)).size).toBe(ordered.length);
      }
    },
  );

  it.each(Object.entries(graphs))(
    '%s: each Kustomization has a folder, and each folder a Kustomization',
    (_, graph) => {
      const files = filesOf(graph);
      const prefix = graph.delivery.path === '' ? './' : `./${graph.delivery.path}/`;
      const paths = objectsIn(files, /^clusters\//).flatMap(({ spec }) => spec.path ?? []);
      const folders = [...files.keys()]
        .filter((path) => !path.startsWith('clusters/'))
        .map((path) => `${prefix}${path.replace(/\/[^/]+$/, '')}`);
      expect(new Set(paths)).toEqual(new Set(folders));
      expect([...files.keys()].filter((path) => path.endsWith('kustomization.yaml'))).toEqual([]);
    },
  );

  it('a chart’s account is its own, and the accounts’ Kustomization prunes nothing', () => {
    const files = filesOf(graphs.plain);
    for (const { kind, metadata, spec } of objectsIn(files, /^clusters\//)) {
      expect(kind).toBe('Kustomization');
      const isRights = metadata.name.endsWith('-rights');
      expect(spec).toMatchObject({ wait: true, force: false, prune: !isRights });
      expect(spec.serviceAccountName).toBe(isRights ? undefined : metadata.name);
    }
    expect(
      objectsIn(files, /^manifests\/[^/]+\/(?!rights)/).filter(({ kind }) => kind === 'Namespace'),
    ).toEqual([]);
  });

  it('by Helm, the charts are those of --format helm, at their versions', () => {
    const pushed = renderHelm(graphs.helm)
      .filter(({ path }) => path.endsWith('/Chart.yaml'))
      .map(
        ({ text }) =>
          parseAllDocuments(text)[0]?.toJS() as { readonly name: string; readonly version: string },
      )
      .map((chart) => `oci://r.example.com/c/${chart.name}:${chart.version.replace('+', '_')}`);
    const named = objectsIn(filesOf(graphs.helm), /^clusters\//)
      .filter(({ kind }) => kind === 'OCIRepository')
      .map(({ spec }) => `${spec.url ?? ''}:${spec.ref?.tag ?? ''}`);
    expect(named.sort()).toEqual(pushed.sort());
  });
});

// What applies kinds goes, and leaves them: it never prunes.
it('what installs infrastructure is kept when it leaves the output: Flux uninstalls nothing', () => {
  const objects = objectsIn(
    filesOf(withInfrastructure(delivered('seed-001', {}))),
    /^infrastructure\/(?!calico-crds)/,
  );
  const kinds = new Set(objects.map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['Namespace', 'OCIRepository', 'HelmRepository', 'HelmRelease']));
  for (const { kind, metadata } of objects) {
    const kept = metadata.annotations?.['kustomize.toolkit.fluxcd.io/prune'];
    expect([kind, metadata.name, kept]).toEqual([kind, metadata.name, 'disabled']);
  }
});

it('kinds that no release of Helm can hold are applied before the charts, and never pruned', () => {
  const text = changed(
    'infrastructure: { cert-manager: existing }',
    'infrastructure: { calico: install }',
    `${exampleText('identities')}\ndelivery: { flux: { adminServiceAccountName: admin } }\n`,
  );
  const files = filesOf(graphOf(text));
  const [before, charts] = objectsIn(files, /^clusters\/hub-kiam\/infrastructure/);
  const name = 'infrastructure-calico-crds';
  expect(before?.metadata.name).toBe(name);
  // Of one source, so that one revision of the first comes before it in the second.
  expect(charts?.spec).toMatchObject({
    dependsOn: [{ name }],
    sourceRef: (before?.spec as { sourceRef: object }).sourceRef,
  });
  const kinds = objectsIn(files, /^infrastructure\/calico-crds\//);
  const [release] = objectsIn(files, /^infrastructure\/calico\//).filter(
    ({ kind }) => kind === 'HelmRelease',
  );
  const { version } = (release?.spec as { chart: { spec: { version: string } } }).chart.spec;
  const of = (kind: string) => kinds.find((one) => one.kind === kind);
  // A source with a name of its own at each version: no earlier one will do.
  expect(of('GitRepository')).toMatchObject({
    metadata: { name: `calico-${version}` },
    spec: { ref: { tag: version } },
  });
  const account = of('ServiceAccount')?.metadata;
  expect(of('Kustomization')?.spec).toMatchObject({
    prune: false,
    wait: true,
    sourceRef: { name: `calico-${version}` },
    serviceAccountName: account?.name,
  });
  expect(of('ClusterRole')).toMatchObject({
    rules: [{ resources: ['customresourcedefinitions'], verbs: ['get', 'create', 'patch'] }],
  });
  expect(of('ClusterRoleBinding')).toMatchObject({
    roleRef: { name: of('ClusterRole')?.metadata.name },
    subjects: [{ name: account?.name, namespace: account?.namespace }],
  });
});

it('rights wait for the infrastructure in whose namespace they are given', () => {
  const text = changed(
    'nodeRole: kiam-server-nodes }\n    infrastructure: { cert-manager: existing }',
    'nodeRole: kiam-server-nodes, issuer: cluster-issuer }\n    infrastructure: { cert-manager: install, calico: install }',
    exampleText('identities'),
  );
  const objects = objectsIn(filesOf(graphOf(text)), /^clusters\/hub-kiam\/rollcall/);
  const waits = objects.map(({ metadata, spec }) => [
    metadata.name.replace('rollcall-every-way-', ''),
    (spec.dependsOn ?? []).map(({ name }) => name.replace('rollcall-every-way-', '')),
  ]);
  expect(Object.fromEntries(waits)).toEqual({
    rights: ['infrastructure-cert-manager'],
    kiam: ['rights', 'infrastructure-cert-manager', 'infrastructure-calico'],
    hub: ['rights', 'infrastructure-calico', 'kiam'],
  });
});

it('a repository is Flux’s source, with the name of a Secret by ssh and none by https', () => {
  const source = (delivery: object) =>
    objectsIn(filesOf(delivered('seed-001', delivery)), /^clusters\//).find(
      ({ kind }) => kind === 'GitRepository',
    );
  const ssh = source({ git: { url: 'ssh://git@example.com/x' } });
  expect(ssh).toMatchObject({
    metadata: { name: 'rollcall-isolation' },
    spec: { secretRef: { name: 'rollcall-deploy-key' } },
  });
  const https = source({ git: { url: 'https://example.com/x', branch: 'b/c' } });
  expect(https?.spec).toMatchObject({ url: 'https://example.com/x', ref: { branch: 'b/c' } });
  expect(https?.spec.secretRef).toBeUndefined();
  expect(source({})).toBeUndefined();
});

it('what a fleet may say of its repository stands in the files as it is', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9._~-]{0,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), word, (parts, branch) => {
      fc.pre(!/\.$|\.\.|\.lock$|~/.test(branch) && !parts.some((part) => /^\.+$/.test(part)));
      const url = `https://git.example.com/${parts.join('/')}`;
      const path = parts.join('/');
      const graph = delivered('seed-001', { path, git: { url, branch } });
      const objects = objectsIn(filesOf(graph), /^clusters\//);
      expect(objects[0]?.spec).toMatchObject({ url, ref: { branch } });
      for (const { kind, spec } of objects) {
        if (kind === 'GitRepository') continue;
        expect(spec.path?.startsWith(`./${path}/manifests/`)).toBe(true);
        expect(spec.sourceRef).toEqual({
          kind: 'GitRepository',
          name: 'rollcall-isolation',
          namespace: 'flux-system',
        });
      }
    }),
    { numRuns: 50 },
  );
});
