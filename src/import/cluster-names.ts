import { isDnsLabel } from '../names/kubernetes.ts';
import { identityOf, type FoundCluster } from './facts.ts';

/** Two clusters that would have one name in the fleet file. */
export interface NameConflict {
  readonly name: string;
  /** As `--as` takes them: `ACCOUNT/REGION/NAME`. */
  readonly clusters: readonly string[];
}

export type Named =
  | { readonly kind: 'named'; readonly names: ReadonlyMap<string, string> }
  | { readonly kind: 'conflict'; readonly conflicts: readonly NameConflict[] };

/**
 * The names that new clusters have in the fleet file: what somebody gave, else EKS' own, in the
 * letters that a name may have.
 *
 * @param taken names in the file, each with its cluster’s identity
 * @param given by identity
 */
export function nameClusters(
  clusters: readonly FoundCluster[],
  taken: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
): Named {
  const names = new Map<string, string>();
  const owners = new Map([...taken].map(([name, identity]) => [name, [identity]]));
  for (const cluster of clusters) {
    const identity = identityOf(cluster);
    const name = given.get(identity) ?? labelOf(cluster.eksCluster);
    names.set(identity, name);
    owners.set(name, [...(owners.get(name) ?? []), identity]);
  }
  const conflicts = [...owners]
    .filter(([, identities]) => identities.length > 1)
    .map(([name, identities]) => ({ name, clusters: identities }));
  return conflicts.length > 0 ? { kind: 'conflict', conflicts } : { kind: 'named', names };
}

/** An account's name: a profile's, where that can be one and is free; else by its id. */
export function nameAccount(
  id: string,
  suggested: string | undefined,
  taken: ReadonlySet<string>,
): string {
  const name = suggested === undefined ? '' : suggested.toLowerCase();
  const isFree = isDnsLabel(name) && name !== 'default' && !taken.has(name);
  return isFree ? name : `account-${id}`;
}

/** EKS' names have capitals and `_` besides, and up to 100 characters. */
export const labelOf = (eksCluster: string): string =>
  eksCluster
    .toLowerCase()
    .replaceAll('_', '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
