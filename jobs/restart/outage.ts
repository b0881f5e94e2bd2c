import { LinkError } from './link-error.ts';
import type { Clock } from './ports.ts';
import { longestRetryAfterMs, retryDelay, type RetryRule } from './retry.ts';

export interface OutageOptions {
  /** An outage is reported after so long, once. Default: 1 minute. */
  readonly problemAfterMs?: number;
  /** In [0, 1), for jitter. Default: `Math.random`. */
  readonly random?: () => number;
}

/** The waits between attempts, of which there are as many as it takes: the caller's deadline ends them. */
export const pace: RetryRule = { links: [], attempts: Infinity, baseMs: 1000, capMs: 15_000 };

/**
 * How long something has been failing, and how long to wait before the next attempt. The two are
 * kept apart: where lists succeed and watches do not, there is no outage, but the waits grow.
 */
export class Outage {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #problemAfterMs: number;
  readonly #random: () => number;
  #since: number | undefined;
  #reported = false;
  #attempts = 0;
  #retryAfterMs = 0;

  constructor(clock: Clock, signal: AbortSignal, options: OutageOptions) {
    this.#clock = clock;
    this.#signal = signal;
    this.#problemAfterMs = options.problemAfterMs ?? 60_000;
    this.#random = options.random ?? Math.random;
  }

  /**
   * The error to report now: one that is final, or one that has not passed within the bound.
   * Anything but a `LinkError` is a defect, and is thrown.
   */
  failed(error: unknown): LinkError | undefined {
    if (!(error instanceof LinkError)) throw error;
    if (!error.transient) return error;
    this.#retryAfterMs = Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs);
    const now = this.#clock.now();
    this.#since ??= now;
    if (this.#reported || now - this.#since < this.#problemAfterMs) return undefined;
    this.#reported = true;
    return error;
  }

  /** The other side answers again. */
  over(): void {
    this.#since = undefined;
    this.#reported = false;
  }

  /** The connection held: the next failure is a first one. */
  held(): void {
    this.#attempts = 0;
  }

  /** Waits before the next attempt, each time longer; ends at once, without throwing, on abort. */
  async pause(): Promise<void> {
    this.#attempts += 1;
    const delay = retryDelay(pace, this.#attempts, this.#random, this.#retryAfterMs);
    this.#retryAfterMs = 0;
    try {
      await this.#clock.sleep(delay, this.#signal);
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }
}
