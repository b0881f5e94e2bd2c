import { createRun } from './core/create.ts';
import { formatInstant, type Instant } from './core/instant.ts';
import type { Goal } from './core/judge.ts';
import { exitCodes, type ExitName } from './exit-code.ts';
import { waitForBlockers } from './gates.ts';
import { acquireLease } from './lease/acquire.ts';
import type { HeldLease } from './lease/held-lease.ts';
import { LinkError } from './link-error.ts';
import type { ParsedPlan } from './parse-plan.ts';
import type { Clock, Clusters, Hub } from './ports.ts';
import { openRecord, type OpenedRecord } from './record/open.ts';
import type { RunRecord } from './record/run-record.ts';
import { Superseded } from './record/shard.ts';
import { tellHistory } from './tell-history.ts';
import { reportOf, type Report } from './report.ts';
import { runRestart } from './runner.ts';
import { unlessAborted } from './within.ts';

/** A stamp that lies further ahead than a clock can be wrong is no restart. Milliseconds. */
const day = 24 * 3600 * 1000;

export interface RestartOptions {
  readonly plan: Extract<ParsedPlan, { kind: 'plan' }>;
  /** From the schedule or `--run`. */
  readonly instant: Instant | undefined;
  /** The Job's uid or name, where there is one. */
  readonly job?: string;
  /** Who runs it: no two processes have the same. Holds the Lease, and stands in the history. */
  readonly holder: string;
  /** Why, for the history. */
  readonly reason?: string;
  /** Only the examination: nothing is changed, and nothing is recorded. Default: false. */
  readonly dryRun?: boolean;
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly hub: Hub;
  readonly terminate: AbortSignal;
  readonly graceMs: number;
  /** How long another holder of the Lease is waited for. Default: 10 minutes. */
  readonly lockWaitMs?: number;
  /** Lines for whoever follows the run. */
  readonly onProgress: (line: string) => void;
  /**
   * Called with the report as soon as there is one: what is left to do then, in the hub, may take
   * its time or fail.
   */
  readonly onReport?: (report: Report) => void;
  /** In [0, 1), for the jitter of waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Ended without a report. */
export interface Stopped {
  readonly kind: 'stopped';
  readonly exit: ExitName;
  readonly code: number;
  readonly message: string;
}

export type RestartResult = { readonly kind: 'report'; readonly report: Report } | Stopped;

/** One attempt at a run: the record is opened, the plan carried out, and the report made. */
export async function restart(options: RestartOptions): Promise<RestartResult> {
  const { clock, terminate } = options;
  const over = new AbortController();
  const startedAt = clock.now();
  try {
    if (options.dryRun) {
      const instant = options.instant ?? Math.floor(startedAt / 1000) * 1000;
      return await carryOut(options, { instant, startedAt, record: undefined, lease: undefined });
    }
    const opened = await open(options, startedAt, over.signal);
    switch (opened.kind) {
      case 'planChanged':
        return stopped('misconfigured', opened.message);
      case 'storm':
        return stopped('refused', opened.message);
      case 'superseded': {
        options.onProgress(`superseded by run ${opened.by}: only looking`);
        const { instant } = opened;
        return await carryOut(options, { instant, startedAt, record: undefined, lease: undefined });
      }
      case 'opened':
        return await lockAndCarryOut(options, opened, startedAt);
    }
  } catch (error) {
    if (terminate.aborted && isOpening(error, terminate)) {
      return stopped('retryable', 'told to end before the run began');
    }
    if (error instanceof LinkError) return recordUnusable(error);
    throw error;
  } finally {
    over.abort();
  }
}

const isOpening = (error: unknown, terminate: AbortSignal): boolean =>
  error instanceof LinkError || error === terminate.reason;

function open(options: RestartOptions, now: number, writing: AbortSignal): Promise<OpenedRecord> {
  const { plan, digest } = options.plan;
  const { instant, job, holder, reason, terminate, hub, clock, random } = options;
  const request = {
    planDigest: digest,
    instant,
    by: holder,
    now,
    ...(job === undefined ? {} : { job }),
    ...(reason === undefined ? {} : { reason }),
  };
  const context = { clock, opening: terminate, writing, ...(random && { random }) };
  return openRecord(hub.store, plan, request, context);
}

/** A pod that is there twice waits for the other, and then finds everything done. */
async function lockAndCarryOut(
  options: RestartOptions,
  { instant, record }: Extract<OpenedRecord, { kind: 'opened' }>,
  startedAt: number,
): Promise<RestartResult> {
  const { clock, hub, terminate, holder, lockWaitMs = 600_000, onProgress } = options;
  const { strategy } = options.plan.plan;
  const blocking = await waitForBlockers(strategy, { hub, clock, signal: terminate }, (message) => {
    onProgress(`blocked: ${message}`);
  });
  if (blocking !== undefined) {
    const refused = await carryOut(options, {
      instant,
      startedAt,
      record,
      lease: undefined,
      blocking,
    });
    if (refused.kind === 'report') await tellHistory(record, refused.report, options);
    return refused;
  }
  const acquired = await acquireLease({
    store: hub.lease,
    me: holder,
    clock,
    signal: terminate,
    waitMs: lockWaitMs,
    onWaiting: (other) => {
      onProgress(`waiting for the Lease, which ${other} holds`);
    },
  });
  if (acquired.kind === 'refused') {
    return stopped('refused', `${acquired.holder} holds the Lease and renews it`);
  }
  const { lease } = acquired;
  try {
    try {
      await unlessAborted(terminate, record.refresh());
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      onProgress('superseded by a later run: only looking');
      // The later run waits for it.
      await lease.release();
      return await carryOut(options, { instant, startedAt, record: undefined, lease: undefined });
    }
    const result = await carryOut(options, { instant, startedAt, record, lease });
    if (result.kind === 'report') await tellHistory(record, result.report, options);
    return result;
  } finally {
    await lease.release();
  }
}

interface Attempt {
  readonly instant: Instant;
  readonly startedAt: number;
  readonly record: RunRecord | undefined;
  readonly lease: HeldLease | undefined;
  /** What was in the way before it could begin. */
  readonly blocking?: string;
}

async function carryOut(options: RestartOptions, attempt: Attempt): Promise<RestartResult> {
  const { clock, clusters, hub, terminate, graceMs, onProgress, dryRun = false } = options;
  const { plan, digest } = options.plan;
  const { instant, startedAt, record, lease, blocking } = attempt;
  const goal: Goal = {
    instant,
    horizon: startedAt + day,
    minIntervalMs: (plan.strategy.minIntervalSeconds ?? 0) * 1000,
    evicts: plan.strategy.evictOnDelete,
  };
  const run = createRun(plan, goal, {
    dryRun,
    ...(record && { memories: record.memories, progress: record.progress }),
    ...(blocking !== undefined && {
      stopped: { reason: 'blocked', message: blocking, looks: true } as const,
    }),
  });
  onProgress(
    `run ${formatInstant(instant)} of ${plan.restart}: ${run.workloads.length} workloads in ${run.clusters.length} clusters`,
  );
  const told = new Map<number, string>();
  await runRestart(run, {
    clock,
    clusters,
    hub,
    record,
    lease,
    terminate,
    graceMs,
    random: options.random ?? Math.random,
    onProgress: (index, message) => {
      if (index === undefined) {
        onProgress(message);
        return;
      }
      if (told.get(index) === message) return;
      told.set(index, message);
      const workload = run.workloads[index];
      const cluster = plan.targets[workload?.cluster ?? 0]?.cluster ?? '';
      onProgress(
        `${cluster} ${workload?.kind ?? ''} ${workload?.namespace ?? ''}/${workload?.name ?? ''}: ${message}`,
      );
    },
  });
  const report = reportOf(run, { planDigest: digest, startedAt, finishedAt: clock.now() });
  options.onReport?.(report);
  return { kind: 'report', report };
}

export const recordUnusable = ({ transient, message }: LinkError): Stopped =>
  stopped(
    transient ? 'retryable' : 'incomplete',
    `the run record can't be used, so nothing is restarted: ${message}`,
  );

export const stopped = (exit: ExitName, message: string): Stopped => ({
  kind: 'stopped',
  exit,
  code: exitCodes[exit],
  message,
});
