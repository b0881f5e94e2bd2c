import { isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';

/** What stands at a key or an index. */
export function childOf(node: Node, step: string | number): Node | null | undefined {
  if (isSeq<Node>(node)) return node.items[Number(step)];
  if (!isMap<Node, Node | null>(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && key.value === step)?.value;
}

export const isFlow = (node: Node): boolean => (isMap(node) || isSeq(node)) && node.flow === true;

/** Where a block list has its first `-`. */
export function dashOf({ srcToken }: YAMLSeq): number | undefined {
  if (srcToken?.type !== 'block-seq') return undefined;
  return srcToken.items[0]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

/** Where a map has its first key. */
export const firstKeyOf = (node: Node): number | undefined =>
  isMap<Node, Node | null>(node) ? node.items[0]?.key.range?.[0] : undefined;

/** The end of the last thing that is written in a node: comments after it come later. */
export function lastLeaf(node: Node): number {
  if (isFlow(node)) return node.range?.[1] ?? 0;
  if (isMap<Node, Node | null>(node)) {
    const last = node.items.at(-1);
    return last ? lastLeaf(last.value?.range ? last.value : last.key) : (node.range?.[1] ?? 0);
  }
  if (isSeq<Node>(node)) {
    const last = node.items.at(-1);
    return last ? lastLeaf(last) : (node.range?.[1] ?? 0);
  }
  return node.range?.[1] ?? 0;
}

export function lastLeafOfFlow(node: YAMLMap | YAMLSeq): number {
  const last = node.items.at(-1);
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.at(-1);
    return (pair?.value ?? pair?.key)?.range?.[1] ?? 0;
  }
  return (last as Node).range?.[1] ?? 0;
}
