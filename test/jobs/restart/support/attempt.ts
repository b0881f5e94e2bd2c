import type { VirtualClock } from '../../../../src/simulator/virtual-clock.ts';
import type {
  Clock,
  Lease,
  LeaseStore,
  RecordShard,
  RecordStore,
} from '../../../../jobs/restart/ports.ts';

/** The job's clock on virtual time. */
export const virtualJobClock = (clock: VirtualClock): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const fail = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = clock.after(ms, () => {
        signal?.removeEventListener('abort', fail);
        resolve();
      });
      if (signal?.aborted) fail();
      else signal?.addEventListener('abort', fail, { once: true });
    }),
});

/** A run record in memory, with resourceVersions, shared by attempts. */
export class MemoryRecordStore implements RecordStore {
  readonly shards = new Map<string, RecordShard>();
  writes = 0;

  read(configMap: string): Promise<RecordShard> {
    const none = { data: {}, annotations: {}, resourceVersion: '0' };
    return Promise.resolve(this.shards.get(configMap) ?? none);
  }

  write(
    configMap: string,
    data: Readonly<Record<string, string>>,
    resourceVersion: string,
  ): Promise<RecordShard | 'conflict'> {
    const current = this.shards.get(configMap);
    const version = current?.resourceVersion ?? '0';
    if (version !== resourceVersion) return Promise.resolve('conflict');
    this.writes += 1;
    const annotations = current?.annotations ?? {};
    const shard = { data, annotations, resourceVersion: String(Number(version) + 1) };
    this.shards.set(configMap, shard);
    return Promise.resolve(shard);
  }
}

/** A Lease in memory, shared by attempts. */
export class MemoryLeaseStore implements LeaseStore {
  lease: Lease = { holder: '', durationSeconds: 30, transitions: 0, resourceVersion: '1' };

  read(): Promise<Lease> {
    return Promise.resolve(this.lease);
  }

  write(lease: Lease): Promise<Lease | 'conflict'> {
    if (lease.resourceVersion !== this.lease.resourceVersion) return Promise.resolve('conflict');
    this.lease = { ...lease, resourceVersion: String(Number(lease.resourceVersion) + 1) };
    return Promise.resolve(this.lease);
  }
}

/** Requests of one process: after `kill` none is sent and none is answered. */
export class Process {
  #dead = false;
  readonly terminate = new AbortController();

  kill(): void {
    this.#dead = true;
  }

  /** Latency before and after, so that a kill can fall before, between and behind. */
  async call<T>(clock: Clock, ms: number, act: () => Promise<T>): Promise<T> {
    await this.#pass(clock, ms);
    const result = await act();
    await this.#pass(clock, ms);
    return result;
  }

  /** Never resolves in a process that was killed meanwhile. */
  async #pass(clock: Clock, ms: number): Promise<void> {
    await clock.sleep(ms);
    if (this.#dead) await new Promise(() => undefined);
  }
}
