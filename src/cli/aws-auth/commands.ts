import { Option, type Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { printOption } from '../print-option.ts';
import type { OutputFormat } from '../io.ts';
import { showUserErrors } from '../user-errors.ts';
import type { ChangeOptions } from './change.ts';
import { migrationFormats } from './migration-formats.ts';
import type { MigrateOptions } from './migrate.ts';
import type { AwsAuthOptions } from './options.ts';

/** The commands that care for a cluster's `kube-system/aws-auth`. */
export function addAwsAuthCommands(program: Command, { io, setCode }: CommandContext): void {
  const run = async (format: OutputFormat, work: () => Promise<number>): Promise<void> => {
    setCode(await showUserErrors(io, format, work));
  };
  const group = program
    .command('aws-auth')
    .description(
      'show, write and take back the fleet’s entries in a cluster’s kube-system/aws-auth',
    );

  clusterCommand(group, 'diff', 'show what apply would write')
    .addOption(printOption())
    .addHelpText('after', '\nExit codes: 0 nothing to do; 1 error; 2 something to do.')
    .action(async (options: AwsAuthOptions) => {
      const { runDiff } = await import('./diff.ts');
      await run(options.output, () => runDiff(io, options));
    });

  changingCommand(group, 'apply', 'merge the fleet’s entries, and keep all else to the byte')
    .option('--create', 'make the ConfigMap where there is none')
    .addOption(printOption())
    .action(async (options: ChangeOptions) => {
      const { runApply } = await import('./apply.ts');
      await run(options.output, () => runApply(io, options));
    });

  changingCommand(group, 'undo', 'take back the last write')
    .addOption(printOption())
    .action(async (options: ChangeOptions) => {
      const { runUndo } = await import('./undo.ts');
      await run(options.output, () => runUndo(io, options));
    });

  changingCommand(
    group,
    'remove',
    'take the fleet’s own entries out; by --context, of a cluster that has left the file too',
  )
    .addOption(printOption())
    .action(async (options: ChangeOptions) => {
      const { runRemove } = await import('./remove.ts');
      await run(options.output, () => runRemove(io, options));
    });

  clusterCommand(group, 'migrate', 'plan the way to access entries, which locks nobody out')
    .addOption(
      new Option('-o, --output <format>', 'how to print; script: the AWS CLI’s commands')
        .choices(migrationFormats)
        .default('table'),
    )
    .addHelpText('after', '\nWrites nothing.\nExit codes: 0 a plan; 1 error.')
    .action(async (options: MigrateOptions) => {
      const { runMigrate } = await import('./migrate.ts');
      const { output } = options;
      await run(output === 'script' ? 'table' : output, () => runMigrate(io, options));
    });
}

const clusterCommand = (group: Command, name: string, description: string): Command =>
  group
    .command(name)
    .description(description)
    .requiredOption('--cluster <name>', 'the cluster, by its name in the fleet file')
    .option('-f, --fleet <file>', 'the fleet file; default: fleet.yaml')
    .option('--kubeconfig <file>', 'default: those in KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'the cluster’s; default: the current one');

const changingCommand = (group: Command, name: string, description: string): Command =>
  clusterCommand(group, name, description)
    .option('--dry-run', 'ask the API server for all of it, and store nothing')
    .addHelpText(
      'after',
      '\nNeeds the right to get and patch the ConfigMap aws-auth in kube-system.\nExit codes: 0 done, or it was so already; 1 error.',
    );
