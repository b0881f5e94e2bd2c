import { existsSync, lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { nodeDisk, type Disk } from './disk.ts';
import { planFolder, type FolderPlan } from './folder-plan.ts';
import { edited, foreign, mounted, otherFleets, unusable } from './folder-problems.ts';
import { restoreFolder, sweep } from './leftovers.ts';
import { withLf } from './line-ends.ts';
import { readFolder, type FolderState } from './output-folder.ts';
import type { Output } from './output.ts';
import { listFile, readRecord, recordText, type OutputRecord } from './output-record.ts';
import { replaceFolder } from './replace-folder.ts';
import { isFileError, UserError } from './user-error.ts';

export interface WriteOptions {
  /** Writes over files of Rollcall's that somebody has edited. Default: false, they are an error. */
  readonly overwriteEdited?: boolean;
  /** Default: the file system. */
  readonly disk?: Disk;
}

/**
 * Brings the output folder to a new output: all of it or nothing. Files of others stay as they are,
 * and so do those of ours in which nothing changes.
 *
 * @returns what was done
 * @throws UserError when the folder can't be written; when it has another fleet's output; when files of others are where something is to
 * be written; when edited files would be lost; when its list is not ours. Nothing is touched then
 */
export function writeOutput(
  output: Output,
  outdir: string,
  { overwriteEdited = false, disk = nodeDisk }: WriteOptions = {},
): FolderPlan {
  return inFolder(outdir, (target) => {
    refusePlace(target);
    restoreFolder(target, disk);
    const state = readIfThere(target);
    const fleet = state.record?.fleet ?? output.fleet;
    if (fleet !== output.fleet) throw otherFleets(outdir, fleet, output.fleet);
    const plan = planFolder(state, output.files);
    if (plan.inTheWay.length > 0) throw foreign(outdir, plan.inTheWay);
    if (plan.edited.length > 0 && !overwriteEdited) throw edited(outdir, plan.edited);
    sweep(target, disk);
    const list = recordText(output);
    if (isDone(target, plan, list)) return plan;
    replaceFolder(target, state, plan, list, disk);
    return plan;
  });
}

/**
 * What an output folder was written with, or `undefined` where there is none.
 *
 * @throws UserError when the folder can't be read, or its list is not ours
 */
export function readOutputRecord(outdir: string): OutputRecord | undefined {
  return inFolder(outdir, (target) => {
    restoreFolder(target, nodeDisk);
    return readRecord(target);
  });
}

/** A new output beside what lies in its folder. */
export interface Comparison {
  readonly plan: FolderPlan;
  /** The text of a file, CRLF as LF; absent where there is none, also where there is a link. */
  readonly textAt: (path: string) => string | undefined;
}

/**
 * What `writeOutput` would do, were nothing in its way. Writes nothing.
 *
 * @throws UserError when the folder can't be read, or its list is not ours
 */
export function compareWithFolder(output: Output, outdir: string): Comparison {
  return inFolder(outdir, (target) => {
    restoreFolder(target, nodeDisk);
    const state = readIfThere(target);
    const textAt = (path: string) =>
      state.entries.get(path)?.kind === 'file'
        ? withLf(readFileSync(join(target, path), 'utf8'))
        : undefined;
    return { plan: planFolder(state, output.files), textAt };
  });
}

const readIfThere = (target: string): FolderState =>
  existsSync(target) ? readFolder(target) : { entries: new Map() };

const isDone = (target: string, { write, remove }: FolderPlan, list: string): boolean =>
  write.length + remove.length === 0 &&
  existsSync(join(target, listFile)) &&
  withLf(readFileSync(join(target, listFile), 'utf8')) === list;

/** Runs `work` on the folder itself where a link leads to it, with failures that say what to do. */
function inFolder<T>(folder: string, work: (folder: string) => T): T {
  try {
    if (folder === '') throw unusable('an empty name');
    return work(realFolder(folder));
  } catch (error) {
    if (error instanceof UserError || !isFileError(error)) throw error;
    if (error.code === 'EBUSY' || error.code === 'EXDEV') throw mounted(error.message, error);
    throw unusable(error.message, error);
  }
}

/** Where links lead, also to what is not there: it may have been moved away by a synth that was killed. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    if (!isFileError(error) || error.code !== 'ENOENT') throw error;
  }
  const parent = dirname(resolve(folder));
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    return realFolder(resolve(parent, readlinkSync(folder)));
  }
  return existsSync(parent) ? join(realpathSync(parent), basename(folder)) : resolve(folder);
}

/** @throws UserError for a folder that can't be replaced, whoever asks */
function refusePlace(target: string): void {
  // Replaced, it would leave the shell in a folder that is gone.
  if (!relative(target, process.cwd()).startsWith('..')) {
    throw unusable('the folder that you stand in');
  }
  if (!existsSync(target)) return;
  if (lstatSync(target).dev !== lstatSync(dirname(target)).dev) throw mounted(target);
}
