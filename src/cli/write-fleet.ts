import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { hasNoLinks } from '../../charts/disk.ts';

/** Why a file can’t be written, by the system’s own words, without the name that it has on the way. */
export const whyUnwritten = ({ code = '', errno }: NodeJS.ErrnoException): string =>
  errno === undefined ? code : `${code}: ${getSystemErrorMessage(errno)}`;

/** What became of it. */
export type Wrote = 'written' | 'exists' | 'changed';

/**
 * Writes a fleet file whole: beside it first, then put in its place, so that whoever reads sees the
 * old file or the new one.
 *
 * @param before the text that is replaced; absent: there must be no such file
 * @param link makes hard links, where the file system has them
 * @returns `exists` or `changed` where somebody has written it meanwhile; nothing is touched then
 * @throws NodeJS.ErrnoException where the folder can’t be written
 */
export function writeFleet(
  file: string,
  text: string,
  before?: string,
  link: typeof linkSync = linkSync,
): Wrote {
  // A link is followed: what it leads to is replaced, not the link.
  const target = before === undefined ? file : realpathSync(file);
  const fresh = join(dirname(target), `.${basename(target)}-${randomUUID()}`);
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    if (before === undefined)
      return writeNew(target, text, () => {
        link(fresh, target);
      });
    if (readFileSync(target, 'utf8') !== before) return 'changed';
    chmodSync(fresh, statSync(target).mode);
    renameSync(fresh, target);
    return 'written';
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** A link is made only where nothing has the name: there is no moment between looking and writing. */
function writeNew(target: string, text: string, link: () => void): Wrote {
  try {
    try {
      link();
    } catch (error) {
      // Some mounts call a link within one folder a link to another device.
      if (!hasNoLinks(error) && codeOf(error) !== 'EXDEV') throw error;
      writeFileSync(target, text, { flag: 'wx' });
    }
    return 'written';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists';
    throw error;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
