import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { CommanderError } from 'commander';
import { Misconfigured, parseArguments, secondsOf, type Arguments } from './arguments.ts';
import { createClusters } from './aws/clusters.ts';
import { systemClock } from './clock.ts';
import { instantOfJob, parseInstant, type Instant } from './core/instant.ts';
import { deliverReport, deliverStop, log } from './deliver.ts';
import { detailedNothingToDo, exitCodes } from './exit-code.ts';
import { createFileHub } from './kube/file-hub.ts';
import { createHub } from './kube/hub.ts';
import { LinkError } from './link-error.ts';
import { parsePlan, type ParsedPlan } from './parse-plan.ts';
import type { Hub } from './ports.ts';
import { recordUnusable, restart, stopped, type RestartResult, type Stopped } from './restart.ts';
import { version } from './version.ts';

/** An instant given by hand may lie so far ahead of this clock. Milliseconds. */
const clockSkewMs = 60_000;

/** Runs the job. Resolves with its exit code. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    return await run(parseArguments(argv), env);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.misconfigured;
  }
}

async function run(args: Arguments, env: NodeJS.ProcessEnv): Promise<number> {
  const result = await attempt(args, env).catch(stoppedBy);
  if (result.kind === 'stopped') {
    deliverStop(result, args);
    return result.code;
  }
  const { exit } = result.report;
  return exit.name === 'nothingToDo' && args.detailedExitcode ? detailedNothingToDo : exit.code;
}

function stoppedBy(error: unknown): Stopped {
  if (error instanceof Misconfigured) return stopped('misconfigured', error.message);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return stopped('crashed', text);
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
  const graceMs = secondsOf('--grace-seconds', args.graceSeconds) * 1000;
  const lockWaitMs = secondsOf('--lock-wait-seconds', args.lockWaitSeconds) * 1000;
  const instant = instantOf(args, plan, jobName);
  let hub;
  try {
    hub = await openHub(args, plan, env);
  } catch (error) {
    if (error instanceof LinkError) return recordUnusable(error);
    throw error;
  }
  try {
    return await restart({
      plan,
      instant,
      ...(job === undefined ? {} : { job }),
      holder: `${hostname()}_${randomUUID().slice(0, 8)}`,
      ...(args.reason === undefined ? {} : { reason: args.reason }),
      dryRun: args.dryRun ?? false,
      lockWaitMs,
      clock: systemClock,
      clusters: createClusters({
        identity: plan.plan.identity,
        env,
        clock: systemClock,
        restart: plan.plan.restart,
        version,
      }),
      hub,
      terminate: terminate.signal,
      graceMs,
      onProgress: log,
      onReport: (report) => {
        deliverReport(report, args);
      },
    });
  } finally {
    await hub.close();
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

async function openHub(
  args: Arguments,
  { plan }: Extract<ParsedPlan, { kind: 'plan' }>,
  env: NodeJS.ProcessEnv,
): Promise<Hub> {
  if (args.record !== undefined) {
    return createFileHub({ folder: args.record, place: plan.record, version });
  }
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) {
    throw new Misconfigured(
      'KUBERNETES_SERVICE_HOST is not set, so this is no pod of the hub: give --record <folder>',
    );
  }
  return createHub({
    place: plan.record,
    restart: plan.restart,
    host,
    port,
    ...(args.serviceAccountDir === undefined ? {} : { serviceAccountDir: args.serviceAccountDir }),
    version,
    clock: systemClock,
  });
}
