import { lstatSync, readdirSync, readFileSync, type Dirent, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { digestOf } from './digest.ts';
import { bytesWithLf } from './line-ends.ts';
import { listFile, readRecord, type OutputRecord } from './output-record.ts';
import { UserError } from './user-error.ts';

/**
 * Everything in a folder but folders, by its path with `/`, one at a time: whoever looks for the
 * first few need not walk a whole disk. Links are not followed.
 */
export function* walk(root: string): Generator<[string, Dirent]> {
  for (const [path, entry] of walkAll(root)) if (!entry.isDirectory()) yield [path, entry];
}

/** A folder comes before what it holds. */
function* walkAll(root: string, folder: string = root): Generator<[string, Dirent]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    yield [relative(root, path).split(sep).join('/'), entry];
    if (entry.isDirectory()) yield* walkAll(root, path);
  }
}

/** What lies in an output folder, at one moment. */
export interface FolderState {
  readonly record?: OutputRecord;
  /** All but `_rollcall.json`, a folder before what it holds. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** `other`: a link, a socket and the like, which is never read. */
  readonly kind: 'file' | 'folder' | 'other';
  readonly stats: Stats;
  /** Of files that the record lists; of one whose line ends are CRLF by now, as if they were LF. */
  readonly digest?: string;
  /** Its line ends are CRLF by now. */
  readonly crlf?: true;
}

/** More than that is no output folder, but somebody's home or disk. */
const mostEntries = 100_000;

/**
 * @throws UserError for a list that is not ours, and for a folder with too much in it
 * @throws the error of the file system, where it can't be read
 */
export function readFolder(folder: string): FolderState {
  const record = readRecord(folder);
  const entries = new Map<string, Entry>();
  for (const [path, { isFile, isFolder, stats }] of statAll(folder)) {
    if (path === listFile) continue;
    if (entries.size === mostEntries) throw tooMany(folder);
    const kind = isFile ? 'file' : isFolder ? 'folder' : 'other';
    const written = isFile ? record?.files.get(path) : undefined;
    const now = written === undefined ? {} : digestNow(readFileSync(join(folder, path)), written);
    entries.set(path, { kind, stats, ...now });
  }
  return { ...(record ? { record } : {}), entries };
}

function digestNow(content: Buffer, written: string): Pick<Entry, 'digest' | 'crlf'> {
  const digest = digestOf(content);
  const lf = digest === written ? content : bytesWithLf(content);
  return lf === content ? { digest } : { digest: digestOf(lf), crlf: true };
}

function* statAll(folder: string) {
  for (const [path] of walkAll(folder)) {
    const stats = lstatSync(join(folder, path));
    yield [path, { isFile: stats.isFile(), isFolder: stats.isDirectory(), stats }] as const;
  }
}

/** Whether nothing was added, taken out or written to in a folder since it was read. */
export function isAsRead(folder: string, { entries }: FolderState): boolean {
  let seen = 0;
  for (const [path, { stats, isFolder }] of statAll(folder)) {
    if (path === listFile) continue;
    const known = entries.get(path)?.stats;
    if (known?.ino !== stats.ino) return false;
    if (!isFolder && (known.mtimeMs !== stats.mtimeMs || known.size !== stats.size)) return false;
    seen += 1;
  }
  return seen === entries.size;
}

const tooMany = (folder: string): UserError =>
  new UserError({
    code: 'cli/output-folder',
    found: `more than ${mostEntries} files and folders in ${folder}`,
    expected: 'a folder for the output, in which a few others may lie',
    next: 'Choose another folder.',
  });
