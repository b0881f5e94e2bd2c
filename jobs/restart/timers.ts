import type { Clock } from './ports.ts';

/** Timers by what they are for; arming one again replaces it. */
export class Timers<Id extends object> {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onDue: (id: Id) => void;
  readonly #armed = new Map<string, AbortController>();

  /** @param signal ends all of them */
  constructor(clock: Clock, signal: AbortSignal, onDue: (id: Id) => void) {
    this.#clock = clock;
    this.#signal = signal;
    this.#onDue = onDue;
  }

  arm(id: Id, afterMs: number): void {
    this.disarm(id);
    const key = JSON.stringify(id);
    const timer = new AbortController();
    this.#armed.set(key, timer);
    this.#clock.sleep(afterMs, AbortSignal.any([timer.signal, this.#signal])).then(
      () => {
        if (this.#armed.get(key) === timer) this.#armed.delete(key);
        this.#onDue(id);
      },
      () => undefined,
    );
  }

  disarm(id: Id): void {
    const key = JSON.stringify(id);
    this.#armed.get(key)?.abort();
    this.#armed.delete(key);
  }
}
