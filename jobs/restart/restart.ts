import { formatInstant, type Instant } from './core/instant.ts';
import { createRun } from './core/state.ts';
import { exitCodes, type ExitName } from './exit-code.ts';
import { LinkError } from './link-error.ts';
import type { Clock, Clusters, RecordStore } from './ports.ts';
import type { ParsedPlan } from './parse-plan.ts';
import { openRecord } from './record/run-record.ts';
import { reportOf, type Report } from './report.ts';
import { runRestart } from './runner.ts';

/** A stamp that lies further ahead than a clock can be wrong is no restart. Milliseconds. */
const day = 24 * 3600 * 1000;

export interface RestartOptions {
  readonly plan: Extract<ParsedPlan, { kind: 'plan' }>;
  /** From the schedule or `--run`. */
  readonly instant: Instant | undefined;
  /** The Job's name, where there is one. */
  readonly job?: string;
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly store: RecordStore;
  readonly terminate: AbortSignal;
  readonly graceMs: number;
  /** Lines for whoever follows the run. */
  readonly onProgress: (line: string) => void;
  /** In [0, 1), for the jitter of waits. Default: `Math.random`. */
  readonly random?: () => number;
}

export type RestartResult =
  | { readonly kind: 'report'; readonly report: Report }
  | {
      readonly kind: 'stopped';
      readonly exit: ExitName;
      readonly code: number;
      readonly message: string;
    };

/** One attempt at a run: the record is opened, the plan carried out, and the report made. */
export async function restart(options: RestartOptions): Promise<RestartResult> {
  const { clock, clusters, store, terminate, graceMs, onProgress } = options;
  const { plan, digest } = options.plan;
  const startedAt = clock.now();
  const over = new AbortController();
  let opened;
  try {
    const request = {
      restart: plan.restart,
      planDigest: digest,
      instant: options.instant,
      now: startedAt,
      ...(options.job === undefined ? {} : { job: options.job }),
    };
    const signals = { opening: terminate, writing: over.signal };
    opened = await openRecord(store, plan.record, request, signals);
  } catch (error) {
    if (terminate.aborted) return stopped('retryable', 'told to end before the run began');
    if (!(error instanceof LinkError)) throw error;
    return recordUnusable(error);
  }
  if (opened.kind === 'planChanged') return stopped('misconfigured', opened.message);
  const { instant } = opened;
  const record = opened.kind === 'opened' ? opened.record : undefined;
  const run = createRun(plan, { instant, horizon: startedAt + day }, record?.memories);
  onProgress(
    `run ${formatInstant(instant)} of ${plan.restart}: ${run.workloads.length} workloads in ${run.clusters.length} clusters`,
  );
  if (opened.kind === 'superseded') onProgress(`superseded by run ${opened.by}: only looking`);
  const told = new Map<number, string>();
  await runRestart(run, {
    clock,
    clusters,
    record,
    terminate,
    graceMs,
    random: options.random ?? Math.random,
    onProgress: (index, message) => {
      if (told.get(index) === message) return;
      told.set(index, message);
      const workload = run.workloads[index];
      const cluster = plan.targets[workload?.cluster ?? 0]?.cluster ?? '';
      onProgress(`${cluster} ${workload?.namespace ?? ''}/${workload?.name ?? ''}: ${message}`);
    },
  });
  over.abort();
  const report = reportOf(run, { planDigest: digest, startedAt, finishedAt: clock.now() });
  return { kind: 'report', report };
}

export const recordUnusable = ({ transient, message }: LinkError): RestartResult =>
  stopped(
    transient ? 'retryable' : 'incomplete',
    `the run record can't be used, so nothing is restarted: ${message}`,
  );

export const stopped = (exit: ExitName, message: string): RestartResult => ({
  kind: 'stopped',
  exit,
  code: exitCodes[exit],
  message,
});
