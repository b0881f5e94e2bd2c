import type { Cluster } from './model.ts';
import type { Selector } from './schema.ts';
import { byLabels, isNames } from './selector.ts';

export type ByName<Item> = ReadonlyMap<string, Item>;

export const indexed = <Item extends { readonly name: string }>(
  items: readonly Item[],
): ByName<Item> => new Map(items.map((item) => [item.name, item]));

/** What a name stands for. One that nothing has is a defect of `checkMeaning`, and throws. */
export function known<Item>(items: ByName<Item>, name: string): Item {
  const item = items.get(name);
  if (item === undefined) throw new Error(`checkMeaning let the unknown name "${name}" pass`);
  return item;
}

/** The clusters that a selector says. Labels leave out the hub. */
export const select = (
  selector: Selector,
  clusters: ByName<Cluster>,
  hub?: Cluster,
): readonly Cluster[] =>
  isNames(selector)
    ? selector.map((name) => known(clusters, name))
    : byLabels(selector, [...clusters.values()], hub?.name);
