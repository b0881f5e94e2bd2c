import type { AccountId } from '../names/arn.ts';
import { identityOf, type ClusterFacts, type FoundCluster, type LeftOut } from './facts.ts';

/** Facts without an account find theirs among these: clusters of the fleet file, and of other sources. */
export interface KnownPlace {
  readonly account: AccountId;
  readonly region: string;
  readonly eksCluster: string;
}

export interface Gathered {
  /** Each cluster once, in the order of their identities. */
  readonly clusters: readonly FoundCluster[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * What all sources say together. Of two that tell the same, the earlier one’s word holds: EKS itself
 * comes before a kubeconfig, which may be old.
 *
 * @param named accounts that somebody gave for clusters, by their names in EKS
 */
export function gather(
  facts: readonly ClusterFacts[],
  known: readonly KnownPlace[],
  named: ReadonlyMap<string, AccountId>,
): Gathered {
  const clusters = new Map<string, FoundCluster>();
  const leftOut: LeftOut[] = [];
  const told = facts.filter((one): one is FoundCluster => one.account !== undefined);
  for (const one of facts) {
    const candidates = one.account ? [one.account] : accountsOf(one, [...told, ...known], named);
    const [account] = candidates;
    if (account === undefined || candidates.length > 1) leftOut.push(unknown(one, candidates));
    else {
      const key = identityOf({ ...one, account });
      clusters.set(key, { ...one, ...clusters.get(key), account });
    }
  }
  const order = [...clusters].sort(([a], [b]) => (a < b ? -1 : 1));
  return { clusters: order.map(([, cluster]) => cluster), leftOut };
}

function accountsOf(
  { region, eksCluster }: ClusterFacts,
  known: readonly KnownPlace[],
  named: ReadonlyMap<string, AccountId>,
): readonly AccountId[] {
  const given = named.get(eksCluster);
  if (given !== undefined) return [given];
  const same = known.filter((one) => one.region === region && one.eksCluster === eksCluster);
  return [...new Set(same.map(({ account }) => account))];
}

/** An account is never guessed: in another one, the cluster would be somebody else’s. */
function unknown(one: ClusterFacts, candidates: readonly AccountId[]): LeftOut {
  const { eksCluster, region, source, roleAccount } = one;
  const why =
    candidates.length === 0
      ? 'its account is unknown'
      : `accounts ${candidates.join(' and ')} have a cluster of that name`;
  const hint = roleAccount === undefined ? '' : ` (its --role-arn is in ${roleAccount})`;
  return {
    what: `cluster ${eksCluster} in ${region}, by ${source}`,
    why,
    next: `Name its account by --account ${eksCluster}=ID${hint}, or ask EKS itself by --profile.`,
  };
}
