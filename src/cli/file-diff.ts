import { formatPatch, FILE_HEADERS_ONLY, structuredPatch, type StructuredPatch } from 'diff';
import { styleText } from 'node:util';
import { printable } from '../fleet/terminal-text.ts';

/** A file that a synth would write or take away. */
export interface FileDiff {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Somebody has edited it since it was written: synth refuses. */
  readonly edited: boolean;
  /** As in POSIX' unified format; `lines` begin with a space, `-`, `+`, or a backslash. */
  readonly hunks: StructuredPatch['hunks'];
}

/** Lines before and after a change that are shown with it. */
const context = 3;

/**
 * Past so many lines that differ the search for the shortest difference takes long, and nobody reads
 * it: the text is then shown as replaced as a whole.
 */
const maxEditLength = 2000;

/** An absent text is as an empty file. */
export function hunksOf(before = '', after = ''): FileDiff['hunks'] {
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context,
    maxEditLength,
  });
  return patch?.hunks ?? [wholeHunk(before, after)];
}

function wholeHunk(before: string, after: string): FileDiff['hunks'][number] {
  const [gone] = structuredPatch('', '', before, '').hunks;
  const [come] = structuredPatch('', '', '', after).hunks;
  return {
    oldStart: 1,
    oldLines: gone?.oldLines ?? 0,
    newStart: 1,
    newLines: come?.newLines ?? 0,
    lines: [...(gone?.lines ?? []), ...(come?.lines ?? [])],
  };
}

/** The unified format, safe to print whatever the files hold; a patch that `patch -p1` takes. */
export function shownDiff({ path, change, hunks }: FileDiff, color: boolean): string {
  const name = printable(path);
  const text = formatPatch(
    {
      oldFileName: change === 'added' ? '/dev/null' : `a/${name}`,
      newFileName: change === 'removed' ? '/dev/null' : `b/${name}`,
      oldHeader: undefined,
      newHeader: undefined,
      hunks,
    },
    FILE_HEADERS_ONLY,
  );
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const style = color ? styleOf(line, index) : undefined;
      const safe = printable(line);
      return `${style ? styleText(style, safe, { validateStream: false }) : safe}\n`;
    })
    .join('');
}

/** The first two lines are the names: a line of a file may begin as they do. */
function styleOf(line: string, index: number): 'bold' | 'green' | 'red' | 'cyan' | undefined {
  if (index < 2) return 'bold';
  if (line.startsWith('+')) return 'green';
  if (line.startsWith('-')) return 'red';
  return line.startsWith('@@') ? 'cyan' : undefined;
}
