import type { RunProgress } from '../core/events.ts';
import type { Memory } from '../core/judge.ts';
import { LinkError } from '../link-error.ts';
import type { RecordShard, RecordStore } from '../ports.ts';
import {
  decodeShard,
  encodeShard,
  noProgress,
  type Entry,
  type PastRun,
  type RunHeader,
  type ShardContent,
} from './format.ts';
import { mergeProgress, priorOf } from './merge.ts';
import { Patience, type PatienceOptions } from './patience.ts';

/** A later run has taken the record over. */
export class Superseded extends Error {
  constructor() {
    super('a later run of this restart has begun');
    this.name = 'Superseded';
  }
}

/** ConfigMaps hold no more (Kubernetes, core validation: MaxSecretSize holds for them too). Bytes. */
const mostBytes = 1024 * 1024 - 16 * 1024;

/** One thing to be written. `apply` may be called again, on what a conflict has brought. */
interface Waiting {
  readonly apply: (content: ShardContent) => ShardContent;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One ConfigMap of the run record, written by one request at a time: what comes while a write is
 * under way goes out together in the next. A hub that is away is waited for: what has landed is
 * still to be noted, and a patch waits by itself for its entry.
 */
export class Shard {
  readonly #store: RecordStore;
  readonly #configMap: string;
  readonly #header: RunHeader;
  readonly #signal: AbortSignal;
  #state: RecordShard;
  #content: ShardContent = { entries: new Map(), progress: noProgress, history: [] };
  /** Whether the ConfigMap already speaks of this run. */
  #claimed = false;
  /** What this process has written last of each workload. */
  readonly #own = new Map<string, Entry>();
  readonly #patience: Patience;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    store: RecordStore,
    configMap: string,
    header: RunHeader,
    state: RecordShard,
    waiting: PatienceOptions,
  ) {
    this.#store = store;
    this.#configMap = configMap;
    this.#header = header;
    this.#signal = waiting.signal;
    this.#patience = new Patience(waiting);
    this.#state = state;
    this.#adopt(state);
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#content.entries;
  }

  get progress(): RunProgress {
    return this.#content.progress;
  }

  /** What operators have written on the ConfigMap, as last seen. */
  get annotations(): Readonly<Record<string, string>> {
    return this.#state.annotations;
  }

  /** Writes the header where the ConfigMap speaks of another run yet. */
  async claim(): Promise<void> {
    while (!this.#claimed) await this.#tryWrite(this.#content);
  }

  /** Reads it anew: another attempt may have written since. */
  async refresh(): Promise<void> {
    this.#adopt(await this.#store.read(this.#configMap, this.#signal));
  }

  /**
   * Puts an entry into the record, and answers with what another attempt had put there before: an
   * entry of the same object is never overwritten with less.
   */
  async put(key: string, entry: Entry): Promise<Memory> {
    let prior: Memory = { kind: 'none' };
    await this.#write((content) => {
      prior = priorOf(content.entries.get(key), entry, this.#own.get(key));
      if (prior.kind !== 'none') return content;
      return { ...content, entries: new Map(content.entries).set(key, entry) };
    });
    if ((prior as Memory).kind === 'none') this.#own.set(key, entry);
    return prior;
  }

  async note(progress: RunProgress): Promise<void> {
    await this.#write((content) => ({
      ...content,
      progress: mergeProgress(content.progress, progress),
    }));
  }

  async tell(change: (history: readonly PastRun[]) => readonly PastRun[]): Promise<void> {
    await this.#write((content) => ({ ...content, history: change(content.history) }));
  }

  #write(apply: Waiting['apply']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ apply, resolve, reject });
      // A microtask later, so that what one step of the run asks for goes out in one write.
      this.#writing ??= Promise.resolve().then(() => this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        while (!(await this.#tryWrite(applied(batch, this.#content)))) {
          // Applied anew, on what the conflict has brought.
        }
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #tryWrite(content: ShardContent): Promise<boolean> {
    const data = encodeShard({ ...content, header: this.#header });
    const size = Object.values(data).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (size > mostBytes) {
      throw new LinkError(
        'record',
        `the run record ${this.#configMap} would have ${size} bytes, and a ConfigMap holds ${mostBytes}. Next: split the restart in two.`,
      );
    }
    const { resourceVersion } = this.#state;
    const result = await this.#send(data, resourceVersion);
    const won = result !== 'conflict';
    this.#adopt(won ? result : await this.#readPatiently());
    return won;
  }

  /** A write whose answer was lost is not repeated: what it left is read, as after a conflict. */
  async #send(
    data: Readonly<Record<string, string>>,
    resourceVersion: string,
  ): Promise<RecordShard | 'conflict'> {
    try {
      const shard = await this.#store.write(this.#configMap, data, resourceVersion, this.#signal);
      this.#patience.over();
      return shard;
    } catch (error) {
      await this.#patience.pause(error);
      return 'conflict';
    }
  }

  /** A read that succeeds does not say that writes do: the time since the first failure goes on. */
  async #readPatiently(): Promise<RecordShard> {
    for (;;) {
      try {
        return await this.#store.read(this.#configMap, this.#signal);
      } catch (error) {
        await this.#patience.pause(error);
      }
    }
  }

  /** Takes over what the ConfigMap holds: what is of this very run, and the history. */
  #adopt(state: RecordShard): void {
    const content = decodeShard(state.data);
    if (content.header && content.header.instant > this.#header.instant) throw new Superseded();
    this.#state = state;
    this.#claimed = content.header?.instant === this.#header.instant;
    if (this.#claimed && content.header?.planDigest !== this.#header.planDigest) {
      throw new LinkError('record', 'another attempt at this run has begun it with another plan');
    }
    const { history } = content;
    this.#content = this.#claimed ? content : { entries: new Map(), progress: noProgress, history };
  }
}

const applied = (batch: readonly Waiting[], content: ShardContent): ShardContent =>
  batch.reduce((result, { apply }) => apply(result), content);
