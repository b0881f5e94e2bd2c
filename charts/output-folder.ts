import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { z } from 'zod';
import { isFileError, UserError } from './user-error.ts';

/** Lists what was generated, and so what may be replaced. */
export const listFile = '_rollcall.json';

const isInside = (path: string): boolean =>
  posix.normalize(path) === path && !posix.isAbsolute(path) && !/^\.\.?(\/|$)|\\/.test(path);

const outputList = z.strictObject({ files: z.array(z.string().refine(isInside)) });

/**
 * What an earlier output listed as its own, or `undefined` where there is none.
 *
 * @throws UserError for a list that no synth has written
 */
export function readList(folder: string): ReadonlySet<string> | undefined {
  const text = readIfThere(join(folder, listFile));
  if (text === undefined) return undefined;
  const list = outputList.safeParse(parseJson(text));
  if (list.success) return new Set(list.data.files);
  throw new UserError({
    code: 'cli/output-list',
    found: `${join(folder, listFile)}, which is not as synth writes it`,
    expected: '{"files": […]}, with paths inside of the folder: it says what may be replaced',
    next: 'Move the folder away, and run synth again.',
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isFileError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Everything in a folder but folders, by its path with `/`, one at a time: whoever looks for the
 * first few need not walk a whole disk. Links are not followed.
 */
export function* walk(root: string, folder: string = root): Generator<[string, Dirent]> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(root, path);
    else yield [relative(root, path).split(sep).join('/'), entry];
  }
}
