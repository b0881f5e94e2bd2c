import type { Clock } from '../../../../jobs/restart/ports.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when it is told to. */
export class VirtualClock implements Clock {
  readonly slept: number[] = [];
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(start = Date.UTC(2026, 0, 5, 2, 15)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  /** How many sleep at this moment. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    if (signal?.aborted) reject(signal.reason as Error);
    const sleeper = {
      at: this.#now + ms,
      wake: () => {
        resolve(undefined);
      },
    };
    this.#sleepers.push(sleeper);
    signal?.addEventListener('abort', () => {
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
      reject(signal.reason as Error);
    });
    return promise;
  }

  /** Lets `ms` pass; whoever wakes runs as far as it gets before the next one does. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settleAll();
    for (;;) {
      const [next] = this.#sleepers.sort((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers.shift();
      next.wake();
      await settleAll();
    }
    this.#now = end;
  }
}

/** One turn of the event loop. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets everything run that waits for no timer; a chain of awaited turns may be so long. */
export async function settleAll(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await settle();
}

/** A clock whose sleeps take no time. */
export class InstantClock extends VirtualClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    await settle();
    signal?.throwIfAborted();
  }
}
