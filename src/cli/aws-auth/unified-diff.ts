import { diff } from 'node:util';

/** Lines before and after a change that are shown with it. */
const context = 3;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * The difference of two texts in the unified format (POSIX, diff -u), without colours; empty for
 * equal ones. An absent text is as an empty file.
 */
export function unifiedDiff(name: string, before = '', after = ''): string {
  if (before === after) return '';
  const lines = diff(linesOf(before), linesOf(after)).map(([side, text]): Line => ({
    sign: side === 0 ? ' ' : side > 0 ? '-' : '+',
    text,
  }));
  const hunks = ranges(lines).map(([from, to]) => hunk(lines, from, to));
  return [`--- ${name}\n`, `+++ ${name}\n`, ...hunks].join('');
}

/** With their ends: a line without one differs from one that has it. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Each change with its context; what touches is one. */
function ranges(lines: readonly Line[]): readonly (readonly [from: number, to: number])[] {
  const found: [from: number, to: number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const from = Math.max(0, index - context);
    const to = Math.min(lines.length, index + context + 1);
    const last = found.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else found.push([from, to]);
  }
  return found;
}

function hunk(lines: readonly Line[], from: number, to: number): string {
  const shown = lines.slice(from, to);
  const range = (other: Line['sign']): string => {
    const count = shown.filter(({ sign }) => sign !== other).length;
    const before = lines.slice(0, from).filter(({ sign }) => sign !== other).length;
    return `${count === 0 ? before : before + 1}${count === 1 ? '' : `,${count}`}`;
  };
  const body = shown.map(({ sign, text }) =>
    text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`;
}
