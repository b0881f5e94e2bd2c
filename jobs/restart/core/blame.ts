import type { FieldManager, Observed } from '../ports.ts';
import type { Outcome } from './outcome.ts';

/** Who undid a stamp, as far as managed fields tell. */
export type Blame = Pick<Extract<Outcome, { kind: 'reverted' }>, 'by' | 'guessed'>;

/** When the stamp was written, by the API server's clock: the last write of whoever owns it. */
export const stampedAt = ({ managers }: Observed): string | undefined =>
  latest(managers.filter(({ ownsStamp }) => ownsStamp))?.time;

/**
 * The manager that has written since the stamp: the one that owns it now, else the last. A write
 * that only takes fields away leaves no trace (kubernetes-sigs/structured-merge-diff,
 * merge/update.go): then it is a guess, the last one before the stamp, since whoever replaces an
 * object whole has mostly made it too.
 *
 * @param since when the stamp was written; where nobody knows, all is a guess
 */
export function blame({ managers }: Observed, since: string | undefined): Blame {
  const others = managers.filter(
    ({ manager }) => manager !== 'rollcall' && manager !== 'kube-controller-manager',
  );
  const suspects = since === undefined ? [] : others.filter(({ time }) => time >= since);
  const culprit = suspects.find(({ ownsStamp }) => ownsStamp) ?? latest(suspects);
  if (culprit) return { by: culprit.manager };
  const last = latest(others);
  return last ? { by: last.manager, guessed: true } : {};
}

const latest = (managers: readonly FieldManager[]): FieldManager | undefined =>
  managers.reduce<FieldManager | undefined>(
    (found, one) => (found === undefined || one.time >= found.time ? one : found),
    undefined,
  );
