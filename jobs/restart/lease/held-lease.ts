import { LinkError } from '../link-error.ts';
import type { Clock, Lease, LeaseStore } from '../ports.ts';
import { within } from '../within.ts';
import { renewDeadlineMs, renewEveryMs } from './judge.ts';

export interface HeldOptions {
  readonly store: LeaseStore;
  /** Who we are: no two pods have the same. */
  readonly me: string;
  readonly clock: Clock;
}

/** How soon a renewal that has failed is tried again. Milliseconds. */
const againAfterMs = 2_000;

/** How long letting go of it may take. Milliseconds. */
const releaseMs = 2_000;

/** A Lease of ours, renewed until it is released or lost. */
export class HeldLease {
  readonly #options: HeldOptions;
  readonly #over = new AbortController();
  readonly #lost = Promise.withResolvers<string>();
  readonly #renewing: Promise<void>;
  #lease: Lease;
  #renewedAt: number;
  #releasing: Promise<void> | undefined;

  /** @param renewedAt monotonic: when the request was sent that has made it ours */
  constructor(options: HeldOptions, lease: Lease, renewedAt: number) {
    this.#options = options;
    this.#lease = lease;
    this.#renewedAt = renewedAt;
    this.#renewing = this.#renewUntilOver();
  }

  /**
   * Calls once, when it is no longer ours to the best of our knowledge; soon, where that is so
   * already. Never after its release.
   */
  onLost(listener: (message: string) => void): void {
    void this.#lost.promise.then(listener);
  }

  /** Lets go of it, so that nobody has to wait for its expiry. Failures don't matter: it expires. */
  release(): Promise<void> {
    this.#releasing ??= this.#over.signal.aborted ? Promise.resolve() : this.#letGo();
    return this.#releasing;
  }

  async #letGo(): Promise<void> {
    this.#over.abort();
    await this.#renewing;
    const { store, clock } = this.#options;
    const free = { ...this.#lease, holder: '' };
    try {
      await this.#inTime(releaseMs, new AbortController().signal, (signal) =>
        store.write(free, clock.now(), signal),
      );
    } catch {
      return;
    }
  }

  async #renewUntilOver(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#over;
    try {
      for (;;) {
        await clock.sleep(renewEveryMs, signal);
        const lost = await this.#renew(signal);
        if (lost !== undefined) {
          this.#lose(lost);
          return;
        }
      }
    } catch (error) {
      if (!isAborted(signal)) this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  #lose(message: string): void {
    this.#over.abort();
    this.#lost.resolve(message);
  }

  /**
   * Tries until it is renewed, or its time is over; once in any case, for who was frozen may find
   * it still its own. What was lost, in words; `undefined` when all is well.
   */
  async #renew(signal: AbortSignal): Promise<string | undefined> {
    const { store, me, clock } = this.#options;
    const end = this.#renewedAt + renewDeadlineMs;
    for (let tries = 0; ; tries += 1) {
      const renewedAt = clock.monotonic();
      if (tries > 0 && renewedAt >= end) {
        return `the Lease could not be renewed for ${renewDeadlineMs / 1000} s`;
      }
      try {
        const ms = Math.max(end - renewedAt, tries === 0 ? againAfterMs : 0);
        const result = await this.#inTime(ms, signal, async (inTime) => {
          const written = await store.write(this.#lease, clock.now(), inTime);
          if (written === 'conflict')
            return { kind: 'conflict', lease: await store.read(inTime) } as const;
          return { kind: 'written', lease: written } as const;
        });
        if (result.kind === 'conflict' && result.lease.holder !== me)
          return `the Lease has been taken over by ${result.lease.holder || 'nobody'}`;
        this.#lease = result.lease;
        if (result.kind === 'conflict') continue;
        this.#renewedAt = renewedAt;
        return undefined;
      } catch (error) {
        if (isAborted(signal)) return undefined;
        if (!(error instanceof LinkError)) throw error;
        if (!error.transient) return error.message;
        const left = Math.max(end - clock.monotonic(), 0);
        await clock.sleep(Math.min(againAfterMs, left), signal);
      }
    }
  }

  #inTime<T>(
    ms: number,
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = (): Error =>
      new LinkError('record', `the hub has not answered within ${ms / 1000} s`, {
        transient: true,
      });
    return within({ clock: this.#options.clock, ms, signal, late }, call);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
