import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { isFileError, UserError } from './user-error.ts';

/** @throws UserError when the file can't be read */
export function readFleetFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new UserError(
      {
        code: 'cli/no-fleet-file',
        found: reasonOf(file, error),
        expected: 'a fleet file that can be read',
        next: 'Name the file; or write one by rollcall init, which asks a few questions.',
      },
      { cause: error },
    );
  }
}

/** With the folder from which it was looked for: who is told so often stands in another one. */
function reasonOf(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (file === '') return 'an empty name';
  const place = isAbsolute(file) ? file : `${file} in the folder ${process.cwd()}`;
  return code === 'ENOENT' ? `no file at ${place}` : `${place}: ${message}`;
}
