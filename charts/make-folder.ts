import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * A folder and those that it stands in. Not by `recursive: true`, which in Node never returns where
 * a folder refuses new ones as if it were not there, such as `/proc`.
 *
 * @throws the error of the file system, with its code
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Someone else has made it in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
