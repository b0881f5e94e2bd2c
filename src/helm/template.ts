import type { Path } from './json.ts';

/**
 * An object tree in which some values are holes, which Helm fills from the values of a release. What is
 * no hole is written as it is, and stays a text whatever it holds.
 */
export type Node = null | boolean | number | string | readonly Node[] | Hole | NodeMap;
export interface NodeMap {
  readonly [key: string]: Node;
}

/** An expression of Go's text/template, of one pipeline, such as `.Values.image.tag`. */
export type Expression = string;

export type Filling =
  /** The value of a key or of a list's element. */
  | { readonly kind: 'value'; readonly style: Style; readonly expression: Expression }
  /** The same, of a key that is left out where the expression is empty. */
  | { readonly kind: 'optional'; readonly style: Style; readonly expression: Expression }
  /** A map: its own entries, then those of other maps. Of two that add one key the last wins. */
  | { readonly kind: 'entries'; readonly own: NodeMap; readonly more: readonly Expression[] }
  /** A list: its own elements, then those of another. */
  | { readonly kind: 'items'; readonly own: readonly Node[]; readonly more: Expression };

/** `inline` is for texts, numbers and truth values, `block` for maps and lists. */
export type Style = 'inline' | 'block';

const mark = Symbol('hole');

/** Marked by a symbol, so that no object of a user's can pass for one. */
export interface Hole {
  readonly [mark]: Filling;
}

export const hole = (filling: Filling): Hole => ({ [mark]: filling });

export const isHole = (node: Node | undefined): node is Hole =>
  typeof node === 'object' && node !== null && mark in node;

export const fillingOf = (one: Hole): Filling => one[mark];

/** One object, in a file of several. */
export interface TemplateDocument {
  readonly node: NodeMap;
  /** It is there only where all of them hold. */
  readonly conditions: readonly Expression[];
}

/** The tree with another node at that place. The last key may be new; all before it must be there. */
export function withNodeAt(
  node: Node,
  path: Path,
  change: (before: Node | undefined) => Node,
): Node {
  const [key, ...rest] = path;
  if (key === undefined) return change(node);
  const inner = (before: Node | undefined): Node => {
    if (rest.length === 0) return change(before);
    if (before === undefined) throw new Error(`nothing stands at ${key}, before ${rest.join('.')}`);
    return withNodeAt(before, rest, change);
  };
  if (Array.isArray(node)) {
    return (node as readonly Node[]).map((one, index) => (index === key ? inner(one) : one));
  }
  if (!isNodeMap(node)) throw new Error(`no map and no list is before ${path.join('.')}`);
  return { ...node, [key]: inner(Object.hasOwn(node, key) ? node[key] : undefined) };
}

/** What stands there. Of a hole nothing does. */
export const nodeAt = (node: Node, path: Path): Node | undefined =>
  path.reduce<Node | undefined>((at, key) => {
    if (Array.isArray(at)) return (at as readonly Node[])[Number(key)];
    return at !== undefined && isNodeMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }, node);

export const isNodeMap = (node: Node): node is NodeMap =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !isHole(node);
