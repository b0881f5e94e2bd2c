import { binary } from '../process/binaries.ts';
import { run, type CommandEnd, type CommandOptions } from '../process/command.ts';

/** Real Helm, whatever its exit code. */
export const helm = (args: readonly string[], options: CommandOptions = {}): Promise<CommandEnd> =>
  run(binary('helm'), args, options);

/** Its stdout. Throws when it fails, or warns. */
export async function mustHelm(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await helm(args, options);
  if (code === 0 && stderr === '') return stdout;
  throw new Error(`helm ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`);
}

/** The cluster that `helm template` imagines: it has none, and a Helm built here knows no version. */
export const imagined = ['--kube-version', '1.31.0'] as const;
