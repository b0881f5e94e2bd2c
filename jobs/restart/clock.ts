import { setTimeout } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** setTimeout's own bound (2^31 - 1 ms); a longer delay would fire at once. */
const longestTimer = 2_147_483_647;

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await setTimeout(
        Math.min(Math.max(ms, 0), longestTimer),
        undefined,
        signal ? { signal } : {},
      );
    } catch (error) {
      // Node wraps the reason in an AbortError; the port promises the reason itself.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
