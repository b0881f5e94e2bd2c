import type { Cluster } from '../src/fleet/model.ts';
import type { Change } from './compare.ts';

/** Something that was generated before and is no more, and how it is taken out. */
export interface Removal {
  readonly where: string;
  readonly what: string;
  readonly how: string;
}

/** A cluster that the fleet file still has. */
export type KnownCluster = Pick<Cluster, 'name' | 'accessControl'>;

/**
 * What to take out, in an order in which nothing is cut off while it is at work: what runs first, then
 * the ways in, then rights, then roles (a target's before the one that it trusts), providers last.
 * A namespace is never taken out: it may hold others' objects.
 *
 * @param appliedOrder units of IAM in the order in which they were applied
 * @param clusters those that the fleet file still has
 */
export function removals(
  changes: readonly Change[],
  appliedOrder: readonly string[],
  clusters: readonly KnownCluster[],
): readonly Removal[] {
  const known = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  const applied = new Map(appliedOrder.map((what, index) => [what, index]));
  const added = changes.filter(({ change }) => change === 'added');
  return changes
    .filter(({ change }) => change === 'removed')
    .map(({ where, what }) => {
      const cluster = known.get(where);
      const renamed = cluster ? undefined : twin(what, where, added);
      const step = stepOf({ where, what, cluster }, applied);
      return { where, what, ...step, ...(renamed === undefined ? {} : { how: renamed }) };
    })
    .sort((a, b) => a.rank - b.rank || b.applied - a.applied || compare(a, b))
    .map(({ where, what, how }) => ({ where, what, how }));
}

/**
 * Whether it stays where it is once it is no longer generated, whatever delivers: it says so
 * (src/constructs/keep.ts), or is an account by which Flux still deletes.
 */
export const staysBehind = ({ what }: Pick<Change, 'what'>): boolean =>
  /^(?:(?:Namespace|infrastructure|account) |Lease .*-lock$|ConfigMap .*-record-\d+$)/.test(what);

/** The same object under another name of a cluster: of the one cluster it would be the one in use. */
function twin(what: string, where: string, added: readonly Change[]): string | undefined {
  const other = where === 'iam' ? undefined : added.find((one) => one.what === what)?.where;
  return other && `leave it, if ${other} is this cluster by a new name; else as any other`;
}

const compare = (a: { where: string; what: string }, b: { where: string; what: string }): number =>
  `${a.where} ${a.what}` < `${b.where} ${b.what}` ? -1 : 1;

interface Step {
  readonly rank: number;
  /** Position in the order in which it was applied; of equal rank the last goes first. */
  readonly applied: number;
  readonly how: string;
}

interface Gone {
  readonly where: string;
  readonly what: string;
  /** Absent: the fleet file has it no more, or it is none. */
  readonly cluster: KnownCluster | undefined;
}

function stepOf({ where, what, cluster }: Gone, applied: ReadonlyMap<string, number>): Step {
  const at = (rank: number, how: string): Step => ({ rank, applied: applied.get(what) ?? 0, how });
  if (where === 'iam') {
    if (what.includes('-to-add.json: ')) return at(5, 'take the statement out of the role again');
    if (/\/access-entry\/.*: AmazonEKS\w+$/.test(what)) {
      return at(2, 'disassociate the access policy in EKS');
    }
    if (what.includes('/access-entry/') || what.includes('/pod-identity-association/')) {
      return at(2, 'delete it in EKS');
    }
    if (what.includes('/oidc-provider/')) return at(8, 'delete it where no other role trusts it');
    if (/trust-policy\.json$/.test(what)) return at(7, 'delete the role');
    return at(6, 'delete the policy');
  }
  const [kind = '', key = ''] = what.split(' ');
  switch (kind) {
    case 'CronJob':
      return at(0, 'suspend it, let a run under way end, then delete it');
    case 'aws-auth':
      return at(2, outOfAwsAuth(where, cluster));
    case 'Namespace':
      return at(9, 'keep it, or delete it by hand once it is empty');
    case 'infrastructure':
      return at(
        9,
        'it stays: where nobody needs it, uninstall it by hand (kubectl delete helmrelease: see docs/flux.md)',
      );
    case 'account':
      return at(
        9,
        'delete it and its Roles once its Kustomization is gone (docs/flux.md, "Rights")',
      );
    case 'delivery':
      // First of all: it takes what it has applied with it.
      return what === 'delivery by Flux'
        ? at(
            -1,
            'goes with the next commit, and all that it has applied: to keep that, suspend its Kustomizations before (docs/output.md, "Another form")',
          )
        : at(
            -1,
            'delete the ApplicationSet and its Applications, with --cascade=orphan to keep what they have applied (docs/output.md, "Another form")',
          );
    case 'annotation':
      return at(
        3,
        `take the annotation ${key} off the ${/ Namespace /.test(what) ? 'namespace' : 'ServiceAccount'}`,
      );
    case 'ServiceAccount':
      return at(1, 'delete it, unless it is someone else’s by now');
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return at(3, 'delete it');
    case 'Role':
    case 'ClusterRole':
      return at(4, 'delete it');
    default:
      return at(1, 'delete it');
  }
}

/** `apply` takes none out by the file's word alone: it can't see that access entries are there. */
function outOfAwsAuth(where: string, cluster: KnownCluster | undefined): string {
  const remove = `rollcall aws-auth remove --cluster ${where}`;
  switch (cluster?.accessControl) {
    case undefined:
      return `${remove}, with its --context`;
    case 'aws-auth':
      return 'rollcall aws-auth apply takes it out';
    case 'access-entries':
      return `see that access entries let everyone in (rollcall aws-auth migrate --cluster ${where}), then ${remove}`;
  }
}
