import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { OutputFile } from '../src/iam/render.ts';
import { makeFolder } from './make-folder.ts';
import { listFile, readList, walk } from './output-folder.ts';
import { isFileError, UserError } from './user-error.ts';

/**
 * Replaces the output folder as a whole: everything is written beside it first, then the two are
 * swapped, so that a failure leaves the old output as it was.
 *
 * @throws UserError when the folder can't be written, holds files that are not ours, or its list is
 * not ours; nothing is touched then
 */
export function writeOutput(files: readonly OutputFile[], outdir: string): void {
  inFolder(outdir, (target) => {
    const strangers = foreignFiles(target);
    if (strangers.length > 0) throw foreign(outdir, strangers);
    // Replaced, it would leave the shell in a folder that is gone.
    if (!relative(target, process.cwd()).startsWith('..')) {
      throw unusable('the folder that you stand in');
    }
    const fresh = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
    makeFolder(fresh);
    try {
      writeAll(files, fresh);
      swap(fresh, target);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/**
 * An earlier output, as far as it is still there; empty where there is none.
 *
 * @throws UserError when the folder can't be read, or its list is not ours
 */
export function readOutput(outdir: string): readonly OutputFile[] {
  return inFolder(outdir, (folder) => {
    const listed = readList(folder);
    if (!listed) return [];
    return [...walk(folder)]
      .filter(([path, entry]) => listed.has(path) && entry.isFile())
      .map(([path]) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  });
}

function writeAll(files: readonly OutputFile[], folder: string): void {
  const paths = files.map(({ path }) => path);
  const list = { path: listFile, text: `${JSON.stringify({ files: paths }, null, 2)}\n` };
  for (const { path, text } of [list, ...files]) {
    const file = join(folder, path);
    makeFolder(dirname(file));
    writeFileSync(file, text);
  }
}

function swap(fresh: string, target: string): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  const old = `${fresh}.old`;
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** So many foreign files say enough. */
const mostForeign = 5;

/** The first files that an earlier output did not list. */
function foreignFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const listed = readList(folder);
  const isKnown = (path: string) => listed !== undefined && (path === listFile || listed.has(path));
  const found: string[] = [];
  for (const [path] of walk(folder)) {
    if (!isKnown(path)) found.push(path);
    if (found.length === mostForeign) break;
  }
  return found;
}

/** Runs `work` on the folder itself where a link leads to it, with failures that say what to do. */
function inFolder<T>(folder: string, work: (folder: string) => T): T {
  try {
    if (folder === '') throw unusable('an empty name');
    return work(existsSync(folder) ? realpathSync(folder) : resolve(folder));
  } catch (error) {
    if (error instanceof UserError || !isFileError(error)) throw error;
    throw unusable(error.message, error);
  }
}

const foreign = (folder: string, files: readonly string[]): UserError =>
  new UserError({
    code: 'cli/foreign-files',
    found: `files in ${folder} that Rollcall did not write: ${files.join(', ')}`,
    expected:
      'a folder that is new, empty, or holds an earlier output alone: it is replaced as a whole',
    next: 'Choose another folder, or move those files out.',
  });

const unusable = (found: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'cli/output-folder',
      found,
      expected: 'a folder that can be read, and written beside: it is replaced as a whole',
      next: 'Choose another folder, or correct what is there.',
    },
    { cause },
  );
