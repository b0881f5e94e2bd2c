import type { Command } from '../../aws-auth/migration-commands.ts';
import type { MigratedCluster } from '../../aws-auth/migration-entry.ts';
import type { MigrationStep } from '../../aws-auth/migration-steps.ts';
import type { MigrationPlan } from '../../aws-auth/migration.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { shellLine } from './shell.ts';

/**
 * A bash script of the plan. What it runs takes no one's access away, and may be run again; the
 * steps after the check by a human stand in it as comments.
 */
export function migrationScript({ cluster, leftovers, steps }: MigrationPlan): string {
  const { name, eksCluster, region, account } = cluster;
  const lines = [
    '#!/usr/bin/env bash',
    comment(
      `Cluster ${name} (${eksCluster}, account ${account}, ${region}): aws-auth to access entries.`,
    ),
    comment(
      'Run as it is, it takes the steps that take no one’s access away; it may be run again.',
    ),
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
    ...steps.flatMap((step) => ['', ...stepLines(step, cluster)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line, whatever the text holds. */
const comment = (text: string): string => `# ${printable(text)}`;

function stepLines(step: MigrationStep, cluster: MigratedCluster): readonly string[] {
  const { step: number, title, why, when, blocked, commands } = step;
  const head = [comment(`${number}. ${title}. ${why}`)];
  if (blocked !== undefined) head.push(comment(`Not yet: ${blocked}.`));
  if (when === 'after-check') {
    return [...head, ...commands.map(({ argv }) => comment(shellLine(argv)))];
  }
  return [...head, ...(number === 1 ? modeLines(commands, cluster) : commands.map(runLine))];
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
