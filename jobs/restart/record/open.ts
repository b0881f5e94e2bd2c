import type { RestartPlan } from '../../../src/plan/restart-plan.ts';
import { formatInstant, type Instant } from '../core/instant.ts';
import type { Clock, RecordShard, RecordStore } from '../ports.ts';
import { unlessAborted } from '../within.ts';
import { decodeShard, type JobInstant, type PastRun, type RunHeader } from './format.ts';
import { withRun } from './merge.ts';
import { RunRecord } from './run-record.ts';
import { Shard, Superseded } from './shard.ts';

/** Which run is wanted. */
export interface RunRequest {
  readonly planDigest: string;
  /** Known from the schedule or `--run`; otherwise the record remembers it by the Job's name. */
  readonly instant: Instant | undefined;
  readonly job?: string;
  /** Who runs it, for the history. */
  readonly by: string;
  /** Why, for the history. */
  readonly reason?: string;
  /** For a run that has no instant yet. */
  readonly now: number;
}

export type OpenedRecord =
  | { readonly kind: 'opened'; readonly instant: Instant; readonly record: RunRecord }
  /** A later run has begun: this one restarts nothing. */
  | { readonly kind: 'superseded'; readonly instant: Instant; readonly by: string }
  /** The same run was begun with another plan. */
  | { readonly kind: 'planChanged'; readonly instant: Instant; readonly message: string }
  /** Too many runs have begun of late. */
  | { readonly kind: 'storm'; readonly instant: Instant; readonly message: string };

export interface RecordContext {
  readonly clock: Clock;
  /** In [0, 1), for the jitter of waits. Default: `Math.random`. */
  readonly random?: () => number;
  /** Aborted when the process is told to end before the run has begun. */
  readonly opening: AbortSignal;
  /** Aborted when the run is over: what rolls after SIGTERM is still written down. */
  readonly writing: AbortSignal;
}

/**
 * Reads the record, decides which run this is, and claims the record for it.
 *
 * @throws LinkError where the record can't be reached or read
 */
export async function openRecord(
  store: RecordStore,
  plan: RestartPlan,
  request: RunRequest,
  context: RecordContext,
): Promise<OpenedRecord> {
  const { opening } = context;
  const place = plan.record;
  const states = await Promise.all(place.configMaps.map((name) => store.read(name, opening)));
  const contents = states.map((state) => decodeShard(state.data));
  const headers = contents.map(({ header }) => header).filter((one) => !!one);
  const jobs = headers[0]?.jobs ?? [];
  const remembered = jobs.find(({ job }) => job === request.job)?.instant;
  const instant = request.instant ?? remembered ?? Math.floor(request.now / 1000) * 1000;
  const later = headers.find((header) => header.instant > instant);
  if (later) return { kind: 'superseded', instant, by: formatInstant(later.instant) };
  const changed = headers.find(
    (header) => header.instant === instant && header.planDigest !== request.planDigest,
  );
  if (changed) {
    const message = `run ${formatInstant(instant)} was begun with plan ${short(changed.planDigest)}, and this is plan ${short(request.planDigest)}`;
    return { kind: 'planChanged', instant, message };
  }
  const storm = stormOf(plan, contents[0]?.history ?? [], instant, request.now);
  if (storm !== undefined) return { kind: 'storm', instant, message: storm };
  const header: RunHeader = {
    instant,
    restart: plan.restart,
    planDigest: request.planDigest,
    jobs: withJob(jobs, request.job, instant),
  };
  return unlessAborted(opening, claim(store, plan, header, states, request, context));
}

/** Runs that have begun within the breaker's time; this one, if it had begun before, is none of them. */
function stormOf(
  { strategy: { stormBreaker } }: RestartPlan,
  history: readonly PastRun[],
  instant: Instant,
  now: number,
): string | undefined {
  if (!stormBreaker) return undefined;
  if (history.some(({ run }) => run === formatInstant(instant))) return undefined;
  const since = now - stormBreaker.withinSeconds * 1000;
  const recent = history.filter(({ startedAt }) => Date.parse(startedAt) > since);
  if (recent.length < stormBreaker.runs) return undefined;
  return `${recent.length} runs have begun within ${stormBreaker.withinSeconds} s, and the storm breaker allows ${stormBreaker.runs}`;
}

/** So many Jobs are remembered. */
const mostJobs = 10;

const withJob = (
  jobs: readonly JobInstant[],
  job: string | undefined,
  instant: Instant,
): readonly JobInstant[] =>
  job === undefined
    ? jobs
    : [...jobs.filter((one) => one.job !== job), { job, instant }].slice(-mostJobs);

async function claim(
  store: RecordStore,
  plan: RestartPlan,
  header: RunHeader,
  states: readonly RecordShard[],
  request: RunRequest,
  { clock, random, writing }: RecordContext,
): Promise<OpenedRecord> {
  const { instant } = header;
  const waiting = { clock, signal: writing, ...(random && { random }) };
  try {
    const shards = plan.record.configMaps.map((name, index) => {
      const state = states[index] ?? { data: {}, annotations: {}, resourceVersion: '' };
      return new Shard(store, name, header, state, waiting);
    });
    for (const shard of shards.slice(1)) await shard.claim();
    const record = new RunRecord(instant, shards, plan.targets);
    // Claims the first one too.
    await record.tell((history) => begun(history, header, request));
    return { kind: 'opened', instant, record };
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'superseded', instant, by: 'another run' };
    throw error;
  }
}

const begun = (
  history: readonly PastRun[],
  { instant, planDigest }: RunHeader,
  { by, reason, now }: RunRequest,
): readonly PastRun[] =>
  withRun(history, formatInstant(instant), (known) => ({
    run: formatInstant(instant),
    by: known?.by ?? by,
    ...(reason === undefined ? {} : { reason }),
    planDigest,
    startedAt: known?.startedAt ?? new Date(now).toISOString(),
    attempts: (known?.attempts ?? 0) + 1,
    wavesDone: known?.wavesDone ?? 0,
    failures: known?.failures ?? 0,
  }));

const short = (digest: string): string => digest.slice(0, 12);
