import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolder, namesIn } from '../charts/support/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rollcall = `"${process.execPath}" "${join(root, 'src/cli/main.ts')}"`;

/** As a shell runs it; `pipefail` so that the exit code of every part counts. */
const shell = (command: string) =>
  spawnSync('bash', ['-c', `set -o pipefail; ${command}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '' },
  });

describe('as a process', () => {
  it('synth writes, and answers with its exit code', () => {
    inTemporaryFolder((folder) => {
      const { status, stdout } = shell(
        `${rollcall} synth examples/seed-003.yaml -d "${folder}/dist"`,
      );
      expect(status).toBe(0);
      expect(stdout).toContain('ci/hub.k8s.yaml\n');
      expect(namesIn(folder)).toEqual(['dist']);
    });
  });

  it('a broken fleet ends it with 1, the errors and no stack trace', () => {
    const { status, stdout, stderr } = shell(`${rollcall} plan examples/broken.yaml`);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/\n5 errors in examples\/broken\.yaml\n$/);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('a reader that has gone is no failure', () => {
    const { status, stdout, stderr } = shell(`${rollcall} schema | true`);
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  (existsSync('/dev/full') ? it : it.skip)('a full disk is a problem', () => {
    const { status, stderr } = shell(`${rollcall} schema > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^cli\/stdout\n {2}found: {4}ENOSPC.*\n {2}expected: .*\n {2}next: .*\n$/,
    );
  });
});
