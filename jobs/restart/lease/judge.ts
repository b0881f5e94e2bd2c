import type { Lease } from '../ports.ts';

/** What is known of another's Lease by looking at it: which version, and since when on our own clock. */
export interface Sighting {
  readonly resourceVersion: string;
  /** Monotonic milliseconds. */
  readonly since: number;
}

export type LeaseState =
  | { readonly kind: 'mine' }
  | { readonly kind: 'free' }
  /** Not renewed for its whole duration, as we have watched it: its holder is gone, or slow. */
  | { readonly kind: 'expired'; readonly sighting: Sighting }
  | { readonly kind: 'held'; readonly sighting: Sighting };

/**
 * Whether a Lease may be taken. Clocks of different machines are never compared: a Lease has expired
 * when we have seen the same version of it for its whole duration (as client-go's leader election
 * does, tools/leaderelection).
 */
export function judgeLease(
  lease: Lease,
  me: string,
  last: Sighting | undefined,
  monotonic: number,
): LeaseState {
  if (lease.holder === me) return { kind: 'mine' };
  if (lease.holder === '') return { kind: 'free' };
  const sighting =
    last?.resourceVersion === lease.resourceVersion
      ? last
      : { resourceVersion: lease.resourceVersion, since: monotonic };
  return monotonic - sighting.since >= lease.durationSeconds * 1000
    ? { kind: 'expired', sighting }
    : { kind: 'held', sighting };
}

/** How long a Lease holds without being renewed: as in client-go's leader election. Seconds. */
export const leaseSeconds = 15;
/** How often it is renewed. Milliseconds. */
export const renewEveryMs = 5_000;
/** Not renewed for so long, its holder lets go by itself: sooner than anyone else may take it. Milliseconds. */
export const renewDeadlineMs = 10_000;
