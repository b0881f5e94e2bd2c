import type { AccessGraph } from '../src/access/graph.ts';
import { sortedOnce } from '../src/delivery/objects.ts';
import { rightsFor, type DeliveryRights } from '../src/delivery/rights.ts';
import { ownAccounts } from '../src/flux/manifests.ts';
import { qualified, type Access } from './access-list.ts';
import type { ChartedCluster } from './cluster-charts.ts';
import type { OutputFormat } from './output-format.ts';

/**
 * What the accounts may do by which Flux applies a cluster's charts. Other forms have none of
 * Rollcall's own.
 */
export function deliveryAccess(
  format: OutputFormat,
  { fleet, delivery }: AccessGraph,
  clusters: readonly ChartedCluster[],
): readonly Access[] {
  if (format !== 'flux') return [];
  return clusters.flatMap(({ access, charts }) => {
    const { name } = access.cluster;
    return ownAccounts({ fleet, delivery, cluster: { name, charts } }).flatMap(
      ({ account, objects }) => {
        const who = `${name} ${account.namespace}/${account.name}`;
        return rightsFor(objects)
          .flatMap(waysOf)
          .map((what) => ({ who, to: name, what }));
      },
    );
  });
}

/** By name a chart has too many: what may be done alike with objects of a kind is one. */
function waysOf({ place, apply, prune }: DeliveryRights): readonly string[] {
  const byKind = new Map<string, Map<string, Set<string>>>();
  for (const { apiGroups, resources, resourceNames = [all], verbs } of [...apply, ...prune]) {
    for (const kind of apiGroups.flatMap((one) => resources.map((two) => qualified(one, two)))) {
      const names = getOrMake(byKind, kind, () => new Map<string, Set<string>>());
      for (const name of resourceNames) {
        const held = getOrMake(names, name, () => new Set<string>());
        for (const verb of verbs) held.add(verb);
      }
    }
  }
  return [...byKind].flatMap(([kind, names]) =>
    [...Map.groupBy(names.keys(), (name) => [...(names.get(name) ?? [])].join(', '))].map(
      ([verbs, alike]) => `${verbs} ${kind} ${placed(place, sortedOnce(alike))}`,
    ),
  );
}

/** Every name. */
const all = '*';

function placed(place: string, names: readonly string[]): string {
  if (place !== '') return `${place}/${names.join(', ')}`;
  return names.includes(all) ? 'in the whole cluster' : names.join(', ');
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
