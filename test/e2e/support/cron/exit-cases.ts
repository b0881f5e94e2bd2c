import type { PodEnd, Verdict } from './jobs.ts';

export const exits = (...codes: readonly number[]): readonly PodEnd[] =>
  codes.map((code) => ({ kind: 'exits', code }));
const drained = (code: number): PodEnd => ({ kind: 'drained', code });
const deleted = (code: number): PodEnd => ({ kind: 'deleted', code });

/** What the docs promise of the job's exit codes, as the Job controller carries it out. */
interface ExitCase {
  readonly what: string;
  readonly ends: readonly PodEnd[];
  readonly verdict: Verdict;
  /** Pods that count against the Job's backoff limit. */
  readonly counted: number;
}

// The controller waits 10, 20, 40 and 80 s before another pod: the longest come first.
const cases: readonly ExitCase[] = [
  {
    what: 'the fifth pod of a retryable run may still end it well',
    ends: exits(4, 1, 4, 4, 0),
    verdict: 'complete',
    counted: 4,
  },
  {
    what: 'four retries are made and no more',
    ends: exits(4, 4, 4, 4, 4),
    verdict: 'failed: BackoffLimitExceeded',
    counted: 5,
  },
  {
    what: 'a drained node is not held against the run',
    ends: [drained(4), drained(4)],
    verdict: 'goes on',
    counted: 0,
  },
  { what: 'ok is done', ends: exits(0), verdict: 'complete', counted: 0 },
  { what: 'crashed is retried', ends: exits(1), verdict: 'goes on', counted: 1 },
  {
    what: 'misconfigured is final',
    ends: exits(2),
    verdict: 'failed: PodFailurePolicy',
    counted: 1,
  },
  { what: 'incomplete is final', ends: exits(3), verdict: 'failed: PodFailurePolicy', counted: 1 },
  {
    what: 'incomplete is final after a retry too',
    ends: exits(4, 3),
    verdict: 'failed: PodFailurePolicy',
    counted: 2,
  },
  { what: 'halted is final', ends: exits(5), verdict: 'failed: PodFailurePolicy', counted: 1 },
  { what: 'cancelled is final', ends: exits(7), verdict: 'failed: PodFailurePolicy', counted: 1 },
  { what: 'refused is retried', ends: exits(6), verdict: 'goes on', counted: 1 },
  { what: 'retryable is retried', ends: exits(4), verdict: 'goes on', counted: 1 },
  { what: 'out of memory is retried', ends: exits(137), verdict: 'goes on', counted: 1 },
  {
    what: 'incomplete is final on a drained node too',
    ends: [drained(3)],
    verdict: 'failed: PodFailurePolicy',
    counted: 1,
  },
  {
    what: 'a run that ends well on a drained node is done',
    ends: [drained(0)],
    verdict: 'complete',
    counted: 0,
  },
  {
    what: 'a pod deleted by hand is retried, and counted',
    ends: [deleted(4)],
    verdict: 'goes on',
    counted: 1,
  },
];

/** Each with a CronJob of its own, which keeps three failed Jobs only. */
export const exitCases = cases.map((one, index) => ({ ...one, cronJob: `exits-${index}` }));
