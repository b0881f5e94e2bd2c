import type { MigratedCluster, MigratedEntry, PlannedEntry } from './migration-entry.ts';

/** A program and its arguments, unquoted. */
export type Argv = readonly string[];

export interface Command {
  readonly argv: Argv;
  /** Succeeds where it has been done before: it is not done again then. */
  readonly unless?: Argv;
}

/** The commands that a migration takes, for one cluster (AWS CLI command reference, eks; eksctl). */
export function eksCommands({ name, eksCluster, region }: MigratedCluster) {
  const where = ['--region', region];
  const named = [...where, '--cluster-name', eksCluster];
  const eks = (command: string, ...rest: Argv): Argv => ['aws', 'eks', command, ...rest];
  const describe = ({ principalArn }: PlannedEntry): Argv =>
    eks('describe-access-entry', ...named, '--principal-arn', principalArn);

  return {
    setMode: (mode: 'API' | 'API_AND_CONFIG_MAP'): readonly Command[] => {
      const config = ['--access-config', `authenticationMode=${mode}`];
      return [
        { argv: eks('update-cluster-config', ...where, '--name', eksCluster, ...config) },
        { argv: eks('wait', 'cluster-active', ...where, '--name', eksCluster) },
      ];
    },
    createEntry: (entry: MigratedEntry): readonly Command[] => {
      const { principalArn, type, username, groups, policies, tags } = entry;
      const request = {
        clusterName: eksCluster,
        principalArn,
        type,
        ...(username !== undefined && { username }),
        ...(groups.length > 0 && { kubernetesGroups: groups }),
        ...(tags && { tags }),
      };
      return [
        {
          argv: eks('create-access-entry', ...where, '--cli-input-json', asciiJson(request)),
          unless: describe(entry),
        },
        ...policies.map(({ policyArn, namespaces }) => ({
          argv: eks(
            'associate-access-policy',
            ...[...named, '--principal-arn', principalArn, '--policy-arn', policyArn],
            ...['--access-scope', scopeOf(namespaces)],
          ),
        })),
      ];
    },
    listEntries: { argv: eks('list-access-entries', ...named) },
    describeEntry: (entry: PlannedEntry): Command => ({ argv: describe(entry) }),
    removeOwn: { argv: ['rollcall', 'aws-auth', 'remove', '--cluster', name] },
    removeForeign: ({ principalArn }: PlannedEntry): Command => {
      const of = ['--cluster', eksCluster, ...where, '--arn', principalArn];
      return { argv: ['eksctl', 'delete', 'iamidentitymapping', ...of] };
    },
  } as const;
}

const scopeOf = (namespaces: readonly string[]): string =>
  namespaces.length === 0 ? 'type=cluster' : `type=namespace,namespaces=${namespaces.join(',')}`;

/**
 * Names go in by JSON: as arguments of their own the AWS CLI would read `file://…` from the disk, and
 * take `-x` for an option. In ASCII, so that nothing steers a terminal or reorders what is shown.
 */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
