import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { kustomizations, settled, writeTree } from './support/gitops/delivered.ts';
import { Flux } from './support/gitops/flux.ts';
import {
  idOf,
  isKept,
  objectsIn,
  present,
  type TreeObject,
} from './support/gitops/tree-objects.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-flux-tree-'));
const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.yaml`, import.meta.url), 'utf8');

function changed(
  text: string,
  ...changes: readonly (readonly [from: string, to: string])[]
): string {
  for (const [from] of changes) if (!text.includes(from)) throw new Error(`no ${from}`);
  return changes.reduce((result, [from, to]) => result.replaceAll(from, () => to), text);
}

const forty = example('forty-clusters');
const identities = example('identities');
const moved = changed(
  forty,
  ['name: nightly', 'name: weekly'],
  ['namespace: shop', 'namespace: books'],
);

interface Case {
  readonly fleet: string;
  readonly cluster: string;
  readonly before: string;
  readonly after: string;
  /** Namespaces of others. */
  readonly namespaces: readonly string[];
  /** Kustomizations before and after, in an order that their dependencies allow. */
  readonly order: readonly string[];
  readonly left: readonly string[];
}

const cases: readonly Case[] = [
  {
    fleet: 'forty',
    cluster: 'hub',
    before: forty,
    after: moved,
    namespaces: [],
    order: ['rights', 'target', 'hub'],
    left: ['rights', 'target', 'hub'],
  },
  {
    fleet: 'forty',
    cluster: 'team-0-a',
    before: forty,
    after: changed(moved, [
      '    rights: [{ level: view }]\n',
      '    rights: [{ level: edit, namespaces: [books] }]\n',
    ]),
    namespaces: ['shop', 'books'],
    order: ['rights', 'target'],
    left: ['rights', 'target'],
  },
  {
    fleet: 'every-way',
    cluster: 'hub-kiam',
    before: identities,
    after: changed(identities, ['podIdentity: kiam', 'podIdentity: eks-pod-identity']),
    namespaces: [],
    order: ['rights', 'kiam', 'hub'],
    left: ['rights', 'hub'],
  },
  {
    fleet: 'every-way',
    cluster: 'hub-kube2iam',
    before: identities,
    after: changed(identities, ['podIdentity: kube2iam', 'podIdentity: eks-pod-identity']),
    namespaces: [],
    order: ['rights', 'kube2iam', 'hub'],
    left: ['rights', 'hub'],
  },
];

const crds = certManagerCrds();
const tried = 'missing' in crds ? cases.filter(({ order }) => !order.includes('kiam')) : cases;

let etcd: Etcd;
beforeAll(async () => {
  etcd = await startEtcd(folder);
});
afterAll(async () => {
  await etcd.stop();
  rmSync(folder, { recursive: true });
});

describe.each(tried)(
  '$cluster of $fleet',
  ({ fleet, cluster: name, before, after, namespaces, order, left }) => {
    const tree = join(folder, `tree-${name}`);
    const names = (parts: readonly string[]) => [
      'root',
      ...parts.map((part) => `rollcall-${fleet}-${part}`),
    ];
    const delivered = (): readonly TreeObject[] => objectsIn(tree, `manifests/${name}/**/*.yaml`);
    let cluster: RealCluster;
    let flux: Flux;
    let first: readonly TreeObject[] = [];

    beforeAll(async () => {
      cluster = await startCluster({ name, folder: join(folder, name), etcd });
      await installCertManagerCrds(cluster);
      for (const one of namespaces) await makeNamespace(cluster, one);
      flux = await Flux.start(cluster, join(folder, `flux-${name}`));
      writeTree(before, tree);
      await flux.commit('flux-system', tree);
      await flux.kustomize('root', {
        source: 'flux-system',
        path: `./clusters/${name}`,
        wait: false,
      });
    });
    afterAll(async () => {
      await flux.stop();
      await cluster.stop();
    });

    it('is applied whole and in order, by accounts that may do just that', async () => {
      const reached = await settled(cluster, names(order), await flux.revision('flux-system'));
      expect(reached.filter((one) => one !== 'root')).toEqual(names(order).slice(1));
      for (const { metadata, spec } of await kustomizations(cluster)) {
        const { serviceAccountName } = spec as { readonly serviceAccountName?: string };
        const own = !/^root$|-rights$/.test(metadata.name);
        expect(serviceAccountName).toBe(own ? metadata.name : undefined);
      }
      first = delivered();
      expect(await present(cluster, first)).toEqual(new Set(first.map(idOf)));
    });

    it('gives its accounts no right to anything else', async () => {
      const last = order.at(-1) ?? '';
      const account = `system:serviceaccount:flux-system:rollcall-${fleet}-${last}`;
      const namespace =
        first.find((one) => one.metadata.namespace !== undefined)?.metadata.namespace ?? 'default';
      const asked = [
        ['create', 'configmaps/another'],
        ['patch', 'roles/another'],
        ['delete', 'roles/another'],
        ['escalate', 'roles/another'],
        ['get', 'secrets'],
        ['list', 'configmaps'],
        ['create', 'pods'],
        ['create', 'clusterrolebindings'],
        ['delete', 'namespaces'],
      ] as const;
      for (const right of asked) {
        const { stdout } = await cluster.kubectl([
          'auth',
          'can-i',
          ...right,
          '-n',
          namespace,
          '--as',
          account,
        ]);
        expect([...right, stdout.trim()]).toEqual([...right, 'no']);
      }
    });

    it('loses what leaves the output, and nothing else', async () => {
      const inNamespace = [...namespaces, 'restarts'].slice(0, 1);
      const foreign: TreeObject[] = inNamespace.flatMap((namespace) => [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace } },
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'Role',
          metadata: { name: 'theirs', namespace },
          rules: [],
        },
      ]);
      for (const one of foreign) {
        await cluster.mustKubectl(['apply', '-f', '-'], { input: JSON.stringify(one) });
      }
      writeTree(after, tree);
      await flux.commit('flux-system', tree);
      await settled(cluster, names(left), await flux.revision('flux-system'));
      const now = delivered();
      const ids = new Set(now.map(idOf));
      // Accounts outlive what they have applied: they delete it.
      const isRights = ({ metadata }: TreeObject) => /:deliver-|^rollcall-/.test(metadata.name);
      const gone = first.filter((one) => !ids.has(idOf(one)) && !isKept(one) && !isRights(one));
      expect(gone.length).toBeGreaterThan(0);
      expect(await present(cluster, gone)).toEqual(new Set());
      const stays = [...now, ...foreign, ...first.filter(isKept)];
      expect(await present(cluster, stays)).toEqual(new Set(stays.map(idOf)));
    });
  },
);
