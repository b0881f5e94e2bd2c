import * as z from 'zod';
import { haltReasons, type RunProgress } from '../core/events.ts';
import { formatInstant, parseInstant, type Instant } from '../core/instant.ts';
import type { Memory } from '../core/judge.ts';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';

/** Which run a ConfigMap of the record speaks of. */
export interface RunHeader {
  readonly instant: Instant;
  readonly restart: string;
  /** SHA-256 of the plan: another plan means other workloads. */
  readonly planDigest: string;
  /**
   * The last Jobs that ran this restart and the instants that they were given, the newest last: a
   * Job whose name tells none finds its own again, also when another run came between.
   */
  readonly jobs: readonly JobInstant[];
}

export interface JobInstant {
  readonly job: string;
  readonly instant: Instant;
}

export type Entry = Exclude<Memory, { kind: 'none' }>;

/** One run, as its last attempt left it. Kept in the first ConfigMap. */
export interface PastRun {
  readonly run: string;
  /** The Job, or whoever ran it. */
  readonly by: string;
  /** As given with `--reason`. */
  readonly reason?: string;
  readonly planDigest: string;
  readonly startedAt: string;
  /** Of the last attempt that came to an end. */
  readonly finishedAt?: string;
  readonly attempts: number;
  readonly wavesDone: number;
  /** Workloads that have used up the failure budget. */
  readonly failures: number;
  readonly exit?: string;
  readonly counts?: Readonly<Record<string, number>>;
}

export interface ShardContent {
  readonly header?: RunHeader;
  /** By `cluster/kind/namespace/name`. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly progress: RunProgress;
  /** The newest last. */
  readonly history: readonly PastRun[];
}

export const noProgress: RunProgress = { wavesDone: 0, failed: [] };

const headerSchema = z.object({
  // What version 1 knew of its workloads was by their places in a plan of that version.
  version: z.literal([1, 2]),
  run: z.string(),
  restart: z.string(),
  planDigest: z.string(),
  jobs: z.array(z.tuple([z.string(), z.string()])).default([]),
});
const progressSchema = z.object({
  wavesDone: z.int().min(0),
  failed: z.array(z.string()),
  failingBefore: z.array(z.string()).exactOptional(),
  known: z.int().exactOptional(),
  halted: z.object({ reason: z.enum(haltReasons), message: z.string() }).exactOptional(),
});
const entriesSchema = z.record(
  z.string(),
  z.tuple([z.enum(['intended', 'patched']), z.int(), z.string()]),
);
const historySchema = z.array(
  z.object({
    run: z.string(),
    by: z.string(),
    reason: z.string().exactOptional(),
    planDigest: z.string(),
    startedAt: z.string(),
    finishedAt: z.string().exactOptional(),
    attempts: z.int(),
    wavesDone: z.int(),
    failures: z.int(),
    exit: z.string().exactOptional(),
    counts: z.record(z.string(), z.int()).exactOptional(),
  }),
);

/**
 * The `data` of a ConfigMap: `run.json` says which run, `workloads.json` holds
 * `{"<cluster>/<kind>/<namespace>/<name>": ["intended" | "patched", generation, uid]}`,
 * `progress.json` how the run stands, `history.json` the runs before.
 */
export function encodeShard(content: ShardContent): Record<string, string> {
  const { header, entries, progress, history } = content;
  const past = history.length === 0 ? {} : { 'history.json': JSON.stringify(history) };
  if (!header) return past;
  const { instant, restart, planDigest } = header;
  const jobs = header.jobs.map((one) => [one.job, formatInstant(one.instant)]);
  const run = { version: 2, run: formatInstant(instant), restart, planDigest, jobs };
  const workloads = Object.fromEntries(
    [...entries].map(([key, { kind, generation, uid }]) => [key, [kind, generation, uid]]),
  );
  return {
    'run.json': JSON.stringify(run),
    'workloads.json': JSON.stringify(workloads),
    'progress.json': JSON.stringify(progress),
    ...past,
  };
}

/** @throws LinkError where the data is there but can't be read: what a run has done is then unknown. */
export function decodeShard(data: Readonly<Record<string, string>>): ShardContent {
  try {
    return decode(data);
  } catch (error) {
    const found = safeText(error instanceof Error ? error.message : String(error));
    throw new LinkError(
      'record',
      `the run record can't be read: ${found}. What it recorded is unknown; remove its data to begin anew.`,
    );
  }
}

function decode(data: Readonly<Record<string, string>>): ShardContent {
  const history = historySchema.parse(JSON.parse(data['history.json'] ?? '[]'));
  const run = data['run.json'];
  if (run === undefined) return { entries: new Map(), progress: noProgress, history };
  const header = headerSchema.parse(JSON.parse(run));
  const instant = parseInstant(header.run);
  if (instant === undefined) throw new Error(`"${header.run}" is no instant`);
  const { restart, planDigest, version } = header;
  const jobs = header.jobs.flatMap(([job, given]) => {
    const at = parseInstant(given);
    return at === undefined ? [] : [{ job, instant: at }];
  });
  const entries =
    version === 1 ? {} : entriesSchema.parse(JSON.parse(data['workloads.json'] ?? '{}'));
  const progress = data['progress.json'];
  return {
    header: { instant, restart, planDigest, jobs },
    entries: new Map(
      Object.entries(entries).map(([key, [kind, generation, uid]]) => [
        key,
        { kind, generation, uid },
      ]),
    ),
    progress: progress === undefined ? noProgress : progressSchema.parse(JSON.parse(progress)),
    history,
  };
}
