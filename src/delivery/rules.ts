import { kindOf } from './kinds.ts';
import { sortedOnce, type KubeObject } from './objects.ts';

/** A rule of RBAC. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const rbac = 'rbac.authorization.k8s.io';

/**
 * What it takes to apply objects of one place server-side: by name, `create` too. A POST can't be
 * bound to a name, and a server-side apply can: the API server asks whether the one that the URL names
 * may be created (apiserver, pkg/endpoints/handlers/patch.go, `createAuthorizerAttributes`).
 */
export const applyRules = (objects: readonly KubeObject[]): readonly Rule[] =>
  byName(objects, ['get', 'create', 'patch']);

/** What it takes to delete them; of what is kept, to see that it says so. */
export const pruneRules = (objects: readonly KubeObject[]): readonly Rule[] => [
  ...byName(objects.filter(isPruned), ['get', 'delete']),
  ...byName(
    objects.filter((object) => !isPruned(object)),
    ['get'],
  ),
];

/** Flux leaves an object in place that says so. */
const isPruned = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.['kustomize.toolkit.fluxcd.io/prune'] !== 'disabled';

/**
 * Whoever makes a Role must hold all that it grants, or may `escalate`, by which it could grant
 * anything: so it is held. Whoever makes a binding must hold what the role grants, or may `bind` this
 * one role (kubernetes.io, "Privilege escalation prevention"). The latter is given by name, as a role
 * that isn't there yet can't be looked into: Flux tries all that it applies before it applies any.
 */
export function grantRules(objects: readonly KubeObject[]): readonly Rule[] {
  const bound = objects.filter(isBinding).map(({ roleRef }) => roleRef);
  const kinds = sortedOnce(bound.map(({ kind }) => kind));
  return [
    ...objects.filter(isRole).flatMap(({ rules }) => rules),
    ...kinds.map((kind) => ({
      apiGroups: [rbac],
      resources: [kind === 'Role' ? 'roles' : 'clusterroles'],
      resourceNames: sortedOnce(bound.filter((one) => one.kind === kind).map(({ name }) => name)),
      verbs: ['bind'],
    })),
  ].filter(isNew);
}

/** Pods are counted before a DaemonSet is taken for ready (fluxcd/cli-utils, pkg/kstatus). */
export const waitRules = (objects: readonly KubeObject[]): readonly Rule[] =>
  objects.some(({ kind }) => kind === 'DaemonSet')
    ? [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]
    : [];

interface Role extends KubeObject {
  readonly rules: readonly Rule[];
}

interface Binding extends KubeObject {
  readonly roleRef: { readonly kind: string; readonly name: string };
}

const isRole = (object: KubeObject): object is Role => /^(?:Cluster)?Role$/.test(object.kind);
const isBinding = (object: KubeObject): object is Binding =>
  /^(?:Cluster)?RoleBinding$/.test(object.kind);

const isNew = (rule: Rule, index: number, all: readonly Rule[]): boolean =>
  all.findIndex((one) => JSON.stringify(one) === JSON.stringify(rule)) === index;

/** A rule for each resource, with the names of its objects. */
function byName(objects: readonly KubeObject[], verbs: readonly string[]): readonly Rule[] {
  const groups = Map.groupBy(objects, (object) => {
    const { group, plural } = kindOf(object);
    return `${group}/${plural}`;
  });
  return sortedOnce(groups.keys()).map((key) => {
    const [group = '', plural = ''] = key.split('/');
    const names = (groups.get(key) ?? []).map(({ metadata }) => metadata.name);
    return { apiGroups: [group], resources: [plural], resourceNames: sortedOnce(names), verbs };
  });
}
