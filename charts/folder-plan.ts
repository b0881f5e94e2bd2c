import { posix } from 'node:path';
import type { OutputFile } from '../src/iam/render.ts';
import { digestOf } from './digest.ts';
import type { FolderState } from './output-folder.ts';

/** What writing an output into a folder would do, by paths. Each list is sorted. */
export interface FolderPlan {
  readonly write: readonly OutputFile[];
  /** Written before, and no longer generated. */
  readonly remove: readonly string[];
  /** Everything but folders that stays as it is: others' files, and ours where nothing changes. */
  readonly keep: readonly string[];
  /** That stay: those of others, and those with something in them. A folder before what it holds. */
  readonly folders: readonly string[];
  /** Written before, changed since, and neither as it was nor as it would be: part of `write` or `remove`. */
  readonly edited: readonly string[];
  /** Written before, and gone since, though they are still generated: part of `write`. */
  readonly missing: readonly string[];
  /** Of others, where something is to be written. */
  readonly inTheWay: readonly string[];
}

/** Decides; touches nothing. */
export function planFolder(
  { record, entries }: FolderState,
  files: readonly OutputFile[],
): FolderPlan {
  const ours = record?.files ?? new Map<string, string>();
  const fresh = new Map(files.map((file) => [file.path, digestOf(file.text)]));
  const there = [...entries].filter(([, { kind }]) => kind !== 'folder').map(([path]) => path);
  const digestAt = (path: string) => entries.get(path)?.digest;
  // No shell takes a script with CRLF; whatever else is read by others takes it.
  const isSpoilt = (path: string) => path.endsWith('.sh') && entries.get(path)?.crlf === true;
  const isSame = (path: string) =>
    fresh.has(path) && fresh.get(path) === digestAt(path) && !isSpoilt(path);
  const isAt = (path: string) => entries.has(path) && entries.get(path)?.kind !== 'folder';

  const others = there.filter((path) => !ours.has(path));
  const lost = there.filter((path) => ours.has(path) && !isSame(path));
  const keep = there.filter((path) => !ours.has(path) || isSame(path));
  const keptFolders = foldersOfOthers(entries, [...ours.keys()]);
  const stay = new Set([...keptFolders, ...foldersAbove([...keep, ...keptFolders])]);
  const wanted = new Set([...fresh.keys(), ...foldersAbove([...fresh.keys()])]);
  return {
    write: files.filter(({ path }) => !ours.has(path) || !isSame(path)),
    remove: lost.filter((path) => !fresh.has(path)).sort(),
    keep: keep.sort(),
    folders: [...entries]
      .filter(([, { kind }]) => kind === 'folder')
      .map(([path]) => path)
      .filter((path) => (stay.has(path) || wanted.has(path)) && !fresh.has(path)),
    edited: lost.filter((path) => digestAt(path) !== ours.get(path)).sort(),
    missing: [...ours.keys()].filter((path) => fresh.has(path) && !isAt(path)).sort(),
    inTheWay: [
      ...others.filter((path) => wanted.has(path)),
      ...[...stay].filter((path) => fresh.has(path)),
    ].sort(),
  };
}

/** Those in which nothing of ours was ever written, even empty ones: Git's own has such. */
function foldersOfOthers(
  entries: FolderState['entries'],
  ours: readonly string[],
): readonly string[] {
  const above = new Set(foldersAbove(ours));
  return [...entries]
    .filter(([path, { kind }]) => kind === 'folder' && !above.has(path))
    .map(([path]) => path);
}

/** Every folder that a path stands in, but the root: each once, after the one that it stands in. */
export function foldersAbove(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const add = (folder: string): void => {
    if (folder === '.' || found.has(folder)) return;
    add(posix.dirname(folder));
    found.add(folder);
  };
  for (const path of paths) add(posix.dirname(path));
  return [...found];
}
