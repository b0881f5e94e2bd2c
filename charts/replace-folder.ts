import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { foldersAbove, type FolderPlan } from './folder-plan.ts';
import { namesBeside } from './leftovers.ts';
import { isAsRead, type FolderState } from './output-folder.ts';
import { listFile } from './output-record.ts';
import { UserError } from './user-error.ts';

/**
 * Makes the whole new tree beside a folder, with all that stays, and puts it in its place by two
 * renames: whenever it is killed, the folder is the old tree or the new one (between the two renames
 * it is the old one under another name, which `restoreFolder` gives back). What stays has two names
 * until the old tree is gone, so that no moment has none.
 *
 * @throws UserError where somebody else has written to the folder meanwhile; it is the old one then
 * @throws the error of the file system; it is the old one then
 */
export function replaceFolder(
  target: string,
  state: FolderState,
  plan: FolderPlan,
  list: string,
  disk: Disk,
): void {
  const { fresh, old, gone } = namesBeside(target);
  try {
    build(target, fresh, state, plan, list, disk);
    if (!existsSync(target)) {
      disk.rename(fresh, target);
      return;
    }
    swap(target, fresh, old, disk);
    if (!isAsRead(old, state)) {
      swap(target, old, fresh, disk);
      throw changedMeanwhile(target);
    }
    discard(old, gone, disk);
  } finally {
    disk.remove(fresh);
  }
}

/** By a name that says that nothing in it would be missed, for whoever finds a part of it. */
function discard(old: string, gone: string, disk: Disk): void {
  try {
    disk.rename(old, gone);
  } catch {
    disk.remove(old);
  }
  disk.remove(gone);
}

/** `fresh` in the place of `target`, which is then `old`; or all as it was. */
function swap(target: string, fresh: string, old: string, disk: Disk): void {
  disk.rename(target, old);
  try {
    disk.rename(fresh, target);
  } catch (error) {
    disk.rename(old, target);
    throw error;
  }
}

function build(
  target: string,
  fresh: string,
  { entries }: FolderState,
  { folders, keep, write }: FolderPlan,
  list: string,
  disk: Disk,
): void {
  disk.makeFolder(fresh);
  // Above first: none is then tried before it can be made.
  const needed = foldersAbove(write.map(({ path }) => path));
  for (const path of new Set([...folders, ...needed])) disk.makeFolder(join(fresh, path));
  for (const path of keep) disk.keepFile(join(target, path), join(fresh, path));
  for (const { path, text } of [...write, { path: listFile, text: list }]) {
    disk.writeFile(join(fresh, path), text);
  }
  // Last, and from within: nothing can be put into a folder that can't be written.
  for (const path of folders.toReversed()) {
    const known = entries.get(path);
    if (known) disk.likeFolder(join(fresh, path), known.stats);
  }
  if (existsSync(target)) disk.likeFolder(fresh, lstatSync(target));
}

const changedMeanwhile = (target: string): UserError =>
  new UserError({
    code: 'cli/output-folder',
    found: `${target}, in which others have changed something at this moment`,
    expected: 'a folder that stays as it is while it is replaced',
    next: 'Run synth again. Nothing was written.',
  });
