import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** Lines before and after a change that are shown with it. */
const context = 3;

/**
 * The difference of two texts in the unified format (POSIX, diff -u), without colours; empty for
 * equal ones. An absent text is as an empty file.
 */
export function unifiedDiff(name: string, before = '', after = ''): string {
  if (before === after) return '';
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context });
  return [`--- ${name}\n`, `+++ ${name}\n`, ...hunks.map(hunkText)].join('');
}

const hunkText = ({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string =>
  [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines, ''].join('\n');

/** Of no line the one before is named; that there is one goes without saying. */
const range = (start: number, count: number): string =>
  count === 0 ? `${start - 1},0` : count === 1 ? `${start}` : `${start},${count}`;
