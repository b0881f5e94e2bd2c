import { readFileSync } from 'node:fs';
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
        found: error.message,
        expected: 'a fleet file that can be read',
        next: 'Name the file, or begin with a copy of examples/seed-000.yaml.',
      },
      { cause: error },
    );
  }
}
