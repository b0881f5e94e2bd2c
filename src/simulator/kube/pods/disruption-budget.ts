import { at } from '../fields.ts';
import type { KubeObject } from '../objects.ts';
import { formatSelector } from '../selector-text.ts';
import { labelSelector } from '../selectors.ts';

/** A budget without a selector, or with an empty one, is about no pod. */
export function covers({ spec, metadata }: KubeObject, pod: KubeObject): boolean {
  const selector = formatSelector(at(spec, 'selector'));
  if (selector === '<none>' || metadata.namespace !== pod.metadata.namespace) return false;
  return labelSelector(selector)(pod.metadata.labels ?? {});
}

export interface BudgetStatus {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
  readonly observedGeneration: number;
}

/** How many pods may go now. */
export function statusOf(
  { metadata, spec }: KubeObject,
  healthy: number,
  expected: number,
): BudgetStatus {
  const least = at(spec, 'minAvailable');
  const most = at(spec, 'maxUnavailable');
  const desired =
    most !== undefined
      ? Math.max(0, expected - amountOf(most, expected))
      : amountOf(least ?? 0, expected);
  return {
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: expected === 0 ? 0 : Math.max(0, healthy - desired),
    expectedPods: expected,
    observedGeneration: metadata.generation ?? 0,
  };
}

/** A number, or a percentage that is rounded up. */
const amountOf = (amount: unknown, of: number): number =>
  typeof amount === 'string' ? Math.ceil((Number(amount.slice(0, -1)) * of) / 100) : Number(amount);
