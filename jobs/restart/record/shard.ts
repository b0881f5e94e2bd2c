import type { Memory } from '../core/judge.ts';
import { LinkError } from '../link-error.ts';
import type { RecordShard, RecordStore } from '../ports.ts';
import { decodeShard, encodeShard, type Entry, type RunHeader } from './format.ts';

/** A later run has taken the record over. */
export class Superseded extends Error {
  constructor() {
    super('a later run of this restart has begun');
    this.name = 'Superseded';
  }
}

const mostLost = 4;

interface Waiting {
  readonly index: number;
  readonly entry: Entry;
  readonly resolve: (prior: Memory) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One ConfigMap of the run record, written by one request at a time: what comes while a write is
 * under way goes out together in the next.
 */
export class Shard {
  readonly #store: RecordStore;
  readonly #configMap: string;
  readonly #header: RunHeader;
  readonly #signal: AbortSignal;
  #state: RecordShard;
  #entries: Map<number, Entry>;
  /** Whether the ConfigMap already speaks of this run. */
  #claimed = false;
  /** What this process has written last of each workload. */
  readonly #own = new Map<number, Entry>();
  /** Writes in a row without an answer. */
  #lost = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    store: RecordStore,
    configMap: string,
    header: RunHeader,
    state: RecordShard,
    signal: AbortSignal,
  ) {
    this.#store = store;
    this.#configMap = configMap;
    this.#header = header;
    this.#signal = signal;
    this.#state = state;
    this.#entries = new Map();
    this.#adopt(state);
  }

  get entries(): ReadonlyMap<number, Entry> {
    return this.#entries;
  }

  /** Writes the header where the ConfigMap speaks of another run yet. */
  async claim(): Promise<void> {
    while (!this.#claimed) await this.#writeOnce();
  }

  /**
   * Puts an entry into the record, and answers with what another attempt had put there before: an
   * entry of the same object is never overwritten with less.
   */
  put(index: number, entry: Entry): Promise<Memory> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ index, entry, resolve, reject });
      // A microtask later, so that what one step of the run asks for goes out in one write.
      this.#writing ??= Promise.resolve().then(() => this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const priors = await this.#writeBatch(batch);
        batch.forEach((one, position) => {
          one.resolve(priors[position] ?? { kind: 'none' });
        });
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<readonly Memory[]> {
    for (;;) {
      const priors = batch.map(({ index, entry }) => this.#prior(index, entry));
      const next = new Map(this.#entries);
      batch.forEach(({ index, entry }, position) => {
        if (priors[position]?.kind === 'none') next.set(index, entry);
      });
      if (await this.#tryWrite(next)) {
        batch.forEach(({ index, entry }, position) => {
          if (priors[position]?.kind === 'none') this.#own.set(index, entry);
        });
        return priors;
      }
    }
  }

  #prior(index: number, entry: Entry): Memory {
    const known = this.#entries.get(index);
    if (!known || known.uid !== entry.uid || isSame(known, this.#own.get(index))) {
      return { kind: 'none' };
    }
    // What another attempt intended and this one has done is news; all else is theirs to say.
    return entry.kind === 'patched' && known.kind === 'intended' ? { kind: 'none' } : known;
  }

  async #writeOnce(): Promise<void> {
    await this.#tryWrite(this.#entries);
  }

  async #tryWrite(entries: ReadonlyMap<number, Entry>): Promise<boolean> {
    const data = encodeShard(this.#header, entries);
    const { resourceVersion } = this.#state;
    const result = await this.#write(data, resourceVersion);
    const won = result !== 'conflict';
    this.#adopt(won ? result : await this.#store.read(this.#configMap, this.#signal));
    return won;
  }

  /** A write whose answer was lost is not repeated: what it left is read, as after a conflict. */
  async #write(
    data: Readonly<Record<string, string>>,
    resourceVersion: string,
  ): Promise<RecordShard | 'conflict'> {
    try {
      const shard = await this.#store.write(this.#configMap, data, resourceVersion, this.#signal);
      this.#lost = 0;
      return shard;
    } catch (error) {
      this.#lost += 1;
      if (this.#lost >= mostLost || !(error instanceof LinkError && error.transient)) throw error;
      return 'conflict';
    }
  }

  /** Takes over what the ConfigMap holds: entries of this very run, or none. */
  #adopt(state: RecordShard): void {
    const content = decodeShard(state.data);
    if (content.header && content.header.instant > this.#header.instant) throw new Superseded();
    this.#state = state;
    this.#claimed = content.header?.instant === this.#header.instant;
    if (this.#claimed && content.header?.planDigest !== this.#header.planDigest) {
      throw new LinkError('record', 'another attempt at this run has begun it with another plan');
    }
    this.#entries = this.#claimed ? new Map(content.entries) : new Map<number, Entry>();
  }
}

const isSame = (entry: Entry, own: Entry | undefined): boolean =>
  own?.kind === entry.kind && own.generation === entry.generation && own.uid === entry.uid;
