import type { RunProgress } from '../../jobs/restart/core/events.ts';
import type { Instant } from '../../jobs/restart/core/instant.ts';
import type { Lease } from '../../jobs/restart/ports.ts';
import { checkLease } from './invariants/record.ts';
import type { Entry } from '../../jobs/restart/record/format.ts';

/** What one ConfigMap of the run record holds, decoded. */
export interface ShardContent {
  readonly instant: Instant | undefined;
  readonly planDigest: string;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly progress: RunProgress;
}

export interface ShardState {
  readonly content: ShardContent;
  readonly annotations: Readonly<Record<string, string>>;
  readonly resourceVersion: number;
}

export const noContent: ShardContent = {
  instant: undefined,
  planDigest: '',
  entries: new Map(),
  progress: { wavesDone: 0, failed: [] },
};

/** The hub's side of one restart: its record, its Lease, and what its checks answer. */
export class SimHub {
  readonly shards: ShardState[];
  lease: Lease = { holder: '', durationSeconds: 30, transitions: 0, resourceVersion: '1' };
  /** What blocks just now. */
  blocking: string | undefined;
  isDown = false;
  /** Told of every write that is accepted. */
  readonly onWrite: (before: ShardContent, after: ShardContent) => void;
  readonly #now: () => number;
  #leaseWrittenAt = 0;
  #version = 1;

  /** @param now virtual milliseconds */
  constructor(shards: number, onWrite: SimHub['onWrite'], now: () => number) {
    this.onWrite = onWrite;
    this.#now = now;
    this.shards = Array.from({ length: shards }, () => ({
      content: noContent,
      annotations: {},
      resourceVersion: 1,
    }));
  }

  read(index: number): ShardState {
    const shard = this.shards[index];
    if (!shard) throw new RangeError(`no shard ${index}`);
    return shard;
  }

  write(index: number, content: ShardContent, resourceVersion: number): ShardState | 'conflict' {
    const current = this.read(index);
    if (current.resourceVersion !== resourceVersion) return 'conflict';
    this.onWrite(current.content, content);
    return this.#put(index, { ...current, content });
  }

  annotate(annotations: Readonly<Record<string, string>>): void {
    const current = this.read(0);
    this.#put(0, { ...current, annotations: { ...current.annotations, ...annotations } });
  }

  writeLease(lease: Lease): Lease | 'conflict' {
    if (lease.resourceVersion !== this.lease.resourceVersion) return 'conflict';
    checkLease(this.lease, lease, this.#now() - this.#leaseWrittenAt);
    return this.putLease(lease);
  }

  putLease(lease: Lease): Lease {
    this.#version += 1;
    this.#leaseWrittenAt = this.#now();
    this.lease = { ...lease, resourceVersion: String(this.#version) };
    return this.lease;
  }

  #put(index: number, state: Omit<ShardState, 'resourceVersion'>): ShardState {
    this.#version += 1;
    const shard = { ...state, resourceVersion: this.#version };
    this.shards[index] = shard;
    return shard;
  }
}
