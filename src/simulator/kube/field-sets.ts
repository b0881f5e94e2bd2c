import { isDeepStrictEqual } from 'node:util';
import type { FieldsV1, KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';

/**
 * The fields of an object as paths to its leaves, each path encoded as JSON. Coarser than the real
 * server's: a list is one leaf, and a map that is not empty has no entry of its own (`.`).
 */
export type FieldSet = ReadonlySet<string>;

/** Set by the server, and owned by nobody (managedfields/internal/stripmeta.go). */
const serverFields = new Set([
  '["apiVersion"]',
  '["kind"]',
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'managedFields',
  ].map((field) => JSON.stringify(['metadata', field])),
]);

export const union = (a: FieldSet, b: FieldSet): FieldSet => new Set([...a, ...b]);

/** What is in `a` and not in `b`. */
export const without = (a: FieldSet, b: { has(field: string): boolean }): FieldSet =>
  new Set([...a].filter((field) => !b.has(field)));

export const fieldsOf = (object: KubeObject): FieldSet => new Set(leaves(object).keys());

/** What a write changed: fields it set or altered, and fields it took away. */
export function compareFields(
  before: KubeObject,
  after: KubeObject,
): { readonly taken: FieldSet; readonly removed: FieldSet } {
  const old = leaves(before);
  const now = leaves(after);
  const taken = [...now].filter(([path, value]) => !isDeepStrictEqual(old.get(path), value));
  return {
    taken: new Set(taken.map(([path]) => path)),
    removed: without(new Set(old.keys()), now),
  };
}

function leaves(object: KubeObject): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (value: unknown, path: readonly string[]): void => {
    const name = JSON.stringify(path);
    if (serverFields.has(name) || value === undefined) return;
    const members = isRecord(value) ? Object.entries(value) : [];
    if (members.length === 0) found.set(name, value);
    for (const [key, member] of members) visit(member, [...path, key]);
  };
  for (const [key, value] of Object.entries(object)) visit(value, [key]);
  return found;
}

const pathOf = (field: string): readonly string[] => JSON.parse(field) as string[];

/** The tree in `managedFields[].fieldsV1`. */
export function toFieldsV1(fields: FieldSet): FieldsV1 {
  interface Tree {
    [field: string]: Tree;
  }
  const tree: Tree = {};
  for (const field of fields) {
    let node = tree;
    for (const part of pathOf(field)) node = node[`f:${part}`] ??= {};
  }
  return tree;
}

export function fromFieldsV1(tree: FieldsV1): FieldSet {
  const found = new Set<string>();
  const visit = (node: FieldsV1, path: readonly string[]): void => {
    const members = Object.entries(node);
    if (members.length === 0 && path.length > 0) found.add(JSON.stringify(path));
    for (const [part, member] of members) visit(member, [...path, part.slice(2)]);
  };
  visit(tree, []);
  return found;
}

/** A merge-patch that takes these fields away. */
export function removalOf(fields: FieldSet): unknown {
  interface Patch {
    [field: string]: Patch | null;
  }
  const patch: Patch = {};
  for (const field of fields) {
    const path = pathOf(field);
    let node = patch;
    for (const part of path.slice(0, -1)) node = node[part] ??= {};
    const last = path.at(-1);
    if (last !== undefined) node[last] = null;
  }
  return patch;
}
