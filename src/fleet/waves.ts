import type { Selector } from './schema.ts';
import { byLabels, isNames } from './selector.ts';

interface Selectable {
  readonly name?: string | undefined;
  readonly labels?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A selector that may have holes; `undefined` takes all that are left. */
export type WaveSelector =
  Selector | readonly (string | undefined)[] | Readonly<Record<string, unknown>> | undefined;

/**
 * Which of a restart's clusters each wave takes: those that its selector finds and no earlier wave
 * took, in the restart's order. Labels find the hub too, since the restart has named it.
 */
export function shareOut<Cluster extends Selectable>(
  selectors: readonly WaveSelector[],
  clusters: readonly Cluster[],
): { readonly taken: readonly (readonly Cluster[])[]; readonly left: readonly Cluster[] } {
  let left = clusters;
  const taken = selectors.map((selector) => {
    const found = new Set(selected(selector, left));
    left = left.filter((cluster) => !found.has(cluster));
    return clusters.filter((cluster) => found.has(cluster));
  });
  return { taken, left };
}

function selected<Cluster extends Selectable>(
  selector: WaveSelector,
  clusters: readonly Cluster[],
): readonly Cluster[] {
  if (selector === undefined) return clusters;
  if (isNames<readonly (string | undefined)[]>(selector)) {
    const names = new Set(selector);
    return clusters.filter(({ name }) => names.has(name));
  }
  return byLabels(selector as Readonly<Record<string, string>>, clusters, undefined);
}
