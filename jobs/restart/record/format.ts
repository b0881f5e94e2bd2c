import { z } from 'zod';
import { formatInstant, parseInstant, type Instant } from '../core/instant.ts';
import type { Memory } from '../core/judge.ts';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';

/** Which run a ConfigMap of the record speaks of. */
export interface RunHeader {
  readonly instant: Instant;
  readonly restart: string;
  /** SHA-256 of the plan: another plan's indexes mean other workloads. */
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

export interface ShardContent {
  readonly header?: RunHeader;
  /** By the workload's index in the plan's order. */
  readonly entries: ReadonlyMap<number, Entry>;
}

const headerSchema = z.object({
  version: z.literal(1),
  run: z.string(),
  restart: z.string(),
  planDigest: z.string(),
  jobs: z.array(z.tuple([z.string(), z.string()])).default([]),
});
const entriesSchema = z.record(
  z.string().regex(/^\d+$/),
  z.tuple([z.enum(['intended', 'patched']), z.int(), z.string()]),
);

/**
 * The `data` of a ConfigMap: `run.json` says which run, `workloads.json` holds
 * `{"<index>": ["intended" | "patched", generation, uid]}`.
 */
export function encodeShard(
  header: RunHeader,
  entries: ReadonlyMap<number, Entry>,
): Record<string, string> {
  const { instant, restart, planDigest } = header;
  const jobs = header.jobs.map((one) => [one.job, formatInstant(one.instant)]);
  const run = { version: 1, run: formatInstant(instant), restart, planDigest, jobs };
  const workloads = Object.fromEntries(
    [...entries].map(([index, { kind, generation, uid }]) => [index, [kind, generation, uid]]),
  );
  return { 'run.json': JSON.stringify(run), 'workloads.json': JSON.stringify(workloads) };
}

/** @throws LinkError where the data is there but can't be read: what a run has done is then unknown. */
export function decodeShard(data: Readonly<Record<string, string>>): ShardContent {
  const run = data['run.json'];
  if (run === undefined) return { entries: new Map() };
  try {
    return decode(run, data['workloads.json'] ?? '{}');
  } catch (error) {
    const found = safeText(error instanceof Error ? error.message : String(error));
    throw new LinkError(
      'record',
      `the run record can't be read: ${found}. What it recorded is unknown; remove its run.json and workloads.json to begin anew.`,
    );
  }
}

function decode(run: string, entries: string): ShardContent {
  const header = headerSchema.parse(JSON.parse(run));
  const instant = parseInstant(header.run);
  if (instant === undefined) throw new Error(`"${header.run}" is no instant`);
  const workloads = entriesSchema.parse(JSON.parse(entries));
  const { restart, planDigest } = header;
  const jobs = header.jobs.flatMap(([job, given]) => {
    const at = parseInstant(given);
    return at === undefined ? [] : [{ job, instant: at }];
  });
  return {
    header: { instant, restart, planDigest, jobs },
    entries: new Map(
      Object.entries(workloads).map(([index, [kind, generation, uid]]) => [
        Number(index),
        { kind, generation, uid },
      ]),
    ),
  };
}
