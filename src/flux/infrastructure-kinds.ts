import { posix } from 'node:path';
import { keepAnnotations } from '../constructs/keep.ts';
import type { KubeObject } from '../delivery/objects.ts';
import type { InfrastructureName } from '../fleet/model.ts';
import { infrastructureCharts, type PinnedKinds } from './infrastructure-charts.ts';
import { infrastructureName } from './props.ts';

/** Of the folder and the Kustomization of the kinds of an infrastructure; undefined: its charts bring them. */
export const kindsFolder = (name: InfrastructureName): string | undefined =>
  infrastructureCharts[name].kinds && `${name}-crds`;

/**
 * What applies the kinds that an infrastructure's charts need and do not bring, by an account that may
 * apply kinds and nothing else, whatever the repository comes to hold. It never prunes: with a kind all
 * objects of it would go.
 */
export function infrastructureKinds(name: InfrastructureName): readonly KubeObject[] {
  const { kinds, namespace } = infrastructureCharts[name];
  const folder = kindsFolder(name);
  if (!kinds || folder === undefined) return [];
  // The source has a name of its own at each version: what reads another one is ready only when that
  // is applied, where a tag that moves on in one object leaves it ready with the one before.
  const source = `${name}-${kinds.tag}`;
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, annotations: keepAnnotations },
    },
    ...account(folder, namespace),
    gitRepository(source, namespace, kinds),
    applied(folder, { source, namespace, file: kinds.file }),
  ];
}

/** The file alone, of a repository that is big. */
function gitRepository(name: string, namespace: string, { repository, tag, file }: PinnedKinds) {
  const folder = posix.dirname(file);
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: {
      interval: '24h',
      timeout: '10m',
      url: repository,
      ref: { tag },
      sparseCheckout: [folder],
      // As .gitignore: a file can't be taken in again below a folder that is left out.
      ignore: `/*\n!/${folder}\n/${folder}/*\n!/${file}\n`,
    },
  };
  return object;
}

function applied(
  name: string,
  { source, namespace, file }: Readonly<Record<'source' | 'namespace' | 'file', string>>,
) {
  const object = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace },
    spec: {
      interval: '1h',
      retryInterval: '2m',
      timeout: '10m',
      path: `./${posix.dirname(file)}`,
      prune: false,
      wait: true,
      force: false,
      sourceRef: { kind: 'GitRepository', name: source },
      serviceAccountName: name,
    },
  };
  return object;
}

function account(name: string, namespace: string): readonly KubeObject[] {
  const ofCluster = infrastructureName(name);
  const rule = {
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    verbs: ['get', 'create', 'patch'],
  };
  const group = 'rbac.authorization.k8s.io';
  const role = {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRole',
    metadata: { name: ofCluster },
    rules: [rule],
  };
  const binding = {
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: ofCluster },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: ofCluster },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
  const own = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return [own, role, binding];
}
