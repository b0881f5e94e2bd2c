import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import { inTemporaryFolder } from '../../charts/support/folders.ts';

jest.setTimeout(60_000);

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const driver = fileURLToPath(new URL('terminal.py', import.meta.url));

type Steps = readonly (readonly [awaited: string, typed: string])[];

interface Terminal {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

interface Shown {
  /** Without what moves the cursor. */
  readonly text: string;
  readonly raw: string;
  readonly code: number;
  readonly files: readonly string[];
  readonly fleet: string;
}

/** `rollcall init` on a terminal of its own. */
function init(steps: Steps, { columns = 100, env = {} }: Terminal = {}): Shown {
  return inTemporaryFolder((cwd) => {
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', main, 'init'];
    const own = { TERM: 'xterm-256color', NODE_OPTIONS: '', ...env };
    const spec = JSON.stringify({ argv, cwd, columns, steps, env: own });
    const { stdout, stderr } = spawnSync('python3', [driver, spec], { encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    const { shown, code } = JSON.parse(stdout) as { shown: string; code: number };
    const files = readdirSync(cwd);
    return {
      text: stripVTControlCharacters(shown).replaceAll(/\r+\n/g, '\n'),
      raw: shown,
      code,
      files,
      fleet: files.length === 0 ? '' : readFileSync(join(cwd, 'fleet.yaml'), 'utf8'),
    };
  });
}

const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const needed: Steps = [
  ['name: ', 'grada\r'],
  ['is in: ', '903716715040\r'],
  ['EKS: ', 'ci\r'],
  ['region: ', 'eu-west-1\r'],
  ['issuer): ', `${issuer}\r`],
  ['restart: ', 'sts\r'],
  ['web: ', 'Deployment/encrypter\r'],
];
const presets: Steps = [
  ['1]: ', '\r'],
  ['0.1.0]: ', '\r'],
];
const [name] = needed;
if (!name) throw new Error('no first question');

const hasPython =
  spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;
const onTerminal = hasPython ? it : it.skip;

describe('rollcall init on a terminal (skipped where python3 is not there)', () => {
  onTerminal('asks, again after a wrong answer, and writes the file', () => {
    const { text, code, files, fleet } = init([['name: ', 'Grada\r'], ...needed, ...presets]);
    expect([code, files]).toEqual([0, ['fleet.yaml']]);
    expect(text).toMatch(
      /^The fleet’s name: Grada\n {2}found: {4}Grada\n {2}expected: .*\n {2}next: /,
    );
    expect(text).toMatch(/\nThe fleet’s name: grada\nThe id of the AWS account/);
    expect(text).toMatch(/\nWritten to fleet\.yaml\. See .*\n$/);
    expect(fleet).toContain('names: [encrypter]');
  });

  onTerminal.each([
    ['in the midst', [name, ['is in: ', '9037\u0003']] as Steps],
    ['where all that is left has defaults', [...needed, ['1]: ', '\u0003']] as Steps],
  ])('Ctrl-C %s writes nothing, and says so on a line of its own', (_, steps) => {
    const { text, code, files } = init(steps);
    expect([code, files]).toEqual([130, []]);
    expect(text).toMatch(/: (?:9037)?\nInterrupted: nothing is written\.\n$/);
  });

  onTerminal('Ctrl-D names what is missing, on a line of its own', () => {
    const { text, code, files } = init([name, ['is in: ', '\u0004']]);
    expect([code, files]).toEqual([1, []]);
    expect(text).toMatch(
      /is in: \ninit\/missing --account\n {2}found: {4}nothing\n.*\n {2}next: {5}Begin again/s,
    );
  });

  onTerminal('lines that are pasted at once answer one question each', () => {
    const all = [...needed, ...presets].map(([, typed]) => typed).join('');
    const { text, code, fleet } = init([['name: ', all]]);
    expect(code).toBe(0);
    expect(fleet).toContain("main: '903716715040'");
    expect(text).toContain('\nIts region: eu-west-1\n');
  });

  onTerminal('Ctrl-C among them ends it, whatever has been answered', () => {
    const [first, second] = needed.map(([, typed]) => typed);
    const { text, code, files } = init([['name: ', `${first}${second}\u0003`]]);
    expect([code, files]).toEqual([130, []]);
    expect(text).toMatch(/\nInterrupted: nothing is written\.\n$/);
  });

  onTerminal('a narrow terminal without colours shows the same', () => {
    const wide = init([...needed, ...presets]);
    const narrow = init([...needed, ...presets], { columns: 30, env: { NO_COLOR: '1' } });
    expect([narrow.code, narrow.text]).toEqual([0, wide.text]);
    // Nothing here is coloured: only the cursor is moved.
    for (const { raw } of [wide, narrow])
      expect(raw.includes('\u001b[') && /\u001b\[[\d;]*m/.test(raw)).toBe(false);
  });
});
