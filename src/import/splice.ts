import { isDeepStrictEqual } from 'node:util';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { FleetPath } from '../fleet/diagnostic.ts';
import {
  editValue,
  withMadeParents,
  type FileEdit,
  type Unwritable,
  type Value,
} from './edit-model.ts';
import { childOf, dashOf, firstKeyOf, isFlow, lastLeaf, lastLeafOfFlow } from './nodes.ts';
import { blockText, flowText } from './value-text.ts';

export type Edited =
  | { readonly kind: 'edited'; readonly text: string }
  | { readonly kind: 'unwritable'; readonly problem: Unwritable };

/** A replacement of `text[start, end)`. Of several at one place the deeper ones come first. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly depth: number;
}

/** In the way of an edit stands something that it can't be made around. */
class InTheWay extends Error {
  readonly path: FleetPath;

  constructor(path: FleetPath, why: string) {
    super(why);
    this.path = path;
  }
}

/**
 * A fleet file with edits made, and every other byte as it was: comments, order, quotes and empty
 * lines. What comes out is read back: where it does not say what it should, nothing comes out.
 *
 * @param text a fleet file that loads
 */
export function editFleet(text: string, edits: readonly FileEdit[]): Edited {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const before = read(body);
  const value: unknown = before.toJS({ maxAliasCount: -1 });
  const writer = new Writer(body, before.contents as Node);
  try {
    const splices = withMadeParents(value, edits).flatMap((edit) => writer.splices(edit));
    const after = spliced(body, splices);
    const reread = read(after);
    const wanted = editValue(value, edits);
    if (
      reread.errors.length > 0 ||
      !isDeepStrictEqual(reread.toJS({ maxAliasCount: -1 }), wanted)
    ) {
      throw new InTheWay([], 'the file is written in a way that can’t be added to safely');
    }
    return { kind: 'edited', text: mark + after };
  } catch (error) {
    if (!(error instanceof InTheWay)) throw error;
    return { kind: 'unwritable', problem: { path: error.path, why: error.message } };
  }
}

const read = (text: string) =>
  parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, keepSourceTokens: true });

function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: wanted } of splices.toSorted(
    (a, b) => a.start - b.start || b.depth - a.depth,
  )) {
    parts.push(text.slice(at, start), wanted);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

class Writer {
  readonly #text: string;
  readonly #root: Node;
  readonly #newline: string;
  /** Flow collections to which something has been added: what follows needs a comma. */
  readonly #filled = new Set<Node>();

  constructor(text: string, root: Node) {
    this.#text = text;
    this.#root = root;
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  splices({ kind, path, value }: FileEdit): readonly Splice[] {
    if (kind === 'append') {
      const list = this.#at(path);
      if (!isSeq<Node>(list)) throw new InTheWay(path, 'no list stands here');
      return this.#add(list, path, value, undefined);
    }
    const parent = this.#at(path.slice(0, -1));
    const key = String(path.at(-1));
    if (!isMap<Node, Node | null>(parent)) throw new InTheWay(path, 'no map stands around it');
    const pair = parent.items.find((one) => isScalar(one.key) && one.key.value === key);
    if (!pair) return this.#add(parent, path, value, key);
    if (!isScalar(pair.value) || typeof value === 'object') {
      throw new InTheWay(path, 'it is no plain value');
    }
    const [start, end] = pair.value.range ?? [0, 0];
    return [{ start, end, text: this.#inline(value), depth: path.length }];
  }

  #inline(value: Value): string {
    return flowText(value, isFlow(this.#root));
  }

  #at(path: FleetPath): Node {
    let node: Node = this.#root;
    for (const [index, step] of path.entries()) {
      const here = path.slice(0, index + 1);
      const inside = childOf(node, step);
      if (!inside) throw new InTheWay(here, 'nothing stands here');
      if (isAlias(inside)) {
        throw new InTheWay(here, 'an alias stands here: what it stands for is used elsewhere too');
      }
      node = inside;
    }
    return node;
  }

  /** Something new at the end of a map or a list. */
  #add(
    container: YAMLMap<Node, Node | null> | YAMLSeq<Node>,
    path: FleetPath,
    value: Value,
    key: string | undefined,
  ): readonly Splice[] {
    if (container.flow) {
      const text = this.#inline(key === undefined ? value : { [key]: value });
      return this.#addInFlow(container, key === undefined ? text : unwrapped(text), path.length);
    }
    const indent = this.#indentOf(container, path);
    const depth = key === undefined ? path.length + 1 : path.length;
    const item = blockText(key === undefined ? [value] : { [key]: value }, depth);
    const lines = item
      .trimEnd()
      .split('\n')
      .map((line) => `${indent}${line}${this.#newline}`);
    const at = this.#afterComments(container, path, indent);
    const needsNewline = at > 0 && this.#text[at - 1] !== '\n';
    return [insertion(at, (needsNewline ? this.#newline : '') + lines.join(''), depth)];
  }

  /** Comments as deep as the items are about those that stand there: what is new comes after them. */
  #afterComments(container: YAMLMap | YAMLSeq, path: FleetPath, indent: string): number {
    const from = this.#endOfLine(lastLeaf(container));
    // Where a list is no deeper than its key, a comment there may be about the key that comes next.
    const isShallow =
      isSeq(container) && this.#indentOf(this.#at(path.slice(0, -1)), path) === indent;
    const least = indent.length + (isShallow ? 1 : 0);
    let end = from;
    for (let at = from; at < this.#text.length;) {
      const next = this.#endOfLine(at + 1);
      const line = this.#text.slice(at, next);
      const comment = /^ *(?=#)/.exec(line)?.[0];
      if (comment === undefined ? line.trim() !== '' : comment.length < least) break;
      if (comment !== undefined) end = next;
      at = next;
    }
    return end;
  }

  #addInFlow(container: YAMLMap | YAMLSeq, text: string, depth: number): readonly Splice[] {
    const close = (container.range?.[1] ?? 0) - 1;
    const isFilled = this.#filled.has(container);
    const hasItems = container.items.length > 0 || isFilled;
    this.#filled.add(container);
    // After the last item, before the space in front of the bracket.
    const inside = this.#text.slice(0, close);
    const last = container.items.length > 0 ? lastLeafOfFlow(container) : inside.trimEnd().length;
    const open = (container.range?.[0] ?? 0) + 1;
    const tail = this.#text.slice(container.items.length > 0 ? last : open, close);
    const hasComma = /^\s*,/.test(tail);
    if (tail.includes('#')) {
      // What is written on the line of a comment would be taken for what it is about.
      const line = this.#text.slice(
        0,
        this.#text.indexOf('\n', this.#text.lastIndexOf('#', close)),
      );
      const own = `${this.#newline}${this.#indentInFlow(open, last)}${text}`;
      const entry = insertion(line.trimEnd().length, isFilled ? `,${own}` : own, depth);
      const needsComma = hasItems && !isFilled && !hasComma;
      return needsComma ? [insertion(last, ',', depth), entry] : [entry];
    }
    if (hasComma) return [insertion(close, ` ${text},`, depth)];
    return [insertion(last, hasItems ? `, ${text}` : text, depth)];
  }

  /** As deep as the line of the last item; deeper than the line of the bracket. */
  #indentInFlow(open: number, last: number): string {
    const line = this.#text.lastIndexOf('\n', last - 1) + 1;
    const indent = /^ */.exec(this.#text.slice(line))?.[0] ?? '';
    return line < open ? `${indent}  ` : indent;
  }

  #indentOf(container: Node, path: FleetPath): string {
    const start = isSeq(container) ? dashOf(container) : firstKeyOf(container);
    if (start === undefined) throw new InTheWay(path, 'it is written in an unusual way');
    return ' '.repeat(start - (this.#text.lastIndexOf('\n', start - 1) + 1));
  }

  #endOfLine(offset: number): number {
    if (offset > 0 && this.#text[offset - 1] === '\n') return offset;
    const end = this.#text.indexOf('\n', offset);
    return end === -1 ? this.#text.length : end + 1;
  }
}

const insertion = (at: number, text: string, depth: number): Splice => ({
  start: at,
  end: at,
  text,
  depth,
});

/** `{ key: value }` without its braces. */
const unwrapped = (text: string): string => text.slice(1, -1).trim();
