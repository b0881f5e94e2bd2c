import { isDeepStrictEqual } from 'node:util';
import type { FieldsV1, KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';

/**
 * The fields of an object as paths to its leaves, each path encoded as JSON. A map that a write
 * brings is a field of its own, its path ending in `.`. Coarser than the real server's: a list is
 * one leaf.
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

/** Structures that are always there, so that no write brings them (not pointers in k8s.io/api). */
const alwaysThere = new Set(
  [
    ['metadata'],
    ['spec'],
    ['status'],
    ['spec', 'strategy'],
    ['spec', 'updateStrategy'],
    ['involvedObject'],
    ['source'],
    ['spec', 'template'],
    ['spec', 'template', 'metadata'],
    ['spec', 'template', 'spec'],
    ['spec', 'jobTemplate'],
    ['spec', 'jobTemplate', 'metadata'],
    ['spec', 'jobTemplate', 'spec'],
    ['spec', 'jobTemplate', 'spec', 'template'],
    ['spec', 'jobTemplate', 'spec', 'template', 'metadata'],
    ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
    ['roleRef'],
  ].map((path) => JSON.stringify(path)),
);

/** The last part of a path that stands for a map itself. */
const itself = '.';

export const union = (a: FieldSet, b: FieldSet): FieldSet => new Set([...a, ...b]);

/** What is in `a` and not in `b`. */
export const without = (a: FieldSet, b: { has(field: string): boolean }): FieldSet =>
  new Set([...a].filter((field) => !b.has(field)));

/** What a manifest says: its leaves. */
export const fieldsOf = (object: KubeObject): FieldSet =>
  new Set([...leaves(object).keys()].filter((field) => !isItself(field)));

/** What making the object brings: its leaves, and the maps that hold them. */
export const allFieldsOf = (object: KubeObject): FieldSet => new Set(leaves(object).keys());

const isItself = (field: string): boolean => pathOf(field).at(-1) === itself;

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
    else if (!alwaysThere.has(name)) found.set(JSON.stringify([...path, itself]), true);
    for (const [key, member] of members) visit(member, [...path, key]);
  };
  for (const [key, value] of Object.entries(object)) visit(value, [key]);
  return found;
}

/** Its parts, outermost first. */
export const pathOf = (field: string): readonly string[] => JSON.parse(field) as string[];

/** The tree in `managedFields[].fieldsV1`. */
export function toFieldsV1(fields: FieldSet): FieldsV1 {
  interface Tree {
    [field: string]: Tree;
  }
  const tree: Tree = {};
  for (const field of fields) {
    let node = tree;
    for (const part of pathOf(field)) node = node[part === itself ? part : `f:${part}`] ??= {};
  }
  return tree;
}

export function fromFieldsV1(tree: FieldsV1): FieldSet {
  const found = new Set<string>();
  const visit = (node: FieldsV1, path: readonly string[]): void => {
    const members = Object.entries(node);
    if (members.length === 0 && path.length > 0) found.add(JSON.stringify(path));
    for (const [part, member] of members)
      visit(member, [...path, part === itself ? part : part.slice(2)]);
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
