import type { MergeChange } from './merge-section.ts';
import { principalOf } from './principal.ts';
import { sameArn } from './sections.ts';

/** Who is to enter a cluster, as far as it tells clusters apart. */
export interface ClusterEntrants {
  readonly cluster: string;
  readonly account: string;
  readonly entrants: readonly Pick<MergeChange, 'arn' | 'username'>[];
}

export interface FleetEntrants {
  readonly clusters: readonly ClusterEntrants[];
  /** Principals that people bring along: of any account, they may enter any cluster. */
  readonly people: readonly string[];
}

export interface Elsewhere {
  readonly arn: string;
  /** Whose it is. */
  readonly cluster: string;
}

type Own = Pick<MergeChange, 'arn' | 'username'>;

/**
 * An entry of the fleet's own that tells that this is another cluster's ConfigMap. The roles that a
 * fleet makes or reaches stand in the account of their cluster. So one tells that is of another cluster's
 * account, and is mapped there or bears the user name of such a role; unless one of this account stands
 * beside it. Within an account nothing tells: a role may have been renamed, or handed over.
 *
 * @param own entries with the fleet's mark
 * @param name of the cluster that is meant; of one that has left the fleet the account isn't known, and
 *   what tells is a role of another cluster's, or that all that stands here is another's too
 */
export function entryOfAnother(
  own: readonly Own[],
  name: string,
  { clusters, people }: FleetEntrants,
): Elsewhere | undefined {
  const here = clusters.find(({ cluster }) => cluster === name);
  const roles = own.filter(({ arn }) => !includes(people, arn));
  if (here && roles.some(({ arn }) => accountOf(arn) === here.account)) return undefined;
  for (const { arn, username } of roles) {
    const other =
      clusters.find(({ entrants }) => entrants.some((one) => sameArn(one.arn, arn))) ??
      (here && isServices(username, clusters, people)
        ? clusters.find(({ account }) => account === accountOf(arn))
        : undefined);
    if (other) return { arn, cluster: other.cluster };
  }
  const [first] = own;
  if (here || !first) return undefined;
  const same = clusters.find(({ entrants }) =>
    own.every((one) => includes(arnsOf(entrants), one.arn)),
  );
  return same && { arn: first.arn, cluster: same.cluster };
}

const isServices = (
  username: string,
  clusters: readonly ClusterEntrants[],
  people: readonly string[],
): boolean =>
  clusters.some(({ entrants }) =>
    entrants.some((one) => one.username === username && !includes(people, one.arn)),
  );

const arnsOf = (all: readonly Own[]): readonly string[] => all.map(({ arn }) => arn);

const includes = (arns: readonly string[], arn: string): boolean =>
  arns.some((one) => sameArn(one, arn));

function accountOf(arn: string): string | undefined {
  const principal = principalOf(arn);
  return 'account' in principal ? principal.account : undefined;
}
