import { isFileError, UserError } from '../../../charts/user-error.ts';
import { whyUnwritten, writeFleet } from '../write-fleet.ts';

/** @throws UserError `import/write`; the file is as it was then */
export function save(file: string, text: string, before: string | undefined): void {
  let found: string;
  try {
    const wrote = writeFleet(file, text, before);
    if (wrote === 'written') return;
    found = 'that somebody wrote it meanwhile';
  } catch (error) {
    if (!isFileError(error)) throw error;
    found = whyUnwritten(error);
  }
  throw new UserError({
    code: 'import/write',
    place: file,
    found,
    expected: 'a file that nobody else writes, in a folder that can be written to',
    next: 'Import again.',
  });
}
