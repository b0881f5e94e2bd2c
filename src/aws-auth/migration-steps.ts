import { eksCommands, type Command } from './migration-commands.ts';
import type { MigratedCluster, MigratedEntry } from './migration-entry.ts';

export interface MigrationStep {
  readonly step: number;
  readonly title: string;
  readonly why: string;
  /**
   * `now`: takes no one’s access away, but what the fleet file no longer gives its own.
   * `after-check`: only when the steps before are proved.
   */
  readonly when: 'now' | 'after-check';
  readonly commands: readonly Command[];
  /** Why it can't be taken yet. */
  readonly blocked?: string;
}

/**
 * EKS user guide, Change authentication mode to use access entries; Migrating existing aws-auth
 * ConfigMap entries. An entry overrules the ConfigMap for its principal as soon as it is there, so
 * its policies follow at once, and the ConfigMap goes last.
 *
 * @param leftovers how many stay in `aws-auth`, and whether the fleet’s own are among them
 */
export function migrationSteps(
  cluster: MigratedCluster,
  entries: readonly MigratedEntry[],
  leftovers: { readonly count: number; readonly own: boolean },
): readonly MigrationStep[] {
  const commands = eksCommands(cluster);
  const hasOwn = leftovers.own || entries.some(({ owner }) => owner === 'fleet');
  const hasPolicies = entries.some(({ policies }) => policies.length > 0);
  const foreign = entries.filter(({ owner }) => owner === 'someone else');
  return [
    {
      step: 1,
      title: 'Let the cluster take access entries besides aws-auth',
      why: 'Nothing changes for anyone. There is no way back to CONFIG_MAP alone.',
      when: 'now',
      commands: commands.setMode('API_AND_CONFIG_MAP'),
    },
    {
      step: 2,
      title: 'Make an entry for each principal',
      why:
        'Each overrules aws-auth for its principal within seconds. Those of managed nodes and of Fargate EKS has made itself in step 1. A role’s path, which aws-auth leaves out, belongs into the ARN here: see `aws iam get-role`. The fleet’s own bear its tag, as each form of IAM makes them: the script of the aws-cli form finds nothing to change in them; Terraform and CloudFormation must import them.' +
        (hasPolicies ? twoCalls : ''),
      when: 'now',
      commands: entries.flatMap(commands.createEntry),
    },
    {
      step: 3,
      title: 'See that they are there',
      why: 'What is missing here, or has other groups, has no access or another after step 5.',
      when: 'now',
      commands: [commands.listEntries, ...entries.map(commands.describeEntry)],
    },
    {
      step: 4,
      title: 'Check by each principal',
      why: 'As each of them; and that the nodes stay Ready, a new one among them.',
      when: 'after-check',
      commands: [
        { argv: ['kubectl', 'auth', 'whoami'] },
        { argv: ['kubectl', 'auth', 'can-i', '--list'] },
        { argv: ['kubectl', 'get', 'nodes'] },
      ],
    },
    {
      step: 5,
      title: 'Take the entries out of aws-auth, nodes last',
      why: 'They can be put back as long as step 6 is not taken. The fleet’s own go first, once its file says `accessControl: access-entries`.',
      when: 'after-check',
      commands: [...(hasOwn ? [commands.removeOwn] : []), ...foreign.map(commands.removeForeign)],
    },
    {
      step: 6,
      title: 'Turn aws-auth off',
      why: 'One way: the mode API stays. After some days without a 401 in the audit log.',
      when: 'after-check',
      commands: commands.setMode('API'),
      ...(leftovers.count > 0 && {
        blocked: `${leftovers.count} ${leftovers.count === 1 ? 'entry is' : 'entries are'} left in aws-auth: see what is left`,
      }),
    },
  ];
}

/** CreateAccessEntry takes no policy. */
const twoCalls =
  ' One with an access policy is made by two calls, and between them its principal has less: where this ends in between, run it again at once; it goes on where it was.';
