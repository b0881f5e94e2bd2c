import { stringify } from 'yaml';

/** Where a command writes, and what it knows of its surroundings. */
export interface CliIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderrIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly now: () => number;
  /** Resolves when the user wants a command that waits to end. Default: at once. */
  readonly untilInterrupted?: () => Promise<void>;
  /** Begins to ask the user. Absent: there is no terminal to ask on. */
  readonly openPrompt?: () => Prompt;
}

/** Questions to the user, one after the other. */
export interface Prompt {
  /** A line, without its end; `undefined`: the input has ended. Rejects with `Interrupted` by Ctrl-C. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly close: () => void;
}

/** The user has typed Ctrl-C at a question. */
export class Interrupted extends Error {}

export const outputFormats = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** NO_COLOR, when set to anything, turns colours off (no-color.org). */
export const wantsColor = (io: CliIo, isTerminal: boolean): boolean =>
  isTerminal && !io.env.NO_COLOR;

/** Data for machines, or a table for people. */
export function printData(
  io: CliIo,
  format: OutputFormat,
  data: unknown,
  table: () => string,
): void {
  switch (format) {
    case 'table':
      io.stdout(table());
      return;
    case 'json':
      io.stdout(`${JSON.stringify(data, null, 2)}\n`);
      return;
    case 'yaml':
      io.stdout(stringify(data, { lineWidth: 0, aliasDuplicateObjects: false }));
      return;
  }
}

/** Columns padded to their widest cell, two spaces between. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
