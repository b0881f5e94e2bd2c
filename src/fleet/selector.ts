import type { Selector } from './schema.ts';

interface Selectable {
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * The clusters that have all of the labels, in the fleet's order. A map, `{}` too, never selects the
 * service's own hub: whoever means the hub names it.
 */
export const byLabels = <Cluster extends Selectable>(
  labels: Readonly<Record<string, string | undefined>>,
  clusters: readonly Cluster[],
  hub: string | undefined,
): readonly Cluster[] =>
  clusters.filter(
    ({ name, labels: own = {} }) =>
      name !== hub &&
      Object.entries(labels).every(([key, value]) => Object.hasOwn(own, key) && own[key] === value),
  );

/** A list of names, and not labels. */
export const isNames = <Names extends readonly unknown[]>(
  selector: Selector | Names | Readonly<Record<string, unknown>>,
): selector is Names => Array.isArray(selector);
