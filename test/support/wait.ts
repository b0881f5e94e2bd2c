import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default: two minutes; a loaded machine is slow. */
  readonly timeoutMs?: number;
  /** Default: 100. */
  readonly everyMs?: number;
}

/** Asks until the answer is there (neither `undefined` nor `false`), and throws what it waited for when it never is. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 120_000, everyMs = 100 }: WaitOptions = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    await sleep(everyMs);
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`, { cause: last });
}

/** Thrown by what is asked: waiting on can't help. */
export class Hopeless extends Error {}
