import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { createClusters } from './aws/clusters.ts';
import { systemClock } from './clock.ts';
import { instantOfJob, parseInstant, type Instant } from './core/instant.ts';
import { deliver, log } from './deliver.ts';
import { exitCodes } from './exit-code.ts';
import { createFileRecordStore } from './kube/file-record-store.ts';
import { createInClusterRecordStore } from './kube/record-store.ts';
import { LinkError } from './link-error.ts';
import { parsePlan, type ParsedPlan } from './parse-plan.ts';
import type { RecordStore } from './ports.ts';
import { recordUnusable, restart, stopped, type RestartResult } from './restart.ts';

const version = '0.1.0';

/** An instant given by hand may lie so far ahead of this clock. Milliseconds. */
const clockSkewMs = 60_000;

interface Arguments {
  readonly plan: string;
  readonly run?: string;
  readonly report?: string;
  readonly record?: string;
  readonly graceSeconds: string;
  readonly terminationLog: string;
  readonly serviceAccountDir?: string;
}

function parseArguments(argv: readonly string[]): Arguments {
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
    .option('--grace-seconds <n>', 'how long rollouts are awaited after SIGTERM', '110')
    .option('--termination-log <file>', 'where the summary goes', '/dev/termination-log')
    .option('--service-account-dir <dir>', "the pod's API token and CA")
    .addHelpText(
      'after',
      '\nExit codes: 0 all restarted; 1 crashed; 2 misconfigured (final); 3 not all well (final); 4 interrupted or unreachable (try again).',
    )
    .exitOverride()
    .parse([...argv], { from: 'user' })
    .opts();
}

/** Why the program can't begin. Final: no retry changes an argument. */
class Misconfigured extends Error {}

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = parseArguments(argv);
  try {
    return deliver(await attempt(args, env), args);
  } catch (error) {
    if (error instanceof Misconfigured)
      return deliver(stopped('misconfigured', error.message), args);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return deliver(stopped('crashed', text), args);
  }
}

async function attempt(args: Arguments, env: NodeJS.ProcessEnv): Promise<RestartResult> {
  const plan = readPlan(args.plan);
  // A label that a cluster does not set comes as the empty string.
  const jobName = env.ROLLCALL_JOB_NAME || undefined;
  const job = env.ROLLCALL_JOB_UID || jobName;
  const terminate = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log(`${signal}: no new restart; awaiting those under way`);
      terminate.abort();
    });
  }
  const graceSeconds = Number(args.graceSeconds);
  if (!Number.isFinite(graceSeconds) || graceSeconds < 0) {
    throw new Misconfigured(`--grace-seconds ${args.graceSeconds}: expected a number of seconds`);
  }
  const instant = instantOf(args, plan, jobName);
  let store;
  try {
    store = await openStore(args, plan, env);
  } catch (error) {
    if (error instanceof LinkError) return recordUnusable(error);
    throw error;
  }
  try {
    return await restart({
      plan,
      instant,
      ...(job === undefined ? {} : { job }),
      clock: systemClock,
      clusters: createClusters({
        identity: plan.plan.identity,
        env,
        clock: systemClock,
        restart: plan.plan.restart,
        version,
      }),
      store,
      terminate: terminate.signal,
      graceMs: graceSeconds * 1000,
      onProgress: log,
    });
  } finally {
    await store.close();
  }
}

function readPlan(file: string): Extract<ParsedPlan, { kind: 'plan' }> {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misconfigured(`the plan can't be read: ${(error as Error).message}`);
  }
  const parsed = parsePlan(text);
  if (parsed.kind === 'invalid') throw new Misconfigured(`${file}: ${parsed.message}`);
  return parsed;
}

function instantOf(
  args: Arguments,
  { plan }: Extract<ParsedPlan, { kind: 'plan' }>,
  job: string | undefined,
): Instant | undefined {
  if (args.run === undefined)
    return job === undefined ? undefined : instantOfJob(job, plan.cronJob, systemClock.now());
  const instant = parseInstant(args.run);
  if (instant !== undefined && instant > systemClock.now() + clockSkewMs) {
    throw new Misconfigured(
      `--run ${args.run}: lies in the future; every run until then would give way to it`,
    );
  }
  if (instant !== undefined) return instant;
  throw new Misconfigured(
    `--run ${JSON.stringify(args.run)}: expected an instant such as 2026-11-21T02:15:00Z`,
  );
}

async function openStore(
  args: Arguments,
  { plan }: Extract<ParsedPlan, { kind: 'plan' }>,
  env: NodeJS.ProcessEnv,
): Promise<RecordStore & { close(): Promise<void> }> {
  if (args.record !== undefined) {
    return { ...createFileRecordStore(args.record), close: () => Promise.resolve() };
  }
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    throw new Misconfigured(
      'KUBERNETES_SERVICE_HOST is not set, so this is no pod of the hub: give --record <folder>',
    );
  }
  return createInClusterRecordStore({
    namespace: plan.record.namespace,
    host,
    port,
    ...(args.serviceAccountDir === undefined ? {} : { serviceAccountDir: args.serviceAccountDir }),
    version,
    clock: systemClock,
  });
}

try {
  process.exitCode = await main(process.argv.slice(2), process.env);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.misconfigured;
}
