import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walk } from '../../../charts/output-folder.ts';
import type { Output } from '../../../charts/output.ts';
import { UserError, type UserProblem } from '../../../charts/user-error.ts';

/** A new folder for one test, which is gone after it. */
export function inTemporaryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same for work that takes its time. */
export async function inTemporaryFolderAsync(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every file in a folder, by its path. */
export const contentOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...walk(folder)].map(([path]) => [path, readFileSync(join(folder, path), 'utf8')]),
  );

export const namesIn = (folder: string): readonly string[] => readdirSync(folder).sort();

/** Writes files by their paths, with the folders they stand in. */
export function fill(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Files of an output that means nothing. */
export const outputWith = (files: Readonly<Record<string, string>>): Output => ({
  fleet: 'any',
  format: 'manifests',
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
  units: [],
  applied: [],
  access: [],
});

/** A fleet file under another fleet's name, in a folder. */
export function asFleet(name: string, file: string, folder: string): string {
  const copy = join(folder, `${name}.yaml`);
  writeFileSync(copy, readFileSync(file, 'utf8').replace(/^name: .*$/m, `name: ${name}`));
  return copy;
}

/** Everything in a folder with mode, time and content: equal where nothing was touched. */
export const picture = (folder: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...walk(folder)].map(([path]) => {
      const file = join(folder, path);
      const { mode, mtimeMs, uid } = lstatSync(file);
      const kind = lstatSync(file);
      const content = kind.isSymbolicLink()
        ? readlinkSync(file)
        : kind.isFile()
          ? readFileSync(file, 'utf8')
          : undefined;
      return [path, { mode, mtimeMs, uid, content }];
    }),
  );

/** What is wrong; anything but a UserError fails the test. */
export function problemOf(work: () => unknown): UserProblem {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.problem;
    throw error;
  }
  throw new Error('nothing is wrong');
}
