import { LinkError } from '../link-error.ts';
import { pace } from '../outage.ts';
import type { Clock } from '../ports.ts';
import { longestRetryAfterMs, retryDelay } from '../retry.ts';

/** So long a hub that is away is waited for, since the first call without an answer. Milliseconds. */
export const mostAwayMs = 3 * 60_000;

export interface PatienceOptions {
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** In [0, 1), for the jitter of waits. Default: `Math.random`. */
  readonly random?: () => number;
}

/** How long the hub has not answered, and how long to wait before it is asked again. */
export class Patience {
  readonly #options: PatienceOptions;
  #since: number | undefined;
  #failures = 0;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** The hub has answered. */
  over(): void {
    this.#since = undefined;
    this.#failures = 0;
  }

  /**
   * Waits before the next call, each time longer.
   *
   * @throws the error itself, where it is final or the hub has been away for too long; the signal's
   *   reason when it aborts
   */
  async pause(error: unknown): Promise<void> {
    const { clock, signal, random = Math.random } = this.#options;
    signal.throwIfAborted();
    if (!(error instanceof LinkError && error.transient)) throw error;
    this.#since ??= clock.monotonic();
    this.#failures += 1;
    const left = this.#since + mostAwayMs - clock.monotonic();
    if (left <= 0) throw error;
    const asked = Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs);
    await clock.sleep(Math.min(left, retryDelay(pace, this.#failures, random, asked)), signal);
  }
}
