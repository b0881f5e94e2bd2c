import { parse } from 'yaml';
import { runCli } from '../../../src/cli/program.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  /** Default: `now`. */
  readonly now?: () => number;
}

/** Friday the 20th of November 2026. */
export const now = Date.parse('2026-11-20T12:00:00Z');

/** The command line in this process, with all that it says kept. */
export async function run(argv: readonly string[], around: Surroundings = {}): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  const code = await runCli(argv, {
    stdout: (text) => (said.stdout += text),
    stderr: (text) => (said.stderr += text),
    env: around.env ?? {},
    stdoutIsTerminal: around.terminal ?? false,
    stderrIsTerminal: around.terminal ?? false,
    now: around.now ?? (() => now),
  });
  return { code, ...said };
}

/** The formats that are data, each with its parser. */
export const dataFormats: readonly [format: string, read: (text: string) => unknown][] = [
  ['json', (text) => JSON.parse(text) as unknown],
  ['yaml', (text) => parse(text) as unknown],
];
