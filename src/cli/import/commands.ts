import { Option, type Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { printOption } from '../print-option.ts';
import { refreshable } from '../../import/drift.ts';
import type { OutputFormat } from '../io.ts';
import { showUserErrors } from '../user-errors.ts';
import { importExitCodes } from './exit-codes.ts';
import type { ImportOptions } from './options.ts';

type Given = Omit<ImportOptions, 'format'> & { readonly output: OutputFormat };

export function addImportCommand(program: Command, { io, setCode }: CommandContext): void {
  program
    .command('import')
    .description('write or refresh the fleet file from kubeconfig, EKS, aws-auth and IAM')
    .option('-f, --fleet <file>', 'the fleet file', 'fleet.yaml')
    .option('--name <name>', 'the fleet’s name, of a fleet file that is new')
    .option('--kubeconfig [file]', 'its contexts of EKS; default: the file that kubectl takes')
    .option('--profile <name...>', 'AWS profiles, one an account: EKS is asked by each')
    .option('--eks', 'EKS is asked by the credentials of the environment')
    .option('--region <region...>', 'regions to ask; default: each profile’s own')
    .option('--aws-auth <cluster=file...>', 'exported aws-auth ConfigMaps, whose people are users')
    .option('--policy <file...>', 'exported roles and policies, or SERVICE=FILE')
    .option('--account <name=id...>', 'accounts of clusters that a kubeconfig does not tell')
    .option('--as <cluster=name...>', 'names of new clusters, by ACCOUNT/REGION/EKS-NAME')
    .option('--tag <key...>', 'tags of EKS that become labels')
    .addOption(
      new Option(
        '--refresh [fact...]',
        'take over what has changed since; default: all of these',
      ).choices(refreshable),
    )
    .option('--check', 'write nothing; tell what differs, and by the exit code')
    .option('--dry-run', 'write nothing; print the change, or the new file')
    .addOption(printOption())
    .addHelpText(
      'after',
      '\nNothing in the file is dropped; comments and order stay. EKS is asked by sts:GetCallerIdentity, eks:ListClusters and eks:DescribeCluster.\nExit codes: 0 in agreement, or written; 1 something differs (--check); 2 error, nothing is written; 3 not every profile, region and cluster could be asked: they are named, the rest is done.',
    )
    // What is wrong with the arguments is no difference, either.
    .exitOverride((error) => {
      throw error.exitCode === 0
        ? error
        : Object.assign(error, { exitCode: importExitCodes.error });
    })
    .action(async ({ output: format, ...given }: Given) => {
      const { runImport } = await import('./import.ts');
      const run = () => runImport(io, { ...given, format });
      setCode(await showUserErrors(io, format, run, importExitCodes.error));
    });
}
