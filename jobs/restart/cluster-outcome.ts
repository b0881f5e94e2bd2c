import { isRetryable, isWell, type Outcome } from './core/outcome.ts';
import type { Link } from './link-error.ts';

/** How one cluster ended, by what has become of its workloads. */
export type ClusterOutcome =
  | { readonly kind: 'done' }
  /** Some of its workloads are not well. */
  | { readonly kind: 'partly'; readonly well: number; readonly unwell: number }
  /** A link on the way to all of its workloads did not hold. */
  | { readonly kind: 'unreachable' | 'forbidden'; readonly link: Link; readonly message: string }
  /** Nothing was begun in it. */
  | { readonly kind: 'skipped'; readonly reason: string; readonly message: string }
  /** Told to end before it was done: the next attempt goes on. */
  | { readonly kind: 'unfinished'; readonly well: number; readonly unwell: number };

export function clusterOutcome(outcomes: readonly Outcome[]): ClusterOutcome {
  const well = outcomes.filter(isWell).length;
  const unwell = outcomes.length - well;
  if (unwell === 0) return { kind: 'done' };
  const [first] = outcomes;
  if (first && well === 0 && outcomes.every((one) => isSame(one, first))) {
    if (first.kind === 'unreachable' || first.kind === 'forbidden') {
      return { kind: first.kind, link: first.link, message: first.message };
    }
    if (first.kind === 'skipped') {
      return { kind: 'skipped', reason: first.reason, message: first.message };
    }
  }
  return { kind: outcomes.some(isRetryable) ? 'unfinished' : 'partly', well, unwell };
}

const isSame = (a: Outcome, b: Outcome): boolean =>
  a.kind === b.kind && 'message' in a && 'message' in b && a.message === b.message;
