import { execFile } from 'node:child_process';

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

/** Runs a program to its end, whatever its exit code. */
export function run(
  program: string,
  args: readonly string[],
  { environment, input, cwd }: CommandOptions = {},
): Promise<CommandEnd> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      {
        env: { PATH, HOME, ...environment },
        maxBuffer: 256 * 1024 * 1024,
        ...(cwd === undefined ? {} : { cwd }),
      },
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
