import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walk } from '../../../charts/output-folder.ts';

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
