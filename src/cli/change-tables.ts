import { styleText } from 'node:util';
import type { Access } from '../../charts/access-list.ts';
import type { AccessChanges } from '../../charts/compare-access.ts';
import type { Change } from '../../charts/compare.ts';
import type { FolderPlan } from '../../charts/folder-plan.ts';
import { staysBehind } from '../../charts/removals.ts';
import { printable } from '../fleet/terminal-text.ts';
import { columns } from './io.ts';

export const signs = {
  added: { sign: '+', style: 'green' },
  changed: { sign: '~', style: 'yellow' },
  removed: { sign: '-', style: 'red' },
} as const;

type Sign = keyof typeof signs;

/** What is applied as one, a line each. */
export const changeTable = (changes: readonly Change[], color: boolean): string =>
  changes.length === 0
    ? 'Nothing to change.\n'
    : signed(
        changes.map((one) => {
          const stays = one.change === 'removed' && staysBehind(one);
          const said = stays ? ['no longer generated, and stays'] : [];
          return [one.change, [one.where, one.what, ...said]];
        }),
        color,
      );

/**
 * Who gets where as nobody did before, and who no longer does.
 *
 * @param accounts those that deliver, before: nothing takes their rights from them
 */
export function accessTable(
  { added, removed, unchanged }: AccessChanges,
  accounts: ReadonlySet<string>,
  color: boolean,
): string {
  const rows = (sign: Sign, all: readonly Access[]) =>
    all.map(({ who, to, what }) => [sign, [who, '→', to, what]] as const);
  const stays = removed.filter(({ who }) => accounts.has(who)).length;
  return [
    `\nAccess: ${added.length} new, ${removed.length} gone, ${unchanged} unchanged\n`,
    signed([...rows('added', added), ...rows('removed', removed)], color, '  '),
    stays === 0
      ? ''
      : `  ${stays} of those gone are of accounts of Flux, whose Roles stay until deleted by hand: all of an account that is no longer generated, else those to delete (docs/flux.md).\n`,
  ].join('');
}

/** What lies in the folder otherwise than it was written; empty where nothing does. */
export function folderTable({ edited, missing, inTheWay }: FolderPlan): string {
  const rows = [
    ...edited.map((path) => ['edited since: synth refuses without --overwrite-edited', path]),
    ...missing.map((path) => ['gone since: synth writes it again', path]),
    ...inTheWay.map((path) => ['not Rollcall’s, and in the way: synth refuses', path]),
  ];
  if (rows.length === 0) return '';
  return `\nIn the output folder:\n${columns(rows.map(([why = '', path = '']) => [`  ${printable(path)}`, why]))}`;
}

function signed(
  rows: readonly (readonly [Sign, readonly string[]])[],
  color: boolean,
  indent = '',
): string {
  const lines = columns(rows.map(([, cells]) => cells.map(printable))).split('\n');
  return rows
    .map(([change], index) => {
      const { sign, style } = signs[change];
      const line = `${indent}${sign} ${lines[index] ?? ''}`;
      return `${color ? styleText(style, line, { validateStream: false }) : line}\n`;
    })
    .join('');
}
