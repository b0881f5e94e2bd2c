import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { walk } from '../../charts/output-folder.ts';
import type { OutputFile } from '../../src/iam/render.ts';
import { examples, exampleText, outputOf, type Example } from './support/examples.ts';

const folderOf = (name: Example) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));

function rewrite(folder: string, files: readonly OutputFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** `UPDATE_GOLDEN=1` rewrites the folders: what changes is then reviewed as any other change. */
it.each(examples)('%s gives the output that was reviewed, to the byte', (name) => {
  const folder = folderOf(name);
  const files = outputOf(exampleText(name));
  if (process.env.UPDATE_GOLDEN) rewrite(folder, files);
  expect([...walk(folder)].map(([path]) => path).sort()).toEqual(files.map(({ path }) => path));
  for (const { path, text } of files) {
    expect({ path, text }).toEqual({ path, text: readFileSync(join(folder, path), 'utf8') });
  }
});

it.each(examples)('%s gives the same twice', (name) => {
  expect(outputOf(exampleText(name))).toEqual(outputOf(exampleText(name)));
});
