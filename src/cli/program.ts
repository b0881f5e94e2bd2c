import { Command, CommanderError, Option } from 'commander';
import { product } from '../names/product.ts';
import { scenarioNames } from '../demo/scenarios.ts';
import { breakableLinks } from '../simulator/break-links.ts';
import { addAwsAuthCommands } from './aws-auth/commands.ts';
import type { DemoOptions } from './demo.ts';
import { exitCodes } from './exit-codes.ts';
import { addGenerateCommands } from './generate-commands.ts';
import { addImportCommand } from './import/commands.ts';
import { addInitCommand } from './init/commands.ts';
import type { CliIo } from './io.ts';
import { addOperatingCommands } from './operate/commands.ts';
import { showUserErrors } from './user-errors.ts';

/**
 * The command line. Commands are loaded when they run: `--help` need not wait for cdk8s.
 *
 * @returns the exit code; what is wrong has been said
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let code: number = exitCodes.ok;
  const program = new Command('rollcall')
    .description(
      'One fleet file in: access to many EKS clusters generated, restarts run and proved.',
    )
    .version(product.version)
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .addHelpText(
      'after',
      '\nExit codes: 0 ok; 1 error; 2 something to do (plan --detailed-exitcode), or not all well (demo). diff: 0 no difference; 1 some; 2 error.',
    );

  program
    .command('schema')
    .description("print the fleet file's JSON Schema")
    .action(async () => {
      const { runSchema } = await import('./schema.ts');
      runSchema(io);
    });

  addGenerateCommands(program, { io, setCode: (value) => (code = value) });

  const context = {
    io,
    setCode: (value: number) => (code = value),
  };
  addInitCommand(program, context);
  addImportCommand(program, context);
  addOperatingCommands(program, context);
  addAwsAuthCommands(program, context);

  program
    .command('demo')
    .description('run the example fleet on this machine: generate, simulate, restart, prove')
    .addOption(
      new Option(
        '--scenario <name>',
        'another fleet; trouble: crashing pods, a GitOps agent, a run that halts',
      )
        .choices(scenarioNames)
        .conflicts('break'),
    )
    .addOption(
      new Option('--break <link>', 'remove one link first, and see how the job reports it').choices(
        breakableLinks,
      ),
    )
    .option(
      '-d, --output-folder <folder>',
      'where the tree and the reports go; default: a temporary folder',
    )
    .option('--keep', 'leave the fleet up afterwards, with a kubeconfig, until Ctrl-C')
    .action(async ({ outputFolder, ...options }: DemoOptions & { outputFolder?: string }) => {
      const { runDemo } = await import('./demo.ts');
      const output = outputFolder === undefined ? {} : { output: outputFolder };
      code = await showUserErrors(io, 'table', () => runDemo(io, { ...options, ...output }));
    });

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed the help, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}
