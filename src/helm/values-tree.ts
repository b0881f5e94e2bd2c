import type { Group, Knob, Table } from './knob.ts';

/** values.yaml as a tree. */
export type ValuesNode =
  | { readonly kind: 'value'; readonly key: string; readonly knob: Knob }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly group: Group;
      readonly children: readonly ValuesNode[];
    };

/** In the order of the table. @throws Error where a group is not in it */
export function valuesTree(
  { groups, knobs }: Table,
  path: readonly string[] = [],
): readonly ValuesNode[] {
  const depth = path.length;
  const below = knobs.filter((knob) => path.every((key, index) => knob.path[index] === key));
  return [...Map.groupBy(below, (knob) => knob.path[depth] ?? '')].map(([key, own]) => {
    const [knob] = own;
    const inner = [...path, key];
    if (knob?.path.length === inner.length) return { kind: 'value', key, knob };
    const group = groups.find((one) => one.path.join('\n') === inner.join('\n'));
    if (!group) throw new Error(`the group ${inner.join('.')} has no comment`);
    return { kind: 'group', key, group, children: valuesTree({ groups, knobs: own }, inner) };
  });
}
