import type { KubeObject } from './objects.ts';
import type { ResourceType } from './resources.ts';

/** One write, as watches are told of it. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceType;
  /** As it is after the write; when deleted, as it last was, at the version of the deletion. */
  readonly object: KubeObject;
  /** As it was before. Absent when added. */
  readonly previous?: KubeObject;
  readonly version: number;
}

/** The latest writes, for watches and paged lists that go on from a version. Bounded. */
export class History {
  readonly #limit: number;
  #events: StoreEvent[] = [];
  /** The version after which every event is still held. */
  #floor = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(event: StoreEvent): void {
    this.#events.push(event);
    // Twice the bound before it is cut: the cost of a cut is spread over as many writes.
    if (this.#events.length >= this.#limit * 2) this.#keep(this.#limit);
  }

  /** Events after `version`, oldest first; `undefined` when some of them are no longer held. */
  since(version: number): readonly StoreEvent[] | undefined {
    if (version < this.#floor) return undefined;
    // Versions rise: what is wanted is the tail, most often a short one.
    const last = this.#events.findLastIndex((event) => event.version <= version);
    return this.#events.slice(last + 1);
  }

  /** Forgets everything: whoever goes on from an older version is told 410. */
  compact(): void {
    this.#keep(0);
  }

  #keep(count: number): void {
    const cut = this.#events.length - count;
    this.#floor = this.#events[cut - 1]?.version ?? this.#floor;
    this.#events = this.#events.slice(cut);
  }
}
