import { parse } from 'yaml';
import { UserError } from '../../../charts/user-error.ts';
import type { AccessGraph } from '../../access/graph.ts';
import { listed } from '../../fleet/suggest.ts';
import { nameClusters } from '../../import/cluster-names.ts';
import { clusterDrift, fileIdentity, type Difference } from '../../import/drift.ts';
import { identityOf, type FoundCluster, type LeftOut } from '../../import/facts.ts';
import { gather } from '../../import/gather.ts';
import { peopleDrift, type ClusterPeople } from '../../import/people.ts';
import { roleDrift, type RoleExport } from '../../import/roles.ts';
import type { PolicyValue } from '../../import/statements.ts';
import type { Region } from '../../names/arn.ts';
import type { Ready } from '../fleet-file.ts';
import type { CliIo } from '../io.ts';
import { askEks, type EksFacts, type Unread } from './ask-eks.ts';
import type { Aws, Profile } from './aws.ts';
import type { ImportOptions, ReadOptions } from './options.ts';
import { readExported, readKubeconfig } from './sources.ts';

/** The fleet file as it is. */
export interface Existing {
  readonly text: string;
  readonly ready: Ready;
}

export interface Compared {
  readonly differences: readonly Difference[];
  readonly leftOut: readonly LeftOut[];
  readonly unread: readonly Unread[];
}

/**
 * Asks every source, and compares what they say with the file.
 *
 * @throws UserError `import/name-conflict`, `import/unknown-cluster`, `import/file`, `hub/kubeconfig`
 */
export async function compare(
  io: CliIo,
  aws: Aws,
  options: ImportOptions,
  read: ReadOptions,
  existing: Existing | undefined,
): Promise<Compared> {
  const fleet = existing?.ready.fleet;
  const exports = read.policies.map((one) => exportedRole(one));
  const maps = read.awsAuth.map(({ key, value }) => ({ cluster: key, data: exportedMap(value) }));
  const { kubeconfig } = options;
  const contexts = kubeconfig === undefined ? undefined : readKubeconfig(io, kubeconfig);
  const eks = await ask(aws, options);
  const inFile = fleet?.clusters ?? [];
  const known = inFile.map(({ account, ...one }) => ({ ...one, account: account.id }));
  const facts = [...eks.clusters, ...(contexts?.clusters ?? [])];
  const { clusters, leftOut } = gather(facts, known, read.accounts);
  const taken = new Map(inFile.map((one) => [one.name, fileIdentity(one)]));
  const names = namesOf(clusters, taken, read.names);
  if (eks.unread.length === 0) requireUsed(read.names, names);
  const drift = clusterDrift(fleet, clusters, eks, { tags: options.tag ?? [], names });
  const people = peopleDrift(
    fleet,
    maps.map(({ cluster, data }) => peopleOf(cluster, data, existing?.ready, { clusters, names })),
  );
  const roles =
    existing && exports.length > 0
      ? roleDrift(
          {
            ...existing.ready.fleet,
            file: parse(existing.text, { maxAliasCount: -1 }),
            granted: (role) => grantedTo(existing.ready.graph, role),
          },
          exports,
        )
      : { differences: [], leftOut: exports.map(withoutService) };
  return {
    differences: [...drift.differences, ...people.differences, ...roles.differences],
    leftOut: [
      ...(contexts?.leftOut ?? []),
      ...eks.leftOut,
      ...leftOut,
      ...drift.leftOut,
      ...people.leftOut,
      ...roles.leftOut,
    ],
    unread: eks.unread,
  };
}

async function ask(aws: Aws, { profile = [], eks, region = [] }: ImportOptions): Promise<EksFacts> {
  const profiles: readonly Profile[] = [...new Set(profile), ...(eks ? [undefined] : [])];
  try {
    return await askEks(aws, profiles, [...new Set(region)] as Region[]);
  } finally {
    aws.close();
  }
}

/** @throws UserError `import/name-conflict` */
function namesOf(
  clusters: readonly FoundCluster[],
  taken: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const known = new Set(taken.values());
  const fresh = clusters.filter((one) => !known.has(identityOf(one)));
  const named = nameClusters(fresh, taken, given);
  if (named.kind === 'named') return named.names;
  const [first] = named.conflicts;
  throw new UserError({
    code: 'import/name-conflict',
    found: named.conflicts
      .map(({ name, clusters: ones }) => `"${name}" for ${ones.join(' and ')}`)
      .join('; '),
    expected: 'a name of its own for every cluster',
    next: `Name one: --as ${first?.clusters.at(-1) ?? ''}=NAME.`,
  });
}

/**
 * A name that is given for no new cluster is a slip; where not all was asked, its cluster may be there.
 *
 * @throws UserError `import/argument`
 */
function requireUsed(given: ReadonlyMap<string, string>, names: ReadonlyMap<string, string>): void {
  const unused = [...given.keys()].find((identity) => !names.has(identity));
  if (unused === undefined) return;
  throw new UserError({
    code: 'import/argument',
    found: `--as ${unused}, which is no new cluster`,
    expected: `one of: ${listed([...names.keys()])}`,
    next: 'Write ACCOUNT/REGION/EKS-NAME of a new cluster; rename others in the fleet file.',
  });
}

interface Found {
  readonly clusters: readonly FoundCluster[];
  readonly names: ReadonlyMap<string, string>;
}

/** @throws UserError `import/unknown-cluster` */
function peopleOf(
  cluster: string,
  sections: Readonly<Record<string, string>>,
  ready: Ready | undefined,
  { clusters, names }: Found,
): ClusterPeople {
  const inFile = ready?.fleet.clusters.find(({ name }) => name === cluster);
  const fresh = clusters.find((one) => names.get(identityOf(one)) === cluster);
  if (!inFile && !fresh) {
    const all = [...(ready?.fleet.clusters ?? []).map(({ name }) => name), ...names.values()];
    throw new UserError({
      code: 'import/unknown-cluster',
      found: `--aws-auth of cluster "${cluster}"`,
      expected: `one of: ${listed(all)}`,
      next: 'Write the name that the cluster has in the fleet file.',
    });
  }
  const access = ready?.graph.clusters.find((one) => one.cluster === inFile);
  const { mappings = [], entries = [] } = access ?? {};
  const known = [
    ...mappings,
    ...entries.map(({ principalArn: arn, username, groups }) => ({ arn, username, groups })),
  ];
  const takesEntries = fresh !== undefined && fresh.authenticationMode?.startsWith('API') === true;
  const accessControl = inFile?.accessControl ?? (takesEntries ? 'access-entries' : 'aws-auth');
  return { cluster, accessControl, sections, known };
}

/** @throws UserError `import/file` */
function exportedMap(file: string): Readonly<Record<string, string>> {
  const exported = readExported(file);
  if (exported.kind === 'aws-auth') return exported.data;
  throw misplaced(file, 'an exported role or policy', '--policy');
}

/** @throws UserError `import/file` */
function exportedRole({ service, file }: ReadOptions['policies'][number]): RoleExport {
  const exported = readExported(file);
  if (exported.kind === 'aws-auth')
    throw misplaced(file, 'an exported aws-auth', '--aws-auth CLUSTER=');
  return { source: file, ...(service !== undefined && { service }), exported };
}

const misplaced = (place: string, found: string, option: string): UserError =>
  new UserError({
    code: 'import/file',
    place,
    found,
    expected: 'a file of the kind that the option is for',
    next: `Name it by ${option}.`,
  });

const withoutService = ({ source }: RoleExport): LeftOut => ({
  what: source,
  why: 'a fleet file that is new has no services',
  next: 'Write the service, then import the role or policy.',
});

/** What a role of that name may do by the fleet already. */
const grantedTo = (graph: AccessGraph, role: string): readonly PolicyValue[] =>
  graph.roles
    .filter(({ name }) => name === role)
    .flatMap(({ permissions }) =>
      permissions.flatMap((one): readonly PolicyValue[] => {
        switch (one.kind) {
          case 'asked':
            return [one];
          case 'describe-cluster':
            return [{ actions: ['eks:DescribeCluster'], resources: [one.clusterArn] }];
          case 'assume-role':
            return [];
        }
      }),
    );
