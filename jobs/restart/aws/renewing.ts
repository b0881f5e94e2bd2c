import { LinkError } from '../link-error.ts';
import type { Clock } from '../ports.ts';

/** A credential with its two moments. Milliseconds since the epoch. */
export interface Renewable<T> {
  readonly value: T;
  /** From here on it is renewed when it is asked for. */
  readonly renewAt: number;
  /** From here on it is never handed out. */
  readonly expiresAt: number;
}

/** The credential, fresh. A caller that aborts leaves; the call that it waited for goes on. */
export type Fresh<T> = (signal?: AbortSignal) => Promise<T>;

/** When renewing fails while the old one still holds, the next try is not the next caller's. */
const pauseAfterFailure = 15_000;

/**
 * A credential that is kept while it is fresh. Callers that meet while it is being renewed share
 * one call; a caller that gives up leaves the call to the others. When renewing fails for a passing
 * reason and the old one still holds, the old one is handed out.
 *
 * @param passes whether a failure to renew may pass; default: whether it is transient
 */
export function renewing<T>(
  clock: Clock,
  renew: () => Promise<Renewable<T>>,
  passes: (error: LinkError) => boolean = ({ transient }) => transient,
): Fresh<T> {
  let held: Renewable<T> | undefined;
  let underWay: Promise<T> | undefined;

  const renewed = async (): Promise<T> => {
    try {
      held = await renew();
      return held.value;
    } catch (error) {
      const now = clock.now();
      if (!held || now >= held.expiresAt) throw error;
      if (!(error instanceof LinkError) || !passes(error)) throw error;
      held = { ...held, renewAt: now + pauseAfterFailure };
      return held.value;
    } finally {
      underWay = undefined;
    }
  };

  return (signal) => {
    const now = clock.now();
    if (held && now < held.renewAt && now < held.expiresAt) return Promise.resolve(held.value);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    underWay ??= renewed();
    return signal ? orAborted(underWay, signal) : underWay;
  };
}

/** The promise's result, unless the signal comes first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
