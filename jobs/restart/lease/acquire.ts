import { LinkError } from '../link-error.ts';
import type { Lease } from '../ports.ts';
import { retry } from '../retry.ts';
import { HeldLease, type HeldOptions } from './held-lease.ts';
import { judgeLease, leaseSeconds, type Sighting } from './judge.ts';

export interface LeaseOptions extends HeldOptions {
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
 * Takes the Lease: at once where it is free, after its duration where its holder is gone. It is
 * renewed from then on.
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
