import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { run } from '../cli/support/run.ts';

const text = readFileSync(new URL('../../docs/output.md', import.meta.url), 'utf8');

it.each(['plan', 'synth'])('docs/output.md names fields that %s prints', (command) =>
  inTemporaryFolderAsync(async (folder) => {
    const sentence = /^As data, .*$/m.exec(text)?.[0] ?? '';
    const part = sentence.split('; ').find((one) => one.startsWith(`\`${command}\` has `)) ?? '';
    // What stands in brackets is the fields' own.
    const fields = part.replaceAll(/ \([^)]*\)|:.*$/g, '').matchAll(/`(\w+)`/g);
    const [, ...named] = [...fields].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    const { stdout } = await run([
      ...[command, 'examples/seed-000.yaml', '-d', join(folder, 'dist'), '-o', 'json'],
    ]);
    const printed = Object.keys(JSON.parse(stdout) as object);
    expect(printed).toEqual(expect.arrayContaining(named));
  }),
);
