import { Command } from 'commander';
import { detailedNothingToDo } from './exit-code.ts';
import { version } from './version.ts';

export interface Arguments {
  readonly plan: string;
  readonly run?: string;
  readonly report?: string;
  readonly record?: string;
  readonly dryRun?: true;
  readonly detailedExitcode?: true;
  readonly reason?: string;
  readonly graceSeconds: string;
  readonly lockWaitSeconds: string;
  readonly terminationLog: string;
  readonly serviceAccountDir?: string;
}

/** @throws CommanderError for what is no argument, and after `--help` */
export function parseArguments(argv: readonly string[]): Arguments {
  return new Command('restart')
    .description('Restarts the workloads of a plan in their clusters, and proves it.')
    .version(version)
    .requiredOption('--plan <file>', "the plan's JSON")
    .option(
      '--run <instant>',
      "the run's instant (RFC 3339); default: the scheduled minute in the Job's name, else now",
    )
    .option('--report <file>', 'write the whole report there too')
    .option('--record <folder>', "keep the run record there; default: the hub's ConfigMaps")
    .option('--dry-run', 'examine every cluster, change nothing, and say what would be done')
    .option('--reason <text>', 'why, for the history of runs')
    .option('--detailed-exitcode', `exit ${detailedNothingToDo} where nothing was left to do`)
    .option('--lock-wait-seconds <n>', 'how long another pod with the Lease is waited for', '600')
    .option('--grace-seconds <n>', 'how long rollouts are awaited after SIGTERM', '110')
    .option('--termination-log <file>', 'where the summary goes', '/dev/termination-log')
    .option('--service-account-dir <dir>', "the pod's API token and CA")
    .addHelpText(
      'after',
      '\nExit codes: 0 all restarted, or nothing to do; 1 crashed; 2 misconfigured (final); 3 not all well (final); 4 interrupted or unreachable (try again); 5 halted (final); 6 refused by a window, a blocker, a storm or the lock (try again); 7 stopped by an operator (final).',
    )
    .exitOverride()
    .parse([...argv], { from: 'user' })
    .opts();
}

/** Why the program can't begin. Final: no retry changes an argument. */
export class Misconfigured extends Error {}

/** @throws Misconfigured */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new Misconfigured(`${option} ${text}: expected a number of seconds`);
}
