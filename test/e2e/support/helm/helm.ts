import { binary } from '../process/binaries.ts';
import { run, type CommandEnd, type CommandOptions } from '../process/command.ts';

/** What users have: 3, and 4, which applies on the server's side. */
export const helms = ['helm', 'helm-4'] as const;
export type HelmProgram = (typeof helms)[number];

export interface HelmOptions extends CommandOptions {
  /** Default: helm. */
  readonly program?: HelmProgram;
}

/** Real Helm, whatever its exit code. */
export const helm = (
  args: readonly string[],
  { program = 'helm', ...options }: HelmOptions = {},
): Promise<CommandEnd> => run(binary(program), args, options);

/** Its stdout. Throws when it fails, or warns. */
export async function mustHelm(
  args: readonly string[],
  options: HelmOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await helm(args, options);
  if (code === 0 && stderr === '') return stdout;
  throw new Error(`helm ${args.join(' ')}: exit ${code}\n${stderr}${stdout}`);
}

/** The cluster that `helm template` imagines: it has none, and a Helm built here knows no version. */
export const imagined = ['--kube-version', '1.31.0'] as const;
