import { eksCommands, type Command } from '../../aws-auth/migration-commands.ts';
import type { MigratedCluster, MigratedEntry } from '../../aws-auth/migration-entry.ts';
import type { MigrationStep } from '../../aws-auth/migration-steps.ts';
import type { MigrationPlan } from '../../aws-auth/migration.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { commonFunctions } from '../../iam/aws-cli/common-functions.ts';
import { entryCall } from '../../iam/aws-cli/entry-call.ts';
import { entryFunctions } from '../../iam/aws-cli/entry-functions.ts';
import type { PrincipalArn } from '../../names/arn.ts';
import { lossLines } from './migration-losses.ts';
import { shellLine, shellWord } from './shell.ts';

/**
 * A bash script of the plan. What it runs takes no one's access away, but what the fleet file no longer
 * gives, which is named at its top; and it may be run again. The steps after the check by a human stand
 * in it as comments. The fleet's own entries it makes just as the script of the form `aws-cli` does.
 */
export function migrationScript(plan: MigrationPlan, fleet: string): string {
  const { cluster, entries, leftovers, steps } = plan;
  const { name, eksCluster, region, account } = cluster;
  const losses = lossLines(entries);
  const lines = [
    '#!/usr/bin/env bash',
    comment(
      `Cluster ${name} (${eksCluster}, account ${account}, ${region}): aws-auth to access entries.`,
    ),
    comment(
      `Run as it is, it takes the steps that take no one’s access away${losses.length === 0 ? '' : ', but for what the fleet file no longer gives'}; it may be run again.`,
    ),
    ...losses.map((line) => comment(`  ${line}`)),
    comment('The others are comments: take them by hand, when the check before them is passed.'),
    'set -euo pipefail',
    '',
    'account=$(aws sts get-caller-identity --query Account --output text)',
    `[ "$account" = ${account} ] || { echo "These are credentials of account $account, not of ${account}." >&2; exit 1; }`,
    ...leftovers.flatMap(({ section, what, found, next }) => [
      '',
      comment(`Left in ${section}: ${what}: ${found}.`),
      comment(next),
    ]),
    ...(entries.some(isOwn) ? functionLines(fleet) : []),
    ...steps.flatMap((step) => ['', ...stepLines(step, plan, fleet)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line, whatever the text holds. */
const comment = (text: string): string => `# ${printable(text)}`;

function stepLines(
  step: MigrationStep,
  { cluster, entries }: MigrationPlan,
  fleet: string,
): readonly string[] {
  const { step: number, title, why, when, blocked, commands } = step;
  const head = [comment(`${number}. ${title}. ${why}`)];
  if (blocked !== undefined) head.push(comment(`Not yet: ${blocked}.`));
  if (when === 'after-check') {
    return [...head, ...commands.map(({ argv }) => comment(shellLine(argv)))];
  }
  switch (number) {
    case 1:
      return [...head, ...modeLines(commands, cluster)];
    case 2:
      return [...head, ...entries.flatMap((entry) => entryLines(entry, cluster, fleet))];
    default:
      return [...head, ...commands.map(runLine)];
  }
}

/** An entry with the fleet's mark: a node's never has one. */
const isOwn = (entry: MigratedEntry): entry is MigratedEntry & { readonly username: string } =>
  entry.owner === 'fleet' && entry.username !== undefined;

const functionLines = (fleet: string): readonly string[] => [
  '',
  comment('How the fleet’s own entries are made: as by the script of the form aws-cli.'),
  `fleet=${shellWord(fleet)}`,
  'export AWS_PAGER=',
  commonFunctions + entryFunctions,
];

function entryLines(
  entry: MigratedEntry,
  cluster: MigratedCluster,
  fleet: string,
): readonly string[] {
  if (!isOwn(entry)) return eksCommands(cluster).createEntry(entry).map(runLine);
  const principalArn = entry.principalArn as PrincipalArn;
  return [entryCall({ fleet }, cluster, { ...entry, principalArn })];
}

/** EKS refuses to set the mode that is set already. */
function modeLines(
  commands: readonly Command[],
  { region, eksCluster }: MigratedCluster,
): readonly string[] {
  const query = ['--query', 'cluster.accessConfig.authenticationMode', '--output', 'text'];
  const ask = ['aws', 'eks', 'describe-cluster', '--region', region, '--name', eksCluster];
  return [
    `mode=$(${shellLine([...ask, ...query])})`,
    'case "$mode" in',
    '  CONFIG_MAP)',
    ...commands.map((command) => `    ${runLine(command)}`),
    '    ;;',
    '  API_AND_CONFIG_MAP) ;;',
    '  *) echo "The cluster is in mode $mode: aws-auth lets no one in." >&2; exit 1 ;;',
    'esac',
  ];
}

const runLine = ({ argv, unless }: Command): string =>
  unless ? `${shellLine(unless)} >/dev/null 2>&1 ||\n  ${shellLine(argv)}` : shellLine(argv);
