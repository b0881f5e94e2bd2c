import type { FieldManager, Observed } from '../ports.ts';
import type { Outcome } from './outcome.ts';

/** Who undid a stamp, as far as managed fields tell. */
export type Blame = Pick<Extract<Outcome, { kind: 'reverted' }>, 'by' | 'guessed'>;

/** When the stamp was written, by the API server's clock: the last write of whoever owns it. */
export const stampedAt = ({ managers }: Observed): string | undefined =>
  latest(managers.filter(({ ownsStamp }) => ownsStamp))?.time;

/**
 * For certain only the manager that owns the stamp now, by a write since ours. A write that only
 * takes fields away leaves no trace (kubernetes-sigs/structured-merge-diff, merge/update.go), and
 * whoever wrote something else in between has not undone anything: so all else is a guess, the last
 * one to write, since whoever replaces an object whole has mostly made it too.
 *
 * @param since when the stamp was written; where nobody knows, all is a guess
 */
export function blame({ managers }: Observed, since: string | undefined): Blame {
  const others = managers.filter(
    ({ manager }) => manager !== 'rollcall' && manager !== 'kube-controller-manager',
  );
  const owner = others.find(({ ownsStamp }) => ownsStamp);
  if (owner && since !== undefined && owner.time >= since) return { by: owner.manager };
  const last = latest(others);
  return last ? { by: last.manager, guessed: true } : {};
}

const latest = (managers: readonly FieldManager[]): FieldManager | undefined =>
  managers.reduce<FieldManager | undefined>(
    (found, one) => (found === undefined || one.time >= found.time ? one : found),
    undefined,
  );
