import type { RunRecordPlace } from '../../../src/plan/restart-plan.ts';
import { formatInstant, type Instant } from '../core/instant.ts';
import type { Memory } from '../core/judge.ts';
import type { RecordShard, RecordStore } from '../ports.ts';
import { decodeShard, type Entry, type JobInstant, type RunHeader } from './format.ts';
import { Shard, Superseded } from './shard.ts';

/** Which run is wanted. */
export interface RunRequest {
  readonly restart: string;
  readonly planDigest: string;
  /** Known from the schedule or `--run`; otherwise the record remembers it by the Job's name. */
  readonly instant: Instant | undefined;
  readonly job?: string;
  /** For a run that has no instant yet. */
  readonly now: number;
}

export type OpenedRecord =
  | { readonly kind: 'opened'; readonly instant: Instant; readonly record: RunRecord }
  /** A later run has begun: this one restarts nothing. */
  | { readonly kind: 'superseded'; readonly instant: Instant; readonly by: string }
  /** The same run was begun with another plan. */
  | { readonly kind: 'planChanged'; readonly instant: Instant; readonly message: string };

export interface RecordSignals {
  /** Aborted when the process is told to end before the run has begun. */
  readonly opening: AbortSignal;
  /** Aborted when the run is over: what rolls after SIGTERM is still written down. */
  readonly writing: AbortSignal;
}

/**
 * Reads the record, decides which run this is, and claims the record for it.
 *
 * @throws LinkError where the record can't be reached; Error where it can't be read
 */
export async function openRecord(
  store: RecordStore,
  place: RunRecordPlace,
  request: RunRequest,
  { opening, writing }: RecordSignals,
): Promise<OpenedRecord> {
  const states = await Promise.all(place.configMaps.map((name) => store.read(name, opening)));
  const headers = states.map((state) => decodeShard(state.data).header).filter((one) => !!one);
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
  const header: RunHeader = {
    instant,
    restart: request.restart,
    planDigest: request.planDigest,
    jobs: withJob(jobs, request.job, instant),
  };
  return claim(store, place, header, states, writing);
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
  place: RunRecordPlace,
  header: RunHeader,
  states: readonly RecordShard[],
  writing: AbortSignal,
): Promise<OpenedRecord> {
  const { instant } = header;
  try {
    const shards = place.configMaps.map((name, index) => {
      const state = states[index] ?? { data: {}, resourceVersion: '' };
      return new Shard(store, name, header, state, writing);
    });
    for (const shard of shards) await shard.claim();
    return { kind: 'opened', instant, record: new RunRecord(shards, place.perShard) };
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'superseded', instant, by: 'another run' };
    throw error;
  }
}

const short = (digest: string): string => digest.slice(0, 12);

/** What a run has done so far, written ahead into the hub, spread over its ConfigMaps. */
export class RunRecord {
  readonly #shards: readonly Shard[];
  readonly #perShard: number;

  constructor(shards: readonly Shard[], perShard: number) {
    this.#shards = shards;
    this.#perShard = perShard;
  }

  /** What earlier attempts at this run have written. */
  get memories(): ReadonlyMap<number, Memory> {
    return new Map(this.#shards.flatMap((shard) => [...shard.entries]));
  }

  /**
   * Writes an entry, and answers with what another attempt had written of the same object.
   *
   * @throws Superseded where a later run has begun; LinkError where the record can't be written
   */
  put(workload: number, entry: Entry): Promise<Memory> {
    const shard = this.#shards[Math.floor(workload / this.#perShard)];
    if (!shard) throw new RangeError(`no ConfigMap of the run record for workload ${workload}`);
    return shard.put(workload, entry);
  }
}
