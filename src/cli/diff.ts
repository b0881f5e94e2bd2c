import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { renderTree } from '../../charts/render.ts';
import { compareWithFolder, readOutputRecord, type Comparison } from '../../charts/write.ts';
import type { OutputFile } from '../iam/render.ts';
import { exitCodes } from './exit-codes.ts';
import { hunksOf, shownDiff, type FileDiff } from './file-diff.ts';
import { formFor, noteOtherFleet, prepareFile, showFindings } from './fleet-file.ts';
import { folderTable } from './change-tables.ts';
import { printData, wantsColor, type CliIo, type OutputFormat } from './io.ts';

export interface DiffOptions {
  /** The output folder to compare with. */
  readonly output: string;
  /** How to print. */
  readonly format: OutputFormat;
  /** What clusters get. Default: what the folder was written with, else manifests. */
  readonly form?: Form;
}

/**
 * `rollcall diff`: the files that `synth` would write, line by line against what lies in the folder,
 * also where somebody has edited it. Writes nothing.
 *
 * @returns as kubectl diff: 0 no difference, 1 some, 2 error
 * @throws UserError when the file or the folder can't be read
 */
export function runDiff(io: CliIo, file: string, { output, format, form }: DiffOptions): number {
  const ready = prepareFile(io, file, format);
  if (!ready) return exitCodes.diffError;
  const before = readOutputRecord(output);
  noteOtherFleet(io, output, ready, before);
  const tree = renderTree(ready, formFor(form, before));
  const comparison = compareWithFolder(tree, output);
  const diffs = fileDiffs(tree.files, comparison);
  const color = wantsColor(io, io.stdoutIsTerminal);
  printData(io, format, diffs, () => diffs.map((one) => shownDiff(one, color)).join(''));
  if (format === 'table') {
    io.stderr(folderTable(comparison.plan));
    showFindings(io, ready, format);
  }
  return diffs.length > 0 ? exitCodes.difference : exitCodes.ok;
}

/** By path. A link, a socket and the like counts as no file: what it leads to is not read. */
function fileDiffs(
  files: readonly OutputFile[],
  { plan, textAt }: Comparison,
): readonly FileDiff[] {
  const fresh = new Map(files.map(({ path, text }) => [path, text]));
  return [...plan.write.map(({ path }) => path), ...plan.remove].sort().map((path): FileDiff => {
    const [before, after] = [textAt(path), fresh.get(path)];
    return {
      path,
      change: after === undefined ? 'removed' : before === undefined ? 'added' : 'changed',
      edited: plan.edited.includes(path),
      hunks: hunksOf(before, after),
    };
  });
}
