import { styleText } from 'node:util';
import type { Diagnostic } from '../../fleet/diagnostic.ts';
import { printable } from '../../fleet/terminal-text.ts';
import type { Difference, Refreshable } from '../../import/drift.ts';
import type { LeftOut } from '../../import/facts.ts';
import { unifiedDiff } from '../aws-auth/unified-diff.ts';
import { columns, printData, wantsColor, type CliIo } from '../io.ts';
import type { Unread } from './ask-eks.ts';
import type { ImportOptions } from './options.ts';

/** `drift`: it stays as the file has it. */
export type State = 'add' | 'refresh' | 'drift';

export interface ImportReport {
  readonly fleet: string;
  readonly written: boolean;
  readonly differences: readonly (Omit<Difference, 'edits' | 'kind'> & { readonly state: State })[];
  readonly leftOut: readonly LeftOut[];
  readonly unread: readonly Unread[];
  /** Why every other command would refuse what would be written: of a check alone. */
  readonly errors?: readonly Diagnostic[];
  /** The file as it is, and as it would be: of a dry run alone. */
  readonly before?: string;
  readonly text?: string;
}

/** What becomes of a difference, by what somebody has agreed to refresh. */
export function stateOf(
  { kind, what }: Pick<Difference, 'kind' | 'what'>,
  agreed: readonly Refreshable[],
): State {
  switch (kind) {
    case 'add':
      return 'add';
    case 'refresh':
      return agreed.some((one) => one === what) ? 'refresh' : 'drift';
    case 'tell':
      return 'drift';
  }
}

/** Data for machines; for people a table, or the change of a dry run, and what else is to be said. */
export function printImport(
  io: CliIo,
  { format, check = false, dryRun = false }: ImportOptions,
  report: ImportReport,
  isNew: boolean,
): void {
  const { before, text, ...data } = report;
  const change =
    text === undefined ? undefined : isNew ? text : unifiedDiff(report.fleet, before, text);
  const all = change === undefined ? data : { ...data, [isNew ? 'file' : 'diff']: change };
  printData(io, format, all, () => change ?? table(report, wantsColor(io, io.stdoutIsTerminal)));
  if (format !== 'table') return;
  if (change !== undefined) io.stderr(table(report, wantsColor(io, io.stderrIsTerminal)));
  io.stderr(notes(report));
  io.stderr(`${outcome(report, check || dryRun)}\n`);
}

const words = {
  add: { sign: '+', style: 'green' },
  refresh: { sign: '~', style: 'yellow' },
  drift: { sign: '!', style: 'red' },
} as const;

function table({ differences }: ImportReport, color: boolean): string {
  if (differences.length === 0) return '';
  const rows = differences.map(({ of, what, file, found }) =>
    [of, what, file ?? '-', found ?? 'gone'].map(printable),
  );
  const [head = '', ...lines] = columns([['of', 'what', 'in the file', 'found'], ...rows]).split(
    '\n',
  );
  const body = differences.map(({ state }, index) => {
    const { sign, style } = words[state];
    const line = `${sign} ${lines[index] ?? ''}`;
    return `${color ? styleText(style, line, { validateStream: false }) : line}\n`;
  });
  return [`  ${head}\n`, ...body].join('');
}

const notes = ({ leftOut, unread }: ImportReport): string =>
  [
    ...unread.map(({ source, found, next }) => [`Not asked: ${source}: ${found}`, next]),
    ...leftOut.map(({ what, why, next }) => [`Left out: ${what}: ${why}.`, next]),
  ]
    .map(([said = '', next = '']) => `${printable(said)}\n  ${printable(next)}\n`)
    .join('');

function outcome(report: ImportReport, dry: boolean): string {
  const { fleet, written, differences } = report;
  const file = printable(fleet);
  const count = (state: State) => differences.filter((one) => one.state === state).length;
  const [added, refreshed, drift] = [count('add'), count('refresh'), count('drift')];
  if (differences.length === 0)
    return `${file} is in agreement with what was found${excepted(report)}.`;
  const stays =
    drift === 0 ? '' : ` ${drift} stay${drift === 1 ? 's' : ''} as in the file: marked !.`;
  const agree = differences.some(({ state, what }) => state === 'drift' && isRefreshable(what))
    ? ' --refresh takes over what was found.'
    : '';
  if (dry) return `Nothing is written: ${added} to add, ${refreshed} to refresh.${stays}${agree}`;
  if (!written) return `${file} is as it was.${stays}${agree}`;
  return `Written to ${file}: ${added} added, ${refreshed} refreshed.${stays}${agree}\nSee what it changes: rollcall plan ${file}`;
}

/** What no agreement is claimed for. */
function excepted({ leftOut, unread }: ImportReport): string {
  const parts = [
    ...(leftOut.length > 0 ? ['what was left out'] : []),
    ...(unread.length > 0 ? ['what was not asked'] : []),
  ];
  return parts.length === 0 ? '' : `, but for ${parts.join(' and ')}`;
}

const isRefreshable = (what: Difference['what']): boolean =>
  what === 'issuer' || what === 'endpoint' || what === 'access-control' || what === 'labels';
