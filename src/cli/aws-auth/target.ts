import { fragmentEntries } from '../../../charts/fragment-entries.ts';
import { UserError } from '../../../charts/user-error.ts';
import { planEntrants, toEntry } from '../../access/entrants.ts';
import type { AccessEntry, AccessGraph } from '../../access/graph.ts';
import { splitSharedRoles } from '../../access/split-roles.ts';
import type { FleetEntrants } from '../../aws-auth/elsewhere.ts';
import { awsAuthFragment, type AwsAuthFragment } from '../../aws-auth/fragment.ts';
import type { Cluster, Fleet } from '../../fleet/model.ts';
import { listed, nearest } from '../../fleet/suggest.ts';
import { isDnsLabel } from '../../names/kubernetes.ts';
import { prepareFile } from '../fleet-file.ts';
import type { CliIo, OutputFormat } from '../io.ts';
import type { AwsAuthOptions } from './options.ts';
import { shellLine } from './shell.ts';

/** A cluster of the fleet, now or before, and the entries that it is to have. */
export interface Target {
  readonly fleet: string;
  readonly name: string;
  /** Absent of one that has left the fleet file. */
  readonly cluster?: Cluster;
  /** Of one that has left, empty. */
  readonly fragment: AwsAuthFragment;
  /** Everyone whom the fleet lets in, as access entries have them, whichever way the cluster has. */
  readonly asked: readonly AccessEntry[];
  /** The fleet's other clusters. */
  readonly others: readonly Cluster[];
  readonly entrants: FleetEntrants;
}

export interface FleetTarget extends Target {
  readonly cluster: Cluster;
}

export type TargetOptions = Pick<AwsAuthOptions, 'cluster' | 'fleet' | 'context'>;

/**
 * `undefined` once all that is wrong with the fleet file has been shown.
 *
 * @throws UserError `aws-auth/unknown-cluster`; `cli/no-fleet-file` when it can't be read
 */
export function findTarget(
  io: CliIo,
  options: TargetOptions,
  format: OutputFormat,
): FleetTarget | undefined {
  const target = findAny(io, options, format);
  if (!target) return undefined;
  const { cluster } = target;
  if (!cluster) throw unknownCluster(options, target.others);
  return { ...target, cluster };
}

/**
 * The same, and a cluster that has left the fleet file: of that the context must be named, since the
 * file can't tell whether the current one is meant.
 *
 * @throws UserError as `findTarget`
 */
export function findTargetOrLeft(
  io: CliIo,
  options: TargetOptions,
  format: OutputFormat,
): Target | undefined {
  const target = findAny(io, options, format);
  if (!target) return undefined;
  const mayHaveLeft = options.context !== undefined && isDnsLabel(options.cluster);
  if (!target.cluster && !mayHaveLeft) throw unknownCluster(options, target.others);
  return target;
}

function findAny(
  io: CliIo,
  { cluster: name, fleet: file = defaultFile }: TargetOptions,
  format: OutputFormat,
): Target | undefined {
  const ready = prepareFile(io, file, format);
  if (!ready) return undefined;
  const { fleet, graph } = ready;
  const cluster = fleet.clusters.find((one) => one.name === name);
  const access = graph.clusters.find((one) => one.cluster.name === name);
  return {
    fleet: fleet.name,
    name,
    ...(cluster && { cluster }),
    fragment: awsAuthFragment(fleet.name, name, fragmentEntries(access?.mappings ?? [])),
    asked: cluster ? planEntrants(splitSharedRoles(fleet), cluster, []).map(toEntry) : [],
    others: fleet.clusters.filter((one) => one.name !== name),
    entrants: entrantsOf(fleet, graph),
  };
}

const defaultFile = 'fleet.yaml';

/** Those with access entries too: their old `aws-auth` may still stand. */
const entrantsOf = ({ clusters, users }: Fleet, graph: AccessGraph): FleetEntrants => ({
  clusters: clusters.map(({ name, account }) => {
    const access = graph.clusters.find(({ cluster }) => cluster.name === name);
    const entries = (access?.entries ?? []).map(({ principalArn: arn, username }) => ({
      arn,
      username,
    }));
    return {
      cluster: name,
      account: account.id,
      entrants: [...(access?.mappings ?? []), ...entries],
    };
  }),
  people: users.flatMap(({ principal }) => (principal.kind === 'existing' ? [principal.arn] : [])),
});

function unknownCluster(
  { cluster: name, fleet: file = defaultFile }: TargetOptions,
  clusters: readonly Cluster[],
): UserError {
  const names = clusters.map((one) => one.name);
  const meant = nearest(name, names);
  const remove = shellLine(['rollcall', 'aws-auth', 'remove', '--cluster', name]);
  return new UserError({
    code: 'aws-auth/unknown-cluster',
    place: file,
    found: `no cluster "${name}"`,
    expected: `one of: ${listed(names)}`,
    next: `Write ${meant ?? 'one of these'}; for a cluster that has left the file: ${remove} --context …`,
  });
}
