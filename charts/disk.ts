import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  lutimesSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  type Stats,
  lchownSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { isFileError } from './user-error.ts';

/** Every step by which a folder is changed: one that is killed between two is tried with these. */
export interface Disk {
  /** With those that it stands in. */
  readonly makeFolder: (path: string) => void;
  readonly writeFile: (path: string, text: string) => void;
  /** The same file by another path: a link to it, or a copy, with mode and time, where there can be none. */
  readonly keepFile: (from: string, to: string) => void;
  /** Mode and owner, as far as one may set them. */
  readonly likeFolder: (path: string, stats: Stats) => void;
  readonly rename: (from: string, to: string) => void;
  /** With all that is in it. */
  readonly remove: (path: string) => void;
}

export const nodeDisk: Disk = {
  makeFolder,
  writeFile: (path, text) => {
    writeFileSync(path, text, { flag: 'wx' });
  },
  keepFile: (from, to) => {
    keepFile(from, to);
  },
  likeFolder,
  rename: renameSync,
  remove,
};

export function keepFile(from: string, to: string, link = linkSync): void {
  const stats = lstatSync(from);
  try {
    link(from, to);
    // Linux links the link itself, macOS what it leads to.
    if (!stats.isSymbolicLink() || lstatSync(to).isSymbolicLink()) return;
    rmSync(to);
  } catch (error) {
    if (!stats.isSymbolicLink() && !(stats.isFile() && hasNoLinks(error))) throw error;
  }
  if (stats.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    lutimesSync(to, stats.atime, stats.mtime);
  } else {
    copyFileSync(from, to);
    chmodSync(to, stats.mode & 0o7777);
    utimesSync(to, stats.atime, stats.mtime);
  }
}

/**
 * A file system without hard links, or a rule against links to what belongs to others (Linux,
 * fs.protected_hardlinks). `EXDEV` is none of them: that is a mount within the folder.
 */
export const hasNoLinks = (error: unknown): boolean =>
  isFileError(error) &&
  ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(error.code ?? '');

function likeFolder(path: string, { mode, uid, gid }: Stats): void {
  const made = lstatSync(path);
  if (made.uid !== uid || made.gid !== gid) {
    try {
      lchownSync(path, uid, gid);
    } catch (error) {
      // Not everyone may give folders away; it then belongs to who has written it.
      if (!isFileError(error) || error.code !== 'EPERM') throw error;
    }
  }
  if (lstatSync(path).mode !== mode) chmodSync(path, mode & 0o7777);
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!isFileError(error) || error.code !== 'EACCES') throw error;
    openFolders(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Nothing can be taken out of a folder that can't be written. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}
