import { Command, CommanderError, Option } from 'commander';
import { migrationTargets, type MigrationTarget } from '../access/migrate.ts';
import { product } from '../names/product.ts';
import { scenarioNames } from '../demo/scenarios.ts';
import { breakableLinks } from '../simulator/break-links.ts';
import { addAwsAuthCommands } from './aws-auth/commands.ts';
import type { DemoOptions } from './demo.ts';
import { exitCodes } from './exit-codes.ts';
import { outputFormats, type CliIo, type OutputFormat } from './io.ts';
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
      '\nExit codes: 0 ok; 1 error; 2 something to do (plan --detailed-exitcode), or not all well (demo).',
    );

  program
    .command('schema')
    .description("print the fleet file's JSON Schema")
    .action(async () => {
      const { runSchema } = await import('./schema.ts');
      runSchema(io);
    });

  program
    .command('synth')
    .description('generate manifests, aws-auth entries and IAM documents')
    .argument('<fleet>', 'the fleet file')
    .option('-o, --output <folder>', 'where to; an earlier output there is replaced', 'dist')
    .addOption(formatOption())
    .action(async (file: string, options: { output: string; format: OutputFormat }) => {
      const { runSynth } = await import('./synth.ts');
      code = await showUserErrors(io, options.format, () => runSynth(io, file, options));
    });

  program
    .command('plan')
    .description('show what synth would change and what the restarts would do')
    .argument('<fleet>', 'the fleet file')
    .option('-d, --output-folder <folder>', 'the output to compare with', 'dist')
    .option('--detailed-exitcode', '0 nothing to do, 1 error, 2 something to do')
    .addOption(
      new Option(
        '--migrate <identity>',
        'show what moving kiam and kube2iam services to this identity changes',
      ).choices(migrationTargets),
    )
    .addOption(formatOption('-o, --format <format>'))
    .action(
      async (
        file: string,
        options: {
          outputFolder: string;
          format: OutputFormat;
          detailedExitcode?: true;
          migrate?: MigrationTarget;
        },
      ) => {
        const { runPlan } = await import('./plan.ts');
        const { outputFolder: output, format, detailedExitcode = false, migrate } = options;
        code = await showUserErrors(io, format, () =>
          runPlan(io, file, {
            output,
            format,
            detailedExitcode,
            ...(migrate ? { migrate } : {}),
          }),
        );
      },
    );

  const context = {
    io,
    formatOption: formatOption('-o, --format <format>'),
    setCode: (value: number) => (code = value),
  };
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
      '-o, --output <folder>',
      'where the tree and the reports go; default: a temporary folder',
    )
    .option('--keep', 'leave the fleet up afterwards, with a kubeconfig, until Ctrl-C')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo.ts');
      code = await showUserErrors(io, 'table', () => runDemo(io, options));
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

const formatOption = (flags = '--format <format>'): Option =>
  new Option(flags, 'how to print').choices(outputFormats).default('table');
