import { compareUnits } from '../../charts/compare.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { removals, type Removal } from '../../charts/removals.ts';
import { renderTree } from '../../charts/render.ts';
import { suddenMoves } from '../../charts/sudden-moves.ts';
import { readOutputRecord, writeOutput } from '../../charts/write.ts';
import { printable } from '../fleet/terminal-text.ts';
import { exitCodes } from './exit-codes.ts';
import { formFor, prepareFile, showFindings } from './fleet-file.ts';
import { columns, printData, type CliIo, type OutputFormat } from './io.ts';
import { leftOutText, leftToUser } from './left-out.ts';
import { suddenText } from './migration-texts.ts';
import { nextSteps } from './next-steps.ts';

export interface SynthOptions {
  /** The folder. */
  readonly output: string;
  /** How to print. */
  readonly format: OutputFormat;
  /** What clusters get. Default: what the folder was written with, else manifests. */
  readonly form?: Form;
  readonly overwriteEdited: boolean;
}

/**
 * `rollcall synth`: everything that the fleet file asks for, written into one folder.
 *
 * @throws UserError when the file can't be read, or the folder not be written
 */
export function runSynth(io: CliIo, file: string, options: SynthOptions): number {
  const { output, format, overwriteEdited } = options;
  const ready = prepareFile(io, file, format);
  if (!ready) return exitCodes.error;
  const before = readOutputRecord(output);
  const tree = renderTree(ready, formFor(options.form, before));
  const changes = compareUnits(before?.units ?? [], tree.units);
  const sudden = suddenMoves(before?.access ?? [], ready.fleet);
  const removed = removals(changes, before?.applied ?? [], ready.fleet.clusters);
  const { missing, edited, remove } = writeOutput(tree, output, { overwriteEdited });
  const paths = tree.files.map(({ path }) => path);
  const left = leftToUser(tree.format, ready, output);
  const data = {
    output,
    format: tree.format,
    files: paths,
    /** Since the folder was last written. */
    changes,
    /** No longer generated, and gone from the folder. */
    removedFiles: remove,
    /** Were gone, and are there again. */
    restoredFiles: missing,
    overwrittenFiles: edited,
    apply: ready.order,
    remove: removed,
    suddenMoves: sudden,
    leftOut: left,
    findings: ready.findings,
  };
  printData(io, format, data, () => paths.map((path) => `${path}\n`).join(''));
  if (format === 'table') {
    io.stderr(
      `\n${nextSteps(ready, tree, { output, ...(before && { changes }) })}${removalList(removed, before?.format ?? 'manifests')}`,
    );
    io.stderr(sudden.map(suddenText).join(''));
    io.stderr(formChange(before?.format, tree.format, remove));
    io.stderr(pathList('Were gone, and are written again', missing));
    io.stderr(pathList('Were edited, and are written over', edited));
    io.stderr(leftOutText(tree.format, left));
    showFindings(io, ready, format);
  }
  return exitCodes.ok;
}

/** Files alone change: what was applied in the old form is there until somebody takes it out. */
const formChange = (before: Form | undefined, after: Form, gone: readonly string[]): string =>
  before === undefined || before === after
    ? ''
    : `\nThe form changes from ${before} to ${after}, and ${gone.length} files are gone: docs/output.md says how clusters follow.\n`;

const pathList = (title: string, paths: readonly string[]): string =>
  paths.length === 0
    ? ''
    : `\n${title}:\n${paths.map((path) => `  - ${printable(path)}\n`).join('')}`;

/** Who takes objects out of the clusters, by the form in which they came there. */
function deletedBy(form: Form): string {
  const rest = 'Let runs end before, and take the rest out by hand,';
  switch (form) {
    case 'manifests':
    case 'kustomize':
      return 'Take it out by hand where it was applied,';
    case 'helm':
      return `Helm deletes objects of a chart with its next upgrade. ${rest}`;
    case 'flux':
      return `Flux deletes objects once the folder is committed. ${rest}`;
    case 'argocd':
      return `Argo CD deletes objects once the folder is committed. ${rest}`;
  }
}

/** What was generated before and is no more: nothing takes it away by itself, and this is said once. */
function removalList(removed: readonly Removal[], form: Form): string {
  if (removed.length === 0) return '';
  return [
    `\nNo longer generated. ${deletedBy(form)} in this order:\n`,
    columns(removed.map(({ where, what, how }) => [`  - ${where}`, what, how])),
  ].join('');
}
