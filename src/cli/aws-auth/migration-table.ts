import type { MigrationPlan } from '../../aws-auth/migration.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { columns } from '../io.ts';
import { lossLines } from './migration-losses.ts';
import { shellLine } from './shell.ts';

/** The plan for people: entries, what stays behind, and the steps with their commands. */
export function migrationTable({ entries, leftovers, steps }: MigrationPlan): string {
  const rows = entries.map(({ section, principalArn, type, username, groups, policies }) => [
    section,
    printable(principalArn),
    type,
    username === undefined ? '' : `user ${printable(username)}`,
    [...groups.map(printable), ...policies.map(({ policyArn }) => policyName(policyArn))].join(','),
  ]);
  const less = lossLines(entries).map((line) => `${line}\n`);
  const left = leftovers.map(
    ({ section, what, found, next }) =>
      `left in ${section}: ${printable(what)}\n  found: ${printable(found)}\n  next:  ${printable(next)}\n`,
  );
  const plan = steps.map(({ step, title, why, blocked, commands }) =>
    [
      `\n${step}. ${title}\n`,
      `   ${why}\n`,
      blocked === undefined ? '' : `   Not yet: ${blocked}.\n`,
      ...commands.map(({ argv }) => `     ${printable(shellLine(argv))}\n`),
    ].join(''),
  );
  return columns(rows) + less.join('') + left.join('') + plan.join('');
}

const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
