import { shortDigest } from '../names/short-digest.ts';
import { recommendedLabels } from '../constructs/labels.ts';
import { sortedOnce, type KubeObject } from './objects.ts';
import { applyRules, grantRules, pruneRules, waitRules, type Rule } from './rules.ts';

/** Who applies a chart. */
export interface Account {
  readonly fleet: string;
  /** The chart's kind. */
  readonly chart: string;
  /** The ServiceAccount. */
  readonly name: string;
  /** Its namespace: that of what runs as it. */
  readonly namespace: string;
}

/** What it takes to deliver objects in one place. */
export interface DeliveryRights {
  /** A namespace; empty: what is in none. */
  readonly place: string;
  readonly apply: readonly Rule[];
  /** To delete. */
  readonly prune: readonly Rule[];
}

/** What it takes to deliver these objects, by place. */
export const rightsFor = (objects: readonly KubeObject[]): readonly DeliveryRights[] =>
  sortedOnce(objects.map(({ metadata }) => metadata.namespace ?? '')).map((place) => {
    const here = objects.filter(({ metadata }) => (metadata.namespace ?? '') === place);
    return {
      place,
      apply: [...applyRules(here), ...grantRules(here), ...waitRules(here)],
      prune: pruneRules(here),
    };
  });

/**
 * An account that may apply these objects, and delete them, and nothing else: a ServiceAccount, and in
 * each namespace (and in none) a Role with what it takes to apply, and one with what it takes to delete.
 *
 * The latter bears a digest of its names and is meant to stay when it leaves the output: an object that
 * leaves it would otherwise take the right to delete it along.
 */
export function accountObjects(
  account: Account,
  objects: readonly KubeObject[],
): readonly KubeObject[] {
  const { fleet, chart, name, namespace } = account;
  const labels = recommendedLabels({
    name: 'rollcall',
    instance: chart,
    component: 'delivery',
    partOf: fleet,
  });
  const roles = rightsFor(objects).flatMap(({ place, apply, prune }) => {
    const base = `rollcall:${fleet}:deliver-${chart}`;
    return [
      { name: base, place, rules: apply },
      { name: `${base}-prune-${digest(prune)}`, place, rules: prune },
    ].filter(({ rules }) => rules.length > 0);
  });
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace, labels },
      automountServiceAccountToken: false,
    } as KubeObject,
    ...roles.flatMap((role) => roleAndBinding(role, labels, subjects)),
  ];
}

const group = 'rbac.authorization.k8s.io';

function roleAndBinding(
  role: { readonly name: string; readonly place: string; readonly rules: readonly Rule[] },
  labels: Readonly<Record<string, string>>,
  subjects: readonly object[],
): readonly KubeObject[] {
  const prefix = role.place === '' ? 'Cluster' : '';
  const metadata = {
    name: role.name,
    ...(role.place === '' ? {} : { namespace: role.place }),
    labels,
  };
  const common = { apiVersion: `${group}/v1`, metadata };
  const roleRef = { apiGroup: group, kind: `${prefix}Role`, name: role.name };
  const made = { ...common, kind: `${prefix}Role`, rules: role.rules };
  const bound = { ...common, kind: `${prefix}RoleBinding`, roleRef, subjects };
  return [made, bound];
}

const digest = (rules: readonly Rule[]): string => shortDigest(JSON.stringify(rules));
