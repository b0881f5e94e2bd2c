import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/**
 * Runs a program to its end, whatever its exit code. Its HOME is an empty folder that is removed
 * afterwards, unless the environment has one: kubectl and helm read and write in the user's own.
 */
export async function run(
  program: string,
  args: readonly string[],
  { environment = {}, ...options }: CommandOptions = {},
): Promise<CommandEnd> {
  const { PATH = '' } = process.env;
  if (environment.HOME !== undefined)
    return execute(program, args, { PATH, ...environment }, options);
  const HOME = mkdtempSync(join(tmpdir(), 'rollcall-home-'));
  try {
    return await execute(program, args, { PATH, HOME, ...environment }, options);
  } finally {
    rmSync(HOME, { recursive: true, force: true });
  }
}

function execute(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { input, cwd }: Omit<CommandOptions, 'environment'>,
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env, maxBuffer: 256 * 1024 * 1024, ...(cwd === undefined ? {} : { cwd }) },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number' && child.exitCode === null) {
          reject(new Error(`${program} ${args.join(' ')}: ${error.message}`));
        } else resolve({ code: child.exitCode ?? 0, stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** Its stdout. Throws with its stderr when it fails. */
export async function mustRun(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`);
  return stdout;
}
