import { styleText } from 'node:util';
import type { Diagnostic } from './diagnostic.ts';
import { columnsOf, printable } from './terminal-text.ts';

export interface FormatOptions {
  /** ANSI colours. The caller knows whether the output is a terminal that wants them. */
  readonly color: boolean;
  /** Errors stop everything; findings are told and nothing else. Default: errors. */
  readonly kind?: 'error' | 'finding';
}

type Style = Parameters<typeof styleText>[0];

/** Of a long line so much is shown before and after the place. UTF-16 code units. */
const before = 60;
const after = 80;

/**
 * A diagnostic for people, on several lines, without a newline at the end: code, place, source line
 * with a caret, found, expected, next step. Whatever the file holds, it is safe to print.
 */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  { color, kind = 'error' }: FormatOptions,
): string {
  const signal = kind === 'error' ? 'red' : 'yellow';
  const paint = (style: Style, text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { code, file, line, column, found, expected, next } = diagnostic;
  const { text, caret } = excerpt(diagnostic);
  const gutter = ' '.repeat(String(line).length);
  const field = (name: string, value: string) =>
    `  ${paint('dim', name.padEnd(9))} ${printable(value)}`;
  return [
    `${paint([signal, 'bold'], code)} ${paint('bold', `${printable(file)}:${line}:${column}`)}`,
    `  ${paint('dim', `${line} |`)} ${text}`,
    `  ${paint('dim', `${gutter} |`)} ${' '.repeat(caret)}${paint([signal, 'bold'], '^')}`,
    field('found:', found),
    field('expected:', expected),
    field('next:', next),
  ].join('\n');
}

/** All of them, an empty line after each, and their count; ends with a newline. */
export const formatDiagnostics = (
  diagnostics: readonly Diagnostic[],
  options: FormatOptions,
): string =>
  [
    ...diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, options)}\n`),
    `${formatCount(diagnostics, options.kind)}\n`,
  ].join('\n');

/** `5 errors in fleet.yaml`. */
export const formatCount = (
  diagnostics: readonly Diagnostic[],
  kind: 'error' | 'finding' = 'error',
): string => {
  const files = [...new Set(diagnostics.map(({ file }) => printable(file)))];
  const count = `${diagnostics.length} ${diagnostics.length === 1 ? kind : `${kind}s`}`;
  return files.length === 0 ? count : `${count} in ${files.join(', ')}`;
};

function excerpt({ source, column }: Diagnostic): { text: string; caret: number } {
  const place = column - 1;
  const start = place > before ? place - before : 0;
  const end = Math.max(place, start) + after;
  const head = `${start > 0 ? '…' : ''}${source.slice(start, place)}`;
  const tail = `${source.slice(place, end)}${end < source.length ? '…' : ''}`;
  return { text: printable(head) + printable(tail), caret: columnsOf(head) };
}
