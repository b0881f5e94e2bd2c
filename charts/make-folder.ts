import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * A folder and those that it stands in. Not by `recursive: true`, which in Node never returns where
 * a folder refuses new ones as if it were not there, such as `/proc`.
 *
 * @throws the error of the file system, with its code
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  try {
    makeOne(folder);
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    makeFolder(parent);
    makeOne(folder);
  }
}

/** Without a look beforehand: that would cost as much again. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
