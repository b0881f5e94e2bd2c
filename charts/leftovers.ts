import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { readFolder } from './output-folder.ts';
import { UserError } from './user-error.ts';

/** Names beside a folder, while it is replaced: the fresh tree, the old one, and the old one that nobody needs. */
export interface Beside {
  readonly fresh: string;
  readonly old: string;
  readonly gone: string;
}

/** They name the process, so that nobody takes away what another one is at work on. */
export function namesBeside(target: string): Beside {
  const name = `.${basename(target)}.rollcall-${process.pid}-${randomUUID()}`;
  const beside = join(dirname(target), name);
  return { fresh: `${beside}.new`, old: `${beside}.old`, gone: `${beside}.gone` };
}

interface Leftover {
  readonly path: string;
  /** The fresh tree of the same process, whether or not it is there. */
  readonly fresh: string;
  readonly kind: 'new' | 'old' | 'gone';
}

/**
 * What a process that was killed has left: a folder that was moved away, and whose place was not
 * taken, is moved back. So the folder is always the old or the new one.
 *
 * @throws UserError while another process replaces it
 */
export function restoreFolder(target: string, disk: Disk): void {
  if (existsSync(target)) return;
  const old = leftovers(target).find(({ kind }) => kind === 'old');
  if (old) disk.rename(old.path, target);
}

/**
 * Takes away what a process that was killed has left beside a folder.
 *
 * @throws UserError where another folder has come in the place of one that was moved away, or others
 * have written to it before it was: it holds files of others, and nothing is touched
 */
export function sweep(target: string, disk: Disk): void {
  const all = leftovers(target);
  const kept = all.find(
    ({ path, kind, fresh }) => kind === 'old' && (existsSync(fresh) || holdsMore(path, target)),
  );
  if (kept) throw twoFolders(target, kept.path);
  for (const { path } of all) disk.remove(path);
}

/** Something of others that the folder in its place has not: it was written while that was made. */
function holdsMore(old: string, target: string): boolean {
  const { record, entries } = readFolder(old);
  return [...entries].some(([path, { kind, stats }]) => {
    if (kind === 'folder' || record?.files.has(path)) return false;
    const there = lstatSync(join(target, path), { throwIfNoEntry: false });
    if (there?.ino === stats.ino) return false;
    return there?.size !== stats.size || there.mtimeMs !== stats.mtimeMs;
  });
}

function leftovers(target: string): readonly Leftover[] {
  const parent = dirname(target);
  if (!existsSync(parent)) return [];
  const prefix = `.${basename(target)}.rollcall-`;
  const found: Leftover[] = [];
  for (const name of readdirSync(parent)) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const [, pid, id = '', kind] = /^(\d+)(-[0-9a-f-]{36})\.(new|old|gone)$/.exec(rest) ?? [];
    if (pid === undefined) continue;
    if (isAtWork(Number(pid))) throw busy(target, pid);
    const fresh = join(parent, `${prefix}${pid}${id}.new`);
    found.push({ path: join(parent, name), fresh, kind: kind as Leftover['kind'] });
  }
  return found;
}

/** Its own number means one of the past: it has left nothing yet. */
function isAtWork(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const busy = (target: string, pid: string): UserError =>
  new UserError({
    code: 'cli/output-folder',
    found: `${target}, which process ${pid} is writing`,
    expected: 'one writer of a folder at a time',
    next: `Try again once it has ended. If process ${pid} is none of Rollcall’s, remove .${basename(target)}.rollcall-${pid}-*.new beside the folder, and rename a *.old to ${basename(target)} if that is gone.`,
  });

const twoFolders = (target: string, old: string): UserError =>
  new UserError({
    code: 'cli/output-folder',
    found: `${target}, and ${old} beside it: it was moved there by a synth that was killed`,
    expected: 'the one or the other',
    next: 'Keep what you need of the one beside, remove it, and run synth again.',
  });
