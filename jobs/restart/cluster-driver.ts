import type { PlannedTarget } from '../../src/plan/restart-plan.ts';
import type { Needed } from './core/events.ts';
import type { Trouble } from './core/outcome.ts';
import { troubleOf, type Emit } from './emit.ts';
import { LinkError } from './link-error.ts';
import { observe } from './observe.ts';
import { pace } from './outage.ts';
import type {
  Clock,
  Clusters,
  Connection,
  Observed,
  Stamp,
  WorkloadId,
  WorkloadQuery,
} from './ports.ts';
import { longestRetryAfterMs, retry, retryDelay } from './retry.ts';
import { deniedRights, type RightsOptions } from './rights.ts';

export interface ClusterDriverOptions {
  readonly clusters: Clusters;
  readonly clock: Clock;
  readonly emit: Emit;
  /** In [0, 1), for the jitter of waits. */
  readonly random: () => number;
}

export interface PatchRequest {
  readonly workload: number;
  readonly id: WorkloadId;
  readonly stamp: Stamp;
}

/** Every call on the way in has a deadline of its own; this one is for what hangs all the same. */
const connectMs = 5 * 60_000;

/** One target while it is open: its connection, and what the core asks of it. */
export class ClusterDriver {
  readonly #cluster: number;
  readonly #options: ClusterDriverOptions;
  readonly #closing = new AbortController();
  /** Patches that were put off or not answered, by workload. */
  readonly #failures = new Map<number, number>();
  #connection: Connection | undefined;

  constructor(cluster: number, options: ClusterDriverOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  async connect(target: PlannedTarget): Promise<void> {
    const { emit } = this.#options;
    try {
      const connection = await this.#connectInTime(target);
      if (this.#closing.signal.aborted) {
        await connection.close();
        return;
      }
      this.#connection = connection;
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      emit({ type: 'clusterLost', cluster: this.#cluster, trouble: troubleOf(error) });
      return;
    }
    emit({ type: 'connected', cluster: this.#cluster });
  }

  async #connectInTime(target: PlannedTarget): Promise<Connection> {
    const { clusters, clock } = this.#options;
    const settled = new AbortController();
    const late = clock.sleep(connectMs, settled.signal).then(() => {
      throw new LinkError('network', `not connected after ${connectMs / 1000} s`);
    });
    late.catch(() => undefined);
    const connecting = clusters.connect(target, this.#closing.signal);
    try {
      return await Promise.race([connecting, late]);
    } catch (error) {
      // Should it come all the same, nobody waits for it any more.
      connecting.then((connection) => connection.close()).catch(() => undefined);
      throw error;
    } finally {
      settled.abort();
    }
  }

  /** What the caller may do there; a review that can't be asked for loses the cluster. */
  async review(needs: readonly Needed[], options: RightsOptions): Promise<void> {
    const { clock, emit, random } = this.#options;
    const cluster = this.#cluster;
    const { signal } = this.#closing;
    const { reviews } = this.#opened();
    try {
      const denials = await retry(() => deniedRights(reviews, needs, options, signal), {
        clock,
        signal,
        random,
      });
      emit({ type: 'reviewed', cluster, denials });
    } catch (error) {
      if (signal.aborted) return;
      emit({ type: 'clusterLost', cluster, trouble: troubleOf(error) });
    }
  }

  async observe(query: WorkloadQuery): Promise<void> {
    const { clock, emit, random } = this.#options;
    const cluster = this.#cluster;
    const { workloads } = this.#opened();
    const { signal } = this.#closing;
    for await (const seen of observe(workloads, query, clock, signal, { random })) {
      switch (seen.type) {
        case 'snapshot':
          emit({ type: 'snapshot', cluster, query, items: seen.items });
          break;
        case 'changed':
          emit({ type: 'changed', cluster, object: seen.object });
          break;
        case 'deleted':
          emit({ type: 'deleted', cluster, ...seen.id });
          break;
        case 'problem':
          emit({ type: 'observationLost', cluster, query, trouble: troubleOf(seen.error) });
          break;
      }
    }
  }

  /** The last look before the door is shut. A look that fails leaves the proofs as they were. */
  async look(queries: readonly WorkloadQuery[]): Promise<void> {
    const { clock, emit, random } = this.#options;
    const cluster = this.#cluster;
    const { signal } = this.#closing;
    const { workloads } = this.#opened();
    const looks = queries.map(async (query) => {
      try {
        const { items } = await retry(() => workloads.list(query, signal), {
          clock,
          signal,
          random,
        });
        emit({ type: 'snapshot', cluster, query, items });
        return undefined;
      } catch (error) {
        return signal.aborted ? undefined : troubleOf(error);
      }
    });
    const [trouble] = (await Promise.all(looks)).filter((one) => one !== undefined);
    emit({ type: 'lookedAgain', cluster, ...(trouble && { trouble }) });
  }

  /**
   * A patch is sent once. Whatever is not a plain yes or no is settled by reading again: after a
   * pause, since the core may ask for the same patch then.
   */
  async patch({ workload, id, stamp }: PatchRequest): Promise<void> {
    const { clock, emit } = this.#options;
    const { signal } = this.#closing;
    const { workloads } = this.#opened();
    let trouble: Trouble | undefined;
    let pauseMs = 0;
    try {
      const result = await workloads.patch(id, stamp, signal);
      switch (result.kind) {
        case 'patched':
          emit({ type: 'patched', workload, object: result.object });
          return;
        case 'notFound':
          emit({ type: 'notPatched', workload, object: undefined });
          return;
        case 'conflict':
          break;
      }
    } catch (error) {
      if (signal.aborted) return;
      trouble = troubleOf(error);
      if (!trouble.transient) {
        emit({ type: 'patchRefused', workload, trouble });
        return;
      }
      pauseMs = this.#pauseAfter(workload, error as LinkError);
    }
    // While the network fails, up to the workload's deadline: its patch may be rolling out. Who is
    // no longer known (a session that was revoked) goes to the next attempt.
    for (;;) {
      try {
        if (pauseMs > 0) await clock.sleep(pauseMs, signal);
        const object = await workloads.get(id, signal);
        emit({ type: 'notPatched', workload, object, ...(trouble && { trouble }) });
        return;
      } catch (error) {
        if (signal.aborted) return;
        const refusal = troubleOf(error);
        if (!refusal.transient || refusal.link !== 'network') {
          emit({ type: 'patchRefused', workload, trouble: refusal });
          return;
        }
        emit({ type: 'patchUnsure', workload, trouble: refusal });
        pauseMs = this.#pauseAfter(workload, error as LinkError);
      }
    }
  }

  async evict(workload: number, seen: Observed): Promise<void> {
    const { emit } = this.#options;
    const { signal } = this.#closing;
    try {
      const answer = await this.#opened().pods.evictOne(seen, signal);
      emit({ type: 'evicted', workload, answer });
    } catch (error) {
      if (signal.aborted) return;
      const answer = { kind: 'trouble', trouble: troubleOf(error) } as const;
      emit({ type: 'evicted', workload, answer });
    }
  }

  /** What can't be diagnosed tells nothing, and is asked again. */
  async diagnose(workload: number, seen: Observed, since: string): Promise<void> {
    const { emit } = this.#options;
    const { signal } = this.#closing;
    try {
      const diagnosis = await this.#opened().pods.diagnose(seen, since, signal);
      emit({ type: 'diagnosed', workload, diagnosis });
    } catch (error) {
      if (signal.aborted) return;
      const { message } = troubleOf(error);
      const diagnosis = { summary: `its pods can't be read: ${message}`, hopeless: false };
      emit({ type: 'diagnosed', workload, diagnosis });
    }
  }

  /** An Event on the workload; one that can't be written is not missed by the run. */
  async announce(seen: Observed, stamp: Stamp): Promise<void> {
    const { signal } = this.#closing;
    try {
      await this.#opened().pods.announce(seen, stamp, signal);
    } catch (error) {
      if (!signal.aborted) troubleOf(error);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
  }

  /** Longer with each failure, and never shorter than the server asks for. Milliseconds. */
  #pauseAfter(workload: number, { retryAfterMs = 0 }: LinkError): number {
    const failures = (this.#failures.get(workload) ?? 0) + 1;
    this.#failures.set(workload, failures);
    const asked = Math.min(retryAfterMs, longestRetryAfterMs);
    return retryDelay(pace, failures, this.#options.random, asked);
  }

  #opened(): Connection {
    if (!this.#connection) throw new Error(`cluster ${this.#cluster} is not connected`);
    return this.#connection;
  }
}
