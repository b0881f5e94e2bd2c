import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { nearLabel } from './near-labels.ts';
import { reportRepeats, reportUnknown } from './references.ts';
import type { Selector } from './schema.ts';
import { byLabels, isNames } from './selector.ts';
import type { Draft, FleetDraft } from './shape.ts';
import { listed } from './suggest.ts';

export type ClusterDraft = NonNullable<NonNullable<FleetDraft['clusters']>[number]>;

/** The clusters of a draft, looked up by name. */
export interface ClusterIndex {
  readonly byName: ReadonlyMap<string, ClusterDraft>;
  readonly all: readonly ClusterDraft[];
  /** Every cluster has a name. While one has none, a name that no other has may be meant for it. */
  readonly named: boolean;
  /** And no cluster lacks a label for a fault of the shape. */
  readonly whole: boolean;
}

export function indexClusters({ clusters }: FleetDraft): ClusterIndex {
  const all = (clusters ?? []).filter((cluster) => cluster !== undefined);
  const byName = new Map<string, ClusterDraft>();
  for (const cluster of all) {
    if (cluster.name !== undefined && !byName.has(cluster.name)) byName.set(cluster.name, cluster);
  }
  const named =
    clusters?.length === all.length && all.every((cluster) => cluster.name !== undefined);
  const whole =
    named &&
    all.every(
      (cluster) =>
        !('labels' in cluster && cluster.labels === undefined) &&
        !Object.values(cluster.labels ?? {}).includes(undefined),
    );
  return { byName, all, named, whole };
}

/** How a cluster knows principals; `undefined` for a fault of the shape. */
export const accessOf = (cluster: ClusterDraft | undefined): ClusterDraft['accessControl'] =>
  cluster && !('accessControl' in cluster) ? 'aws-auth' : cluster?.accessControl;

/** Of some clusters those that know principals in this way. */
export const namesWith = (
  access: ClusterDraft['accessControl'],
  names: readonly string[],
  { byName }: ClusterIndex,
): readonly string[] => names.filter((name) => accessOf(byName.get(name)) === access);

export interface Selected {
  readonly names: readonly string[];
  /** Faults have taken nothing away. */
  readonly whole: boolean;
}

/** Checks a selector, and says what it selects. */
export function checkSelector(
  problems: Problems,
  selector: Draft<Selector> | undefined,
  path: FleetPath,
  index: ClusterIndex,
  hub?: string,
): Selected {
  if (selector === undefined) return { names: [], whole: false };
  return isNames(selector)
    ? checkNames(problems, selector, path, index)
    : checkLabels(problems, selector, path, index, hub);
}

function checkNames(
  problems: Problems,
  selector: readonly (string | undefined)[],
  path: FleetPath,
  index: ClusterIndex,
): Selected {
  reportRepeats(problems, [...selector.entries()], {
    code: 'fleet/repeated-cluster',
    key: ([, name]) => name,
    path: ([position]) => [...path, position],
    found: ([, name = '']) => `the cluster "${name}" a second time`,
    expected: 'every cluster once',
    next: 'Remove it.',
  });
  for (const [position, name] of selector.entries()) {
    if (name === undefined || !index.named || index.byName.has(name)) continue;
    reportUnknown(problems, 'cluster', name, index.byName.keys(), [...path, position]);
  }
  const names = selector.filter((name) => name !== undefined && index.byName.has(name));
  return {
    names: names.filter((name) => name !== undefined),
    whole: names.length > 0 && names.length === selector.length,
  };
}

function checkLabels(
  problems: Problems,
  labels: Readonly<Record<string, string | undefined>>,
  path: FleetPath,
  index: ClusterIndex,
  hub: string | undefined,
): Selected {
  const whole = index.whole && !Object.values(labels).includes(undefined);
  const names = byLabels(labels, index.all, hub).flatMap(({ name }) => name ?? []);
  if (whole && names.length === 0) {
    const wanted = Object.entries(labels).map(([key, value = '']) => `${key}: ${value}`);
    const near = nearLabel(
      labels,
      index.all.map((cluster) => cluster.labels ?? {}),
    );
    const onlyHub = hub !== undefined && byLabels(labels, index.all, undefined).length > 0;
    problems.add({
      code: 'fleet/empty-selection',
      path,
      found: `no cluster with {${listed(wanted)}}${onlyHub ? ` but the hub "${hub}"` : ''}`,
      expected: onlyHub
        ? 'a cluster beside the hub, which labels never select'
        : 'at least one cluster that has all of these labels',
      next: near
        ? `Write ${near}.`
        : 'Correct the labels, here or of the clusters, or list clusters by name.',
    });
  }
  return { names, whole: whole && names.length > 0 };
}
