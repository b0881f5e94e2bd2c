import type { ApplyStep } from '../src/iam/apply-order.ts';
import { appliedOf } from './applied-steps.ts';
import type { Change } from './compare.ts';

type Mark = 'added' | 'changed';

/** What a step of the order of IAM and EKS has that is new or changed; undefined: it is as it was. */
export function stepChanges(changes: readonly Change[]): (step: ApplyStep) => Mark | undefined {
  const marks = new Map<string, Mark>();
  for (const { where, what, change } of changes) {
    if (where !== 'iam' || change === 'removed') continue;
    const [own, ...wholes] = withWholes(what);
    if (own !== undefined) marks.set(own, change);
    for (const whole of wholes) if (!marks.has(whole)) marks.set(whole, 'changed');
  }
  return (step) => {
    const [first] = appliedOf(step);
    return first && marks.get(first.what);
  };
}

/** Of `A: B: C` also `A: B` and `A`: a statement belongs to a document, an access policy to an entry. */
function withWholes(what: string): readonly string[] {
  const parts = what.split(': ');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join(': '));
}
