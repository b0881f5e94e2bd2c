import type { PlannedTarget } from '../../../src/plan/restart-plan.ts';
import type { RunProgress } from '../core/events.ts';
import type { Instant } from '../core/instant.ts';
import type { Memory } from '../core/judge.ts';
import type { Entry, PastRun } from './format.ts';
import type { Shard } from './shard.ts';

/** What a run has done so far, written ahead into the hub, spread over its ConfigMaps. */
export class RunRecord {
  readonly instant: Instant;
  readonly #shards: readonly Shard[];
  readonly #shardOf: ReadonlyMap<string, number>;

  constructor(
    instant: Instant,
    shards: readonly Shard[],
    targets: readonly Pick<PlannedTarget, 'cluster' | 'shard'>[],
  ) {
    this.instant = instant;
    this.#shards = shards;
    this.#shardOf = new Map(targets.map(({ cluster, shard }) => [cluster, shard]));
  }

  /** What earlier attempts at this run have written, by `cluster/kind/namespace/name`. */
  get memories(): ReadonlyMap<string, Memory> {
    return new Map(this.#shards.flatMap((shard) => [...shard.entries]));
  }

  /** How earlier attempts at this run have left it. */
  get progress(): RunProgress {
    return this.#first.progress;
  }

  /** Reads it anew, as after a wait. @throws Superseded, LinkError */
  async refresh(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.refresh()));
  }

  /** What operators have asked for by now. @throws Superseded, LinkError */
  async annotations(): Promise<Readonly<Record<string, string>>> {
    await this.#first.refresh();
    return this.#first.annotations;
  }

  get lastAnnotations(): Readonly<Record<string, string>> {
    return this.#first.annotations;
  }

  /**
   * Writes an entry, and answers with what another attempt had written of the same object.
   *
   * @throws Superseded where a later run has begun; LinkError where the record can't be written
   */
  put(key: string, entry: Entry): Promise<Memory> {
    const shard = this.#shards[this.#shardOf.get(key.slice(0, key.indexOf('/'))) ?? -1];
    if (!shard) throw new RangeError(`no ConfigMap of the run record for workload ${key}`);
    return shard.put(key, entry);
  }

  note(progress: RunProgress): Promise<void> {
    return this.#first.note(progress);
  }

  tell(change: (history: readonly PastRun[]) => readonly PastRun[]): Promise<void> {
    return this.#first.tell(change);
  }

  get #first(): Shard {
    const [first] = this.#shards;
    if (!first) throw new RangeError('a run record without a ConfigMap');
    return first;
  }
}
