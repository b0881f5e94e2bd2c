import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { showUserErrors } from '../user-errors.ts';
import type { InitOptions } from './init.ts';

export function addInitCommand(program: Command, { io, setCode }: CommandContext): void {
  program
    .command('init')
    .description('begin a fleet file: asks a few questions, or takes flags')
    .option('-f, --fleet <file>', 'the file to write; nothing is written over', 'fleet.yaml')
    .option('--name <name>', 'the fleet’s name')
    .option('--account <id>', 'the account that the cluster is in')
    .option('--cluster <name>', 'the cluster’s name in EKS')
    .option('--region <region>', 'its region')
    .option('--issuer <url>', 'its OIDC issuer')
    .option('--namespace <name>', 'the namespace of the workloads to restart')
    .option('--workload <kind/name...>', 'the workloads, such as Deployment/web')
    .option('--schedule <cron>', 'five cron fields, in UTC; default: 0 3 * * 1')
    .option('--image <image>', 'the job’s; default: rollcall/restart in the account’s own ECR')
    .option('--yes', 'ask nothing: what is not given has its default')
    .addHelpText(
      'after',
      '\nExit codes: 0 written; 1 error, nothing is written; 130 Ctrl-C at a question, nothing is written.',
    )
    .action(async (options: InitOptions) => {
      const { runInit } = await import('./init.ts');
      setCode(await showUserErrors(io, 'table', () => runInit(io, options)));
    });
}
