import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { OutputFile } from '../src/iam/render.ts';

/** Lists what was generated, and so what may be replaced. */
const manifestFile = '_rollcall.json';

export type WriteResult =
  | { readonly kind: 'written'; readonly files: number }
  /** The folder holds files that are not ours; nothing was touched. */
  | { readonly kind: 'foreign'; readonly files: readonly string[] };

/**
 * Replaces the output folder as a whole: everything is written beside it first, then the two are
 * swapped, so that a failure leaves the old output as it was.
 */
export function writeOutput(files: readonly OutputFile[], outdir: string): WriteResult {
  const target = resolve(outdir);
  const foreign = foreignFiles(target);
  if (foreign.length > 0) return { kind: 'foreign', files: foreign };
  mkdirSync(dirname(target), { recursive: true });
  const fresh = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const paths = files.map(({ path }) => path);
    const listed = { path: manifestFile, text: `${JSON.stringify({ files: paths }, null, 2)}\n` };
    for (const { path, text } of [listed, ...files]) {
      const file = join(fresh, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    swap(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { kind: 'written', files: files.length };
}

function swap(fresh: string, target: string): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  const old = `${fresh}.old`;
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Files that an earlier output did not list. */
function foreignFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const known = new Set([manifestFile, ...readOutput(folder).map(({ path }) => path)]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !known.has(path));
}

/** An earlier output, as far as it is still there; empty where there is none. */
export function readOutput(outdir: string): readonly OutputFile[] {
  const folder = resolve(outdir);
  const list = join(folder, manifestFile);
  if (!existsSync(list)) return [];
  const { files } = JSON.parse(readFileSync(list, 'utf8')) as { files: readonly string[] };
  return files
    .filter((path) => existsSync(join(folder, path)))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}
