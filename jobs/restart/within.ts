import type { Clock } from './ports.ts';

export interface Deadline {
  readonly clock: Clock;
  /** From now. Milliseconds. */
  readonly ms: number;
  /** Ends the call before. */
  readonly signal: AbortSignal;
  /** What is thrown when the time is over. */
  readonly late: () => Error;
}

/**
 * A call that has so much time: its signal aborts then, and one that does not heed it is not waited
 * for. By the injected clock, so that a test can let the time pass.
 *
 * @throws what the call throws; `late()` after `ms`; the signal's reason when it aborts
 */
export async function within<T>(
  { clock, ms, signal, late }: Deadline,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const answered = new AbortController();
  const expiry = clock.sleep(ms, AbortSignal.any([signal, answered.signal])).then(() => {
    over.abort(late());
    throw over.signal.reason;
  });
  try {
    return await Promise.race([call(AbortSignal.any([signal, over.signal])), expiry]);
  } finally {
    answered.abort();
  }
}

/** What does not heed the signal itself, but is not waited for when it aborts. @throws its reason */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
