import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hunksOf, shownDiff } from '../../src/cli/file-diff.ts';
import { exampleText } from '../charts/support/examples.ts';
import {
  asFleet,
  contentOf,
  inTemporaryFolder,
  inTemporaryFolderAsync,
  picture,
} from '../charts/support/folders.ts';
import { dataFormats, run } from './support/run.ts';

/** A folder with the fleet file `fleet.yaml` and its output `dist`. */
const synthesised = (
  work: (
    fleet: string,
    dist: string,
    diff: (...argv: readonly string[]) => ReturnType<typeof run>,
  ) => Promise<void>,
): Promise<void> =>
  inTemporaryFolderAsync(async (folder) => {
    const [fleet, dist] = [join(folder, 'fleet.yaml'), join(folder, 'dist')];
    writeFileSync(fleet, exampleText('seed-000'));
    await run(['synth', fleet, '-d', dist]);
    const before = () => picture(dist);
    await work(fleet, dist, async (...argv) => {
      const was = before();
      const answer = await run(['diff', fleet, '-d', dist, ...argv]);
      expect(before()).toEqual(was);
      return answer;
    });
  });

const later = exampleText('seed-000').replace("'15 2 * * 1'", "'16 2 * * 1'");

describe('diff', () => {
  it('is nothing, with exit code 0, where synth would write nothing', () =>
    synthesised(async (_fleet, _dist, diff) => {
      expect(await diff()).toEqual({ code: 0, stdout: '', stderr: '' });
    }));

  it('shows, with exit code 1, the lines that a synth would change, and writes nothing', () =>
    synthesised(async (fleet, _dist, diff) => {
      writeFileSync(fleet, later);
      const { code, stdout } = await diff();
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^--- a\/ci\/hub\.k8s\.yaml\n\+\+\+ b\/ci\/hub\.k8s\.yaml\n@@ -\d+,7 \+\d+,7 @@\n( .*\n){3}-  schedule: 15 2 \* \* 1\n\+  schedule: 16 2 \* \* 1\n( .*\n){3}$/,
      );
    }));

  it('knows no line ends: of a folder with CRLF it says nothing, nor does plan, nor writes synth', () =>
    synthesised(async (fleet, dist, diff) => {
      for (const [path, text] of Object.entries(contentOf(dist))) {
        writeFileSync(join(dist, path), text.replaceAll('\n', '\r\n'));
      }
      const before = picture(dist);
      expect(await diff()).toEqual({ code: 0, stdout: '', stderr: '' });
      const plan = await run(['plan', fleet, '-d', dist, '--detailed-exitcode']);
      expect(plan).toMatchObject({ code: 0, stderr: '' });
      expect(plan.stdout).not.toContain('In the output folder');
      expect((await run(['synth', fleet, '-d', dist])).code).toBe(0);
      expect(picture(dist)).toEqual(before);
      writeFileSync(fleet, later);
      const { stdout } = await diff();
      expect(stdout.match(/^[-+] /gm)).toHaveLength(2);
    }));

  it('shows files that would come, go, or lose what was edited', () =>
    synthesised(async (fleet, dist, diff) => {
      rmSync(join(dist, 'golf-pp'), { recursive: true });
      writeFileSync(join(dist, 'golf-prd/target.k8s.yaml'), 'edited');
      writeFileSync(fleet, later.replaceAll('golf-dev', 'golf-new'));
      const { stdout, stderr } = await diff();
      for (const heads of [
        '--- /dev/null\n+++ b/golf-pp/target.k8s.yaml\n@@ -0,0 +1,',
        '--- a/golf-dev/target.k8s.yaml\n+++ /dev/null\n@@ -1,',
        '--- a/golf-prd/target.k8s.yaml\n+++ b/golf-prd/target.k8s.yaml\n@@ -1,1 +1,',
      ])
        expect(stdout).toContain(heads);
      expect(stdout).toContain('\n-edited\n');
      expect(stderr).toMatch(/golf-prd\/target\.k8s\.yaml +edited since: synth refuses/);
      expect(stderr).toMatch(/golf-pp\/target\.k8s\.yaml +gone since: /);
    }));

  it('of another form is of that form’s files', () =>
    synthesised(async (_fleet, _dist, diff) => {
      const { stdout } = await diff('--format', 'helm');
      expect(stdout).toContain('--- /dev/null\n+++ b/ci/hub/Chart.yaml\n');
      expect(stdout).toContain('--- a/ci/hub.k8s.yaml\n+++ /dev/null\n');
      expect(stdout).not.toContain('b/_iam');
    }));

  it.each(dataFormats)('-o %s is a list of changed files with their hunks', (format, read) =>
    synthesised(async (fleet, _dist, diff) => {
      expect(read((await diff('-o', format)).stdout)).toEqual([]);
      writeFileSync(fleet, later);
      const { code, stdout, stderr } = await diff('-o', format);
      expect([code, stderr]).toEqual([1, '']);
      expect(read(stdout)).toMatchObject([
        {
          path: 'ci/hub.k8s.yaml',
          change: 'changed',
          edited: false,
          hunks: [
            {
              oldLines: 7,
              newLines: 7,
              lines: expect.arrayContaining(['-  schedule: 15 2 * * 1']),
            },
          ],
        },
      ]);
    }),
  );

  it.each<readonly [what: string, argv: (dist: string) => readonly string[]]>([
    ['a broken fleet', (dist) => ['examples/broken.yaml', '-d', dist]],
    ['an absent fleet', (dist) => ['absent.yaml', '-d', dist]],
    [
      'a list that is not ours',
      (dist) => ['examples/seed-000.yaml', '-d', join(dist, '..', 'bad')],
    ],
    ['an unknown option', () => ['examples/seed-000.yaml', '--colour']],
    ['an unknown form', () => ['examples/seed-000.yaml', '--format', 'xml']],
    ['no fleet', () => []],
  ])('%s is an error: 2', (_, argv) =>
    synthesised(async (_fleet, dist) => {
      mkdirSync(join(dist, '..', 'bad'));
      writeFileSync(join(dist, '..', 'bad', '_rollcall.json'), '{}');
      const { code, stdout, stderr } = await run(['diff', ...argv(dist)]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).not.toBe('');
    }),
  );

  it('colours are for terminals without NO_COLOR', () =>
    synthesised(async (fleet, dist) => {
      writeFileSync(fleet, later);
      const shown = async (terminal: boolean, env: Record<string, string>) =>
        (await run(['diff', fleet, '-d', dist], { terminal, env })).stdout;
      const plain = await shown(false, {});
      expect(plain).not.toContain('\x1b');
      expect(await shown(true, { NO_COLOR: '1' })).toBe(plain);
      const coloured = await shown(true, {});
      expect(coloured).toContain('\x1b[32m+  schedule: 16 2 * * 1\x1b[39m\n');
      expect(coloured).toContain('\x1b[31m-  schedule: 15 2 * * 1\x1b[39m\n');
      expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(plain);
    }));

  it('files in the folder can’t steer the terminal, and links are not followed', () =>
    synthesised(async (_fleet, dist, diff) => {
      writeFileSync(join(dist, '..', 'secret'), 'theirs');
      writeFileSync(join(dist, 'ci/hub.k8s.yaml'), '\x1b]0;title\x07\r!\n--- x\n\u202e\u2028');
      rmSync(join(dist, 'golf-pp/target.k8s.yaml'));
      symlinkSync('../../secret', join(dist, 'golf-pp/target.k8s.yaml'));
      const { stdout, stderr } = await diff();
      expect(stdout).toContain(
        '\n-\\u{1b}]0;title\\u{7}\\u{d}!\n---- x\n-\\u{202e}\\u{2028}\n\\ No newline',
      );
      expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}|theirs/u);
      expect(stdout).toContain('--- /dev/null\n+++ b/golf-pp/target.k8s.yaml\n');
    }));
});

describe('the difference of two texts', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '--- d', '\\ e'), { maxLength: 30 })
    .chain((lines) => fc.constantFrom(lines.join('\n'), lines.map((line) => `${line}\n`).join('')));

  const hasPatch = spawnSync('patch', ['--version']).status === 0;
  (hasPatch ? it : it.skip)('is what patch(1) takes', () => {
    inTemporaryFolder((folder) => {
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== after);
          writeFileSync(join(folder, 'n'), before);
          const input = shownDiff(
            { path: 'n', change: 'changed', edited: false, hunks: hunksOf(before, after) },
            false,
          );
          execFileSync('patch', ['-s', '-p1'], { cwd: folder, input, stdio: 'pipe' });
          expect(contentOf(folder).n ?? '').toBe(after);
        }),
        { numRuns: 30 },
      );
    });
  });

  it('of long ones with nothing in common comes at once, and is still what patch(1) takes', () => {
    const lines = (sign: string) =>
      Array.from({ length: 20_000 }, (_, index) => `${sign}${index}\n`).join('');
    const [hunk] = hunksOf(lines('a'), `${lines('b')}end`);
    expect(hunk).toMatchObject({ oldStart: 1, oldLines: 20_000, newStart: 1, newLines: 20_001 });
    expect(hunk?.lines).toHaveLength(40_002);
  });

  it('is a patch of the whole folder', () =>
    inTemporaryFolderAsync(async (folder) => {
      if (!hasPatch) return;
      const [dist, copy] = [join(folder, 'dist'), join(folder, 'copy')];
      await run(['synth', 'examples/seed-000.yaml', '-d', dist]);
      cpSync(dist, copy, { recursive: true });
      const other = asFleet('grada', 'examples/seed-004.yaml', folder);
      const { stdout } = await run(['diff', other, '-d', dist]);
      execFileSync('patch', ['-s', '-p1', '-E'], { cwd: copy, input: stdout, stdio: 'pipe' });
      await run(['synth', other, '-d', dist]);
      const { '_rollcall.json': before, ...patched } = contentOf(copy);
      const { '_rollcall.json': after, ...written } = contentOf(dist);
      expect(before).not.toBe(after);
      expect(patched).toEqual(written);
    }));
});
