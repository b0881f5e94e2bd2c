import { styleText } from 'node:util';
import type { MergeChange } from '../../aws-auth/merge-section.ts';
import {
  misspeltKeys,
  sectionNames,
  type SectionName,
  type Sections,
} from '../../aws-auth/sections.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { columns, printData, wantsColor, type CliIo, type OutputFormat } from '../io.ts';
import { unifiedDiff } from './unified-diff.ts';

/** What a command has done or would do. */
export interface Report {
  readonly fleet: string;
  readonly cluster: string;
  readonly context: string;
  readonly configMap: 'kube-system/aws-auth';
  /** Whether the ConfigMap has been changed. */
  readonly written: boolean;
  /** By entry; absent where whole sections were restored. */
  readonly entries?: readonly MergeChange[];
  /** By section, in the unified format; absent where nothing differs. */
  readonly diffs: Readonly<Partial<Record<SectionName, string>>>;
  /** What an operator should know besides. */
  readonly notes: readonly string[];
}

export function diffsOf(before: Sections, after: Sections): Report['diffs'] {
  const diffs: Partial<Record<SectionName, string>> = {};
  for (const section of sectionNames) {
    const name = `kube-system/aws-auth ${section}`;
    const text = unifiedDiff(name, before[section], after[section]);
    if (text !== '') diffs[section] = text;
  }
  return diffs;
}

/** Of the ConfigMap, whoever wrote it. */
export const notesOn = (data: Readonly<Record<string, string>>): readonly string[] =>
  misspeltKeys(data).map(
    (key) => `Its key ${key} is read by nobody: the authenticator’s keys are case-sensitive.`,
  );

/** Data on stdout, or a diff and the entries; what is said besides goes to stderr. */
export function printReport(
  io: CliIo,
  format: OutputFormat,
  report: Report,
  said: readonly string[],
): void {
  printData(io, format, report, () => {
    const color = wantsColor(io, io.stdoutIsTerminal);
    const diffs = Object.values(report.diffs).map((diff) => shownDiff(diff, color));
    return diffs.join('') + entryTable(report.entries ?? []);
  });
  const lines = [...said, ...report.notes].map((line) => `${printable(line)}\n`);
  if (format === 'table') io.stderr(lines.join(''));
}

function shownDiff(diff: string, color: boolean): string {
  return diff
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const style = color ? styleOf(line) : undefined;
      const text = printable(line);
      return `${style ? styleText(style, text, { validateStream: false }) : text}\n`;
    })
    .join('');
}

function styleOf(line: string): 'bold' | 'green' | 'red' | 'cyan' | undefined {
  if (/^(?:---|\+\+\+) kube-system/.test(line)) return 'bold';
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@@') ? 'cyan' : undefined;
}

const signs = { added: '+', updated: '~', removed: '-', unchanged: '=' } as const;

const entryTable = (entries: readonly MergeChange[]): string =>
  columns(
    entries.map(({ section, arn, username, groups, change, owner }) => [
      `${signs[change]} ${section}`,
      printable(arn),
      `user ${printable(username)}`,
      groups.length === 0 ? 'no groups' : groups.map(printable).join(','),
      owner === 'fleet' ? change : `${change}, someone else’s`,
    ]),
  );
