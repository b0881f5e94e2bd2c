import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { UserError } from './user-error.ts';

/** Names beside a folder, while it is replaced: the fresh tree, and then the old one. */
export interface Beside {
  readonly fresh: string;
  readonly old: string;
}

/** They name the process, so that nobody takes away what another one is at work on. */
export function namesBeside(target: string): Beside {
  const name = `.${basename(target)}.rollcall-${process.pid}-${randomUUID()}`;
  return { fresh: join(dirname(target), `${name}.new`), old: join(dirname(target), `${name}.old`) };
}

interface Leftover {
  readonly path: string;
  /** The other of the two, whether or not it is there. */
  readonly other: string;
  readonly kind: 'new' | 'old';
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
 * @throws UserError where another folder has come in the place of one that was moved away: that one
 * may hold files of others, and nothing is touched
 */
export function sweep(target: string, disk: Disk): void {
  const all = leftovers(target);
  const kept = all.find(({ kind, other }) => kind === 'old' && existsSync(other));
  if (kept) throw twoFolders(target, kept.path);
  for (const { path } of all) disk.remove(path);
}

function leftovers(target: string): readonly Leftover[] {
  const parent = dirname(target);
  if (!existsSync(parent)) return [];
  const prefix = `.${basename(target)}.rollcall-`;
  const found: Leftover[] = [];
  for (const name of readdirSync(parent)) {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    const [, pid, id = '', kind] = /^(\d+)(-[0-9a-f-]{36})\.(new|old)$/.exec(rest) ?? [];
    if (pid === undefined) continue;
    if (isAtWork(Number(pid))) throw busy(target, pid);
    const other = join(parent, `${prefix}${pid}${id}.${kind === 'new' ? 'old' : 'new'}`);
    found.push({ path: join(parent, name), other, kind: kind === 'new' ? 'new' : 'old' });
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
