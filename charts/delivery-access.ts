import type { AccessGraph } from '../src/access/graph.ts';
import { rightsFor, type Account, type DeliveryRights } from '../src/delivery/rights.ts';
import { ownAccounts } from '../src/flux/manifests.ts';
import { qualified, type Access } from './access-list.ts';
import type { ChartedCluster } from './cluster-charts.ts';
import type { OutputFormat } from './output-format.ts';
import type { Unit } from './units.ts';

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
        const who = `${name} ${fullName(account)}`;
        return rightsFor(objects)
          .flatMap(waysOf)
          .map((what) => ({ who, to: name, what }));
      },
    );
  });
}

/** As it stands in the access list, after its cluster. */
export const fullName = ({ namespace, name }: Pick<Account, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** Of earlier output, by their names in its access list. */
export const deliveringAccounts = (units: readonly Unit[]): ReadonlySet<string> =>
  new Set(
    units
      .filter(({ what }) => what.startsWith('account '))
      .map(({ where, what }) => `${where} ${what.slice('account '.length)}`),
  );

/** One a kind and a name, so that a name more is one access more: what both Roles of an account give. */
function waysOf({ place, apply, prune }: DeliveryRights): readonly string[] {
  const held = new Map<string, Set<string>>();
  for (const { apiGroups, resources, resourceNames = [all], verbs } of [...apply, ...prune]) {
    for (const kind of apiGroups.flatMap((one) => resources.map((two) => qualified(one, two)))) {
      for (const name of resourceNames) {
        const what = `${kind} ${placed(place, name)}`;
        held.set(what, new Set([...(held.get(what) ?? []), ...verbs]));
      }
    }
  }
  return [...held].map(([what, verbs]) => `${[...verbs].join(', ')} ${what}`);
}

/** Every name. */
const all = '*';

function placed(place: string, name: string): string {
  if (place !== '') return `${place}/${name}`;
  return name === all ? 'in the whole cluster' : name;
}
