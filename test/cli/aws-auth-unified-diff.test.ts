import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { unifiedDiff } from '../../src/cli/aws-auth/unified-diff.ts';

it.each([
  ['nothing', 'a\n', 'a\n', ''],
  ['an addition to nothing', undefined, 'a\n', '@@ -0,0 +1 @@\n+a\n'],
  ['all gone', 'a\nb\n', '', '@@ -1,2 +0,0 @@\n-a\n-b\n'],
  ['an end of line', 'a', 'a\n', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n'],
  ['context', '1\n2\n3\n4\n5\n', '1\n2\n3\n4\n6\n', '@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+6\n'],
])('%s', (_, before, after, hunks) => {
  const head = hunks === '' ? '' : '--- n\n+++ n\n';
  expect(unifiedDiff('n', before, after)).toBe(head + hunks);
});

it('of texts that have little in common takes one out, and puts the other in', () => {
  const lines = (letter: string) => Array.from({ length: 3000 }, (_, at) => `${letter}${at}\n`);
  const [before, after] = [lines('a'), lines('b')];
  expect(unifiedDiff('n', before.join(''), after.join(''))).toBe(
    [
      '--- n\n+++ n\n@@ -1,3000 +1,3000 @@\n',
      ...before.map((line) => `-${line}`),
      ...after.map((line) => `+${line}`),
    ].join(''),
  );
});

const hasPatch = spawnSync('patch', ['--version']).status === 0;
(hasPatch ? it : it.skip)('is what patch(1) takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-diff-'));
  const file = join(folder, 'n');
  const text = fc
    .tuple(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }),
      fc.constantFrom('', '\n'),
    )
    .map(([lines, end]) => (lines.length === 0 ? '' : lines.join('\n') + end));
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        if (before === after) return;
        writeFileSync(file, before);
        const input = unifiedDiff('n', before, after);
        execFileSync('patch', ['-s', '-u', file], { input, stdio: 'pipe' });
        const patched = (() => {
          try {
            return readFileSync(file, 'utf8');
          } catch {
            return '';
          }
        })();
        expect(patched).toBe(after);
      }),
      { numRuns: 30 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
