import { LinkError, type Link } from './link-error.ts';
import type { Clock } from './ports.ts';

/** How often a transient failure of some links is met by another try, and after how long. */
export interface RetryRule {
  readonly links: readonly Link[];
  /** Calls altogether, the first one included. */
  readonly attempts: number;
  /** The longest wait before the second call; it doubles with each further one. Milliseconds. */
  readonly baseMs: number;
  /** It doubles no further than this. Milliseconds. */
  readonly capMs: number;
}

/**
 * Only transient failures are looked up here. Full jitter: a wait is drawn evenly from nothing to
 * its bound, which spreads clients best (AWS Architecture Blog, Exponential Backoff And Jitter).
 */
export const retryRules: readonly RetryRule[] = [
  { links: ['network', 'record'], attempts: 5, baseMs: 500, capMs: 15_000 },
  // Kubelet exchanges an expired web identity token within its own sync period, about a minute.
  { links: ['identity', 'provider'], attempts: 5, baseMs: 2000, capMs: 30_000 },
  { links: ['mapping'], attempts: 3, baseMs: 2000, capMs: 15_000 },
  // An API server that has just started refuses until it has read its roles.
  { links: ['rbac'], attempts: 5, baseMs: 1000, capMs: 15_000 },
  { links: ['describe'], attempts: 4, baseMs: 1000, capMs: 15_000 },
];

/** A longer `Retry-After` is not waited for: the failure goes to the caller. Milliseconds. */
export const longestRetryAfterMs = 60_000;

/** The rule for a failure, or `undefined` when the same call would fail in the same way. */
export const retryRuleFor = (
  error: LinkError,
  rules: readonly RetryRule[] = retryRules,
): RetryRule | undefined =>
  error.transient ? rules.find((rule) => rule.links.includes(error.link)) : undefined;

/**
 * How long to wait after failure number `failures` (from 1): never less than the other side asked
 * for, and never in step with others whom it asked the same. Milliseconds.
 */
export function retryDelay(
  rule: RetryRule,
  failures: number,
  random: () => number,
  retryAfterMs = 0,
): number {
  const bound = Math.min(rule.capMs, rule.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(retryAfterMs + random() * bound);
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: `retryRules`. */
  readonly rules?: readonly RetryRule[];
}

/**
 * Calls again after transient `LinkError`s, by the table. For calls that change nothing: a patch
 * whose answer was lost may have landed, so its caller reads again instead.
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, signal, random = Math.random, rules } = options;
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      const rule = retryRuleFor(error, rules);
      if (!rule || failures >= rule.attempts) throw error;
      const { retryAfterMs = 0 } = error;
      if (retryAfterMs > longestRetryAfterMs) throw error;
      await clock.sleep(retryDelay(rule, failures, random, retryAfterMs), signal);
    }
  }
}
