import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** Lines before and after a change that are shown with it. */
const context = 3;
/** Lines that may differ before the whole text is shown: the time to find them grows by the square. */
const maxEditLength = 2000;

/**
 * The difference of two texts in the unified format (POSIX, diff -u), without colours; empty for
 * equal ones. An absent text is as an empty file.
 */
export function unifiedDiff(name: string, before = '', after = ''): string {
  if (before === after) return '';
  const options = { context, maxEditLength };
  const patch =
    structuredPatch('', '', before, after, undefined, undefined, options) ??
    rewritten(before, after);
  return [`--- ${name}\n`, `+++ ${name}\n`, ...patch.hunks.map(hunkText)].join('');
}

/** One text taken out, and the other put in. */
function rewritten(before: string, after: string) {
  const [gone] = structuredPatch('', '', before, '').hunks;
  const [made] = structuredPatch('', '', '', after).hunks;
  if (!gone || !made) throw new Error('more lines changed than there are');
  const { oldStart, oldLines } = gone;
  const { newStart, newLines } = made;
  const lines = [...gone.lines, ...made.lines];
  return { hunks: [{ oldStart, oldLines, newStart, newLines, lines }] };
}

const hunkText = ({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string =>
  [`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...lines, ''].join('\n');

/** Of no line the one before is named; that there is one goes without saying. */
const range = (start: number, count: number): string =>
  count === 0 ? `${start - 1},0` : count === 1 ? `${start}` : `${start},${count}`;
