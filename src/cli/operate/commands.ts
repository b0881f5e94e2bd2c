import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { printOption } from '../print-option.ts';
import type { OutputFormat } from '../io.ts';
import { showUserErrors } from '../user-errors.ts';
import type { HubOptions } from './options.ts';

/** The commands that operate runs through their record in the hub. */
export function addOperatingCommands(program: Command, { io, setCode }: CommandContext): void {
  const run = async (format: OutputFormat, work: () => Promise<number>): Promise<void> => {
    setCode(await showUserErrors(io, format, work));
  };

  restartCommand(
    program,
    'stop',
    'stop the run under way: it begins nothing new, and undoes nothing',
  )
    .option('--run <instant>', 'only if this is the run under way')
    .action(async (restart: string, options: HubOptions & { run?: string }) => {
      const { runStop } = await import('../stop.ts');
      await run('table', () => runStop(io, restart, options));
    });

  restartCommand(program, 'pause', 'let no run begin anything new, until it is resumed')
    .option('--by <who>', 'who pauses it; default: the user of this machine')
    .action(async (restart: string, options: HubOptions & { by?: string }) => {
      const { runPause } = await import('../pause.ts');
      await run('table', () => runPause(io, restart, options));
    });

  restartCommand(program, 'resume', 'let paused runs go on').action(
    async (restart: string, options: HubOptions) => {
      const { runResume } = await import('../pause.ts');
      await run('table', () => runResume(io, restart, options));
    },
  );

  restartCommand(program, 'approve', 'let a wave begin that waits for approval')
    .argument('<wave>', 'the wave’s name')
    .option('--run <instant>', 'only if this is the run under way')
    .action(async (restart: string, wave: string, options: HubOptions & { run?: string }) => {
      const { runApprove } = await import('../approve.ts');
      await run('table', () => runApprove(io, restart, wave, options));
    });

  restartCommand(program, 'runs', 'show the last runs, and what the one under way waits for')
    .addOption(printOption())
    .action(async (restart: string, options: HubOptions & { output: OutputFormat }) => {
      const { runRuns } = await import('../runs.ts');
      await run(options.output, () => runRuns(io, restart, options));
    });
}

const restartCommand = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument('<restart>', 'the restart’s name')
    .option('-f, --fleet <file>', 'the fleet file it stands in; default: fleet.yaml')
    .option('-n, --namespace <namespace>', 'its namespace in the hub, in place of a fleet file')
    .option('--kubeconfig <file>', 'default: those in KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'the hub’s; default: the current one')
    .addHelpText(
      'after',
      '\nNeeds, in the hub, the right to get and patch the ConfigMap RESTART-record-0 (runs: to get it); runs and approve also to get RESTART-plan. Who may get the Lease RESTART-lock is told whether somebody is at work on the run.\nExit codes: 0 done, or it was so already; 1 error.',
    );
