import type { RunProgress } from '../../../jobs/restart/core/events.ts';
import type { Memory } from '../../../jobs/restart/core/judge.ts';
import type { Trouble } from '../../../jobs/restart/core/outcome.ts';
import { mostAwayMs } from '../../../jobs/restart/record/patience.ts';
import type { Entry } from '../../../jobs/restart/record/format.ts';
import { noContent, type ShardContent, type ShardState } from '../hub.ts';
import type { Reply } from '../network.ts';
import { backoff, retrying, type Host, type Scope } from './host.ts';

export type Written = 'done' | 'superseded' | { readonly trouble: Trouble };

interface Waiting {
  readonly apply: (content: ShardContent) => ShardContent;
  readonly done: (result: Written) => void;
}

/** One ConfigMap of the record as `jobs/restart/record/shard.ts` uses it, without promises. */
export class ShardClient {
  readonly #host: Host;
  readonly #scope: Scope;
  readonly #index: number;
  readonly #own = new Map<string, Entry>();
  #state: ShardState;
  #content: ShardContent = noContent;
  #waiting: Waiting[] = [];
  #writing = false;
  /** Since when writes have had no answer. */
  #awaySince: number | undefined;
  #lost = 0;

  constructor(host: Host, scope: Scope, index: number, state: ShardState) {
    this.#host = host;
    this.#scope = scope;
    this.#index = index;
    this.#state = state;
  }

  get content(): ShardContent {
    return this.#content;
  }

  get annotations(): Readonly<Record<string, string>> {
    return this.#state.annotations;
  }

  get isIdle(): boolean {
    return !this.#writing;
  }

  claim(done: (result: Written) => void): void {
    const first = this.#adopt(this.#state);
    if (first !== 'done') done(first);
    else this.#write((content) => content, done);
  }

  refresh(done: (result: Written) => void): void {
    this.#read((result) => {
      done(result);
    });
  }

  put(key: string, entry: Entry, done: (result: Written, memory: Memory) => void): void {
    const { priorOf } = this.#host.sim.core;
    let prior: Memory = { kind: 'none' };
    this.#write(
      (content) => {
        prior = priorOf(content.entries.get(key), entry, this.#own.get(key));
        if (prior.kind !== 'none') return content;
        return { ...content, entries: new Map(content.entries).set(key, entry) };
      },
      (result) => {
        if (result === 'done' && prior.kind === 'none') this.#own.set(key, entry);
        done(result, prior);
      },
    );
  }

  note(progress: RunProgress, done: (result: Written) => void): void {
    const { mergeProgress } = this.#host.sim.core;
    this.#write(
      (content) => ({ ...content, progress: mergeProgress(content.progress, progress) }),
      done,
    );
  }

  #write(apply: Waiting['apply'], done: Waiting['done']): void {
    this.#waiting.push({ apply, done });
    if (this.#writing) return;
    this.#writing = true;
    // A moment later, so that what one step asks for goes out in one write.
    this.#host.later(0, () => {
      this.#drain();
    });
  }

  #drain(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) {
      this.#writing = false;
      return;
    }
    this.#tryWrite(batch, (result) => {
      for (const { done } of batch) done(result);
      this.#drain();
    });
  }

  #tryWrite(batch: readonly Waiting[], done: (result: Written) => void): void {
    const { job, hub } = this.#host;
    const content = batch.reduce((sum, { apply }) => apply(sum), this.#content);
    const { resourceVersion } = this.#state;
    const mine: ShardContent = { ...content, instant: job.instant, planDigest: job.digest };
    const again = (): void => {
      this.#readPatiently((result) => {
        if (result === 'done') this.#tryWrite(batch, done);
        else done(result);
      });
    };
    this.#host.send<ShardState | 'conflict'>({
      to: 'hub',
      doing: `write record-${this.#index}`,
      conflict: 'conflict',
      serve: () => hub.write(this.#index, mine, resourceVersion),
      answer: (reply) => {
        if (!this.#scope.open) return;
        if (!reply.ok) {
          this.#pause(reply, again, done);
          return;
        }
        this.#awaySince = undefined;
        this.#lost = 0;
        if (reply.value === 'conflict') again();
        else done(this.#adopt(reply.value));
      },
    });
  }

  #readPatiently(done: (result: Written) => void): void {
    this.#read((result) => {
      if (typeof result === 'string') done(result);
      else {
        const again = (): void => {
          this.#readPatiently(done);
        };
        this.#pause({ ...result, retryAfterMs: 0 }, again, done);
      }
    });
  }

  /** A hub that is away is waited for, but not for ever. */
  #pause(
    { trouble, retryAfterMs }: Omit<Extract<Reply<unknown>, { ok: false }>, 'ok'>,
    again: () => void,
    done: (result: Written) => void,
  ): void {
    const host = this.#host;
    this.#awaySince ??= host.monotonic();
    this.#lost += 1;
    const left = this.#awaySince + mostAwayMs - host.monotonic();
    if (!trouble.transient || left <= 0) done({ trouble });
    else {
      host.later(Math.min(left, retryAfterMs + backoff(host, this.#lost)), () => {
        if (this.#scope.open) again();
      });
    }
  }

  #read(done: (result: Written) => void): void {
    const { hub } = this.#host;
    retrying(
      this.#host,
      this.#scope,
      {
        to: 'hub',
        doing: `read record-${this.#index}`,
        serve: () => hub.read(this.#index),
        answer: (reply) => {
          done(reply.ok ? this.#adopt(reply.value) : reply);
        },
      },
      5,
    );
  }

  /** Takes over what is of this very run. */
  #adopt(state: ShardState): Written {
    const { job } = this.#host;
    const { instant, planDigest } = state.content;
    if (instant !== undefined && instant > job.instant) return 'superseded';
    this.#state = state;
    const isOurs = instant === job.instant;
    if (isOurs && planDigest !== job.digest) {
      return { trouble: { link: 'record', transient: false, message: 'begun with another plan' } };
    }
    this.#content = isOurs ? state.content : noContent;
    return 'done';
  }
}
