import { LinkError } from '../link-error.ts';
import type { Clock, Lease, LeaseStore } from '../ports.ts';
import { retry } from '../retry.ts';
import { judgeLease, leaseSeconds, renewDeadlineMs, renewEveryMs, type Sighting } from './judge.ts';

export interface LeaseOptions {
  readonly store: LeaseStore;
  /** Who we are: no two pods have the same. */
  readonly me: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long another holder is waited for. Milliseconds. */
  readonly waitMs: number;
  readonly onWaiting: (holder: string) => void;
}

export type Acquired =
  | { readonly kind: 'held'; readonly lease: HeldLease }
  | { readonly kind: 'refused'; readonly holder: string };

/** How often a Lease that is someone else's is looked at. Milliseconds. */
const lookEveryMs = 2_000;

/**
 * Takes the Lease: at once where it is free, after its duration where its holder is gone.
 *
 * @throws LinkError where it can't be read or written
 */
export async function acquireLease(options: LeaseOptions): Promise<Acquired> {
  const { store, me, clock, signal, waitMs, onWaiting } = options;
  const began = clock.monotonic();
  let sighting: Sighting | undefined;
  let told: string | undefined;
  let lost = 0;
  for (;;) {
    const lease = await retry(() => store.read(signal), { clock, signal });
    const state = judgeLease(lease, me, sighting, clock.monotonic());
    if (state.kind !== 'held') {
      const renewedAt = clock.monotonic();
      const taken = await take(options, lease, (lost += 1));
      if (taken !== 'conflict')
        return { kind: 'held', lease: new HeldLease(options, taken, renewedAt) };
      sighting = undefined;
      continue;
    }
    lost = 0;
    sighting = state.sighting;
    if (clock.monotonic() - began >= waitMs) return { kind: 'refused', holder: lease.holder };
    if (told !== lease.holder) onWaiting(lease.holder);
    told = lease.holder;
    await clock.sleep(lookEveryMs, signal);
  }
}

/** Writes lost in a row after which the hub is taken to be away. */
const mostLost = 5;

/** A write whose answer was lost is not repeated: what it left is read, as after a conflict. */
async function take(
  { store, me, clock, signal }: LeaseOptions,
  lease: Lease,
  attempt: number,
): Promise<Lease | 'conflict'> {
  try {
    return await store.write(takenBy(me, lease), clock.now(), signal);
  } catch (error) {
    const passes = error instanceof LinkError && error.transient;
    if (!passes || attempt >= mostLost) throw error;
    await clock.sleep(lookEveryMs, signal);
    return 'conflict';
  }
}

const takenBy = (me: string, lease: Lease): Lease => ({
  ...lease,
  holder: me,
  durationSeconds: leaseSeconds,
  transitions: lease.holder === me ? lease.transitions : lease.transitions + 1,
});

/** A Lease of ours, renewed until it is released or lost. */
export class HeldLease {
  readonly #options: LeaseOptions;
  readonly #over = new AbortController();
  #lease: Lease;
  #renewedAt: number;
  #renewing: Promise<void> | undefined;
  #releasing: Promise<void> | undefined;

  constructor(options: LeaseOptions, lease: Lease, renewedAt: number) {
    this.#options = options;
    this.#lease = lease;
    this.#renewedAt = renewedAt;
  }

  /** Renews it from here on; `onLost` is called once, when it is no longer ours to the best of our knowledge. */
  keep(onLost: (message: string) => void): void {
    this.#renewing ??= this.#renewUntilOver(onLost);
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
    try {
      await store.write({ ...this.#lease, holder: '' }, clock.now(), AbortSignal.timeout(5_000));
    } catch {
      return;
    }
  }

  async #renewUntilOver(onLost: (message: string) => void): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#over;
    try {
      for (;;) {
        await clock.sleep(renewEveryMs, signal);
        const lost = await this.#renew(signal);
        if (lost === undefined) continue;
        this.#over.abort();
        onLost(lost);
        return;
      }
    } catch (error) {
      if (!isAborted(signal)) onLost(error instanceof Error ? error.message : String(error));
    }
  }

  /** Tries until it is renewed, or its time is over. What was lost, in words; `undefined` when all is well. */
  async #renew(signal: AbortSignal): Promise<string | undefined> {
    const { store, me, clock } = this.#options;
    for (;;) {
      const renewedAt = clock.monotonic();
      if (renewedAt - this.#renewedAt >= renewDeadlineMs) {
        return `the Lease could not be renewed for ${renewDeadlineMs / 1000} s`;
      }
      try {
        const written = await store.write(this.#lease, clock.now(), signal);
        if (written !== 'conflict') {
          this.#lease = written;
          this.#renewedAt = renewedAt;
          return undefined;
        }
        const current = await store.read(signal);
        if (current.holder !== me)
          return `the Lease has been taken over by ${current.holder || 'nobody'}`;
        this.#lease = current;
      } catch (error) {
        if (isAborted(signal)) return undefined;
        if (!(error instanceof LinkError)) throw error;
        if (!error.transient) return error.message;
        await clock.sleep(lookEveryMs, signal);
      }
    }
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;
