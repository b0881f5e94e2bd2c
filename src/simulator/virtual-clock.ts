import type { SimClock } from './clock.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/**
 * Time that moves only when told to: the same calls give the same order of events every time.
 * Timers run by due time; those due at once, in the order in which they were set.
 */
export class VirtualClock implements SimClock {
  #now: number;
  readonly #timers: Timer[] = [];

  /** Starts at `start`, in milliseconds since the epoch. Default: 2024-01-01T00:00:00Z. */
  constructor(start: number = Date.UTC(2024, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.#now + Math.max(0, ms), run };
    this.#timers.splice(this.#placeOf(timer.due), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Timers that have not run yet. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time on by `ms` and runs what falls due, timers set on the way included. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) timer.run();
    this.#now = end;
  }

  /** As `advance`, and lets every promise chain settle between two timers. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      timer.run();
      await settle();
    }
    this.#now = end;
  }

  /** Takes the first timer due until `end`, and sets the time to it. */
  #next(end: number): Timer | undefined {
    const first = this.#timers[0];
    if (!first || first.due > end) return undefined;
    this.#timers.shift();
    this.#now = Math.max(this.#now, first.due);
    return first;
  }

  /** Behind all timers that are due no later: binary search. */
  #placeOf(due: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.due ?? Infinity) <= due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One turn of the event loop: microtasks, however long their chains, all run before it. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
