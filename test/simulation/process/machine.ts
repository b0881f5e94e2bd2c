import type { VirtualTime } from '../virtual-time.ts';
import { epoch } from '../world/workload.ts';

/** What a process runs on: its clocks, and whether it runs at all just now. */
export class Machine {
  readonly #time: VirtualTime;
  #skew: number;
  /** Virtual milliseconds. */
  #frozenUntil = 0;

  /** @param skew how far its wall clock is ahead. Milliseconds. */
  constructor(time: VirtualTime, skew: number) {
    this.#time = time;
    this.#skew = skew;
  }

  wall(): number {
    return epoch + this.#time.now + this.#skew;
  }

  monotonic(): number {
    return this.#time.now;
  }

  jump(ms: number): void {
    this.#skew += ms;
  }

  /** It stands still: nothing is heard and no timer runs, and all of it comes at once afterwards. */
  freeze(ms: number): void {
    this.#frozenUntil = this.#time.now + ms;
  }

  whenAwake(act: () => void): void {
    if (this.#time.now >= this.#frozenUntil) act();
    else {
      this.#time.after(this.#frozenUntil - this.#time.now, () => {
        this.whenAwake(act);
      });
    }
  }
}
