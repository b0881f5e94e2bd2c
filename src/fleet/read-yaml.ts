import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { Fault } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';

/** A fault at an offset of the text. */
export interface YamlFault extends Fault {
  readonly offset: number;
  readonly path: FleetPath;
}

interface Entry {
  readonly key: Node;
  readonly value: Node | null;
}

/** Reading stopped: what aliases stand for can't be known, or is too much. */
export class Unreadable extends Error {
  readonly fault: YamlFault;

  constructor(fault: YamlFault) {
    super(fault.found);
    this.fault = fault;
  }
}

/** Nodes that aliases may copy, all together: a thousand clusters' labels, and no "billion laughs". */
const mostCopies = 100_000;
/** A fleet file needs eight levels. */
const deepest = 64;

/**
 * The plain value of a YAML document, in time linear in what is read. Aliases are copied out
 * (the library's own conversion shares them, and looks each of them up anew). Of a repeated key the
 * first stands, and the others are faults. There are no merge keys: YAML 1.2 has none, and what they
 * override would have no place of its own.
 */
export class YamlReader {
  readonly faults: YamlFault[] = [];
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #entries = new Map<Node, ReadonlyMap<string, Entry>>();
  readonly #open = new Set<Node>();
  #copies = 0;
  #aliases = 0;

  read(document: Document.Parsed): unknown {
    return this.#read(document.contents, []);
  }

  /** What an alias stands for; any other node is itself. */
  target(node: Node): Node | undefined {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  /** The entry of a map that has been read; of a repeated key the first, as in the value. */
  entry(map: Node, key: string): Entry | undefined {
    return this.#entries.get(map)?.get(key);
  }

  #read(node: Node | null, path: FleetPath): unknown {
    if (node === null) return null;
    if (isAlias(node)) return this.#readAlias(node, path);
    if (path.length > deepest) throw new Unreadable({ ...tooDeep, offset: startOf(node), path });
    if (this.#aliases > 0 && ++this.#copies > mostCopies) {
      throw new Unreadable({ ...tooManyCopies, offset: startOf(node), path });
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return node.value;
    this.#open.add(node);
    const value = isSeq<Node>(node)
      ? node.items.map((item, index) => this.#read(item, [...path, index]))
      : isMap<Node, Node | null>(node)
        ? this.#readMap(node, path)
        : undefined;
    this.#open.delete(node);
    return value;
  }

  #readMap(map: YAMLMap<Node, Node | null>, path: FleetPath): Record<string, unknown> {
    const values = new Map<string, unknown>();
    const entries = new Map<string, Entry>();
    this.#entries.set(map, entries);
    for (const { key, value } of map.items) {
      const name = keyOf(key);
      const at = { offset: startOf(key), path: [...path, name] };
      if (name === '<<') this.faults.push({ ...mergeKey, ...at });
      else if (name === '__proto__') this.faults.push({ ...protoKey, ...at });
      else if (entries.has(name)) this.faults.push({ ...duplicate(name), ...at });
      else {
        entries.set(name, { key, value });
        values.set(name, this.#read(value, at.path));
      }
    }
    return Object.fromEntries(values);
  }

  #readAlias(alias: Alias, path: FleetPath): unknown {
    const node = this.#anchors.get(alias.source);
    const at = { offset: startOf(alias), path };
    if (!node) throw new Unreadable({ ...unknownAnchor(alias.source), ...at });
    if (this.#open.has(node)) throw new Unreadable({ ...cycle(alias.source), ...at });
    this.#targets.set(alias, node);
    this.#aliases++;
    const value = this.#read(node, path);
    this.#aliases--;
    return value;
  }
}

/** Keys are texts: the parser is told so (`stringKeys`). */
const keyOf = (key: Node): string => (isScalar(key) ? String(key.value) : '');

export const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Also what the library says by an overflow of the stack. */
export const tooDeep: Fault = {
  code: 'fleet/yaml',
  found: `more than ${deepest} levels`,
  expected: 'maps and lists as deep as a fleet file has them',
  next: 'Close brackets, or indent less, before this place.',
};

const tooManyCopies: Fault = {
  code: 'fleet/alias',
  found: `aliases that copy more than ${mostCopies} values`,
  expected: 'a file of bounded size once its aliases are written out',
  next: 'Use fewer aliases, and none of a list of aliases.',
};

const unknownAnchor = (name: string): Fault => ({
  code: 'fleet/alias',
  found: `the alias *${name}, without an anchor before it`,
  expected: `the anchor &${name} earlier in the file`,
  next: 'Put quotes round a text that begins with *, or add the anchor.',
});

const cycle = (name: string): Fault => ({
  code: 'fleet/alias',
  found: `the alias *${name} within its own anchor`,
  expected: 'a value that ends',
  next: 'Write the value out.',
});

const mergeKey: Fault = {
  code: 'fleet/merge-key',
  found: 'the merge key <<',
  expected: 'the keys themselves: YAML 1.2 has no merge keys',
  next: 'Write the keys out, or give a whole value with an alias.',
};

const protoKey: Fault = {
  code: 'fleet/unknown-key',
  found: 'the key "__proto__"',
  expected: 'a key of the fleet file',
  next: 'Remove it.',
};

const duplicate = (name: string): Fault => ({
  code: 'fleet/duplicate-key',
  found: `the key ${JSON.stringify(name)} a second time`,
  expected: 'every key once in its map',
  next: 'Keep one of the two.',
});
