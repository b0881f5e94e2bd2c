import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';

/** The version of a file: of its content. */
export const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @param ending such as `.json` */
export function fileOf(folder: string, name: string, ending: string): string {
  // An object's name is a DNS subdomain; nothing else may become a path.
  if (/^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/.test(name)) return join(folder, `${name}${ending}`);
  throw new LinkError('record', `${safeText(name)} is no name of an object.`);
}

/** `{}` where there is no file. */
export async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw new LinkError('record', `The run record can't be read: ${safeText(String(error))}.`);
  }
}

/** A JSON object. Throws `LinkError` with link `record` for anything else. */
export function parseFile<T>(file: string, text: string, check: (value: object) => T): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Error('it is no JSON object');
    }
    return check(value);
  } catch (error) {
    throw new LinkError(
      'record',
      `${file} is no run record: ${safeText(String(error))}. Expected: a JSON object of strings. ` +
        'Next: move it away; what it recorded is then unknown.',
    );
  }
}

/** Every value is a text. */
export function texts(value: object): Readonly<Record<string, string>> {
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new Error(`${key} is no text`);
  }
  return value as Readonly<Record<string, string>>;
}

/** Written beside it and renamed: a reader sees the old file or the new one, never half of one. */
export async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(beside, text, { flush: true });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw new LinkError('record', `The run record can't be written: ${safeText(String(error))}.`);
  }
}
