import type { FleetPath } from '../fleet/diagnostic.ts';

/** A value of a fleet file. */
export type Value = string | boolean | readonly Value[] | { readonly [key: string]: Value };

/** A change of a fleet file: something is put under a key, or added to the end of a list. */
export type FileEdit =
  | { readonly kind: 'put'; readonly path: FleetPath; readonly value: Value }
  /** Where there is no such list, it is made. */
  | { readonly kind: 'append'; readonly path: FleetPath; readonly value: Value };

/** Why a file is not edited: at the path something stands in the way. */
export interface Unwritable {
  readonly path: FleetPath;
  readonly why: string;
}

type Container = Record<string | number, unknown>;

/**
 * A copy of a file's value with the edits made: what the edited text must come to. A map around the
 * place that is not there is made.
 */
export function editValue(value: unknown, edits: readonly FileEdit[]): unknown {
  const root = copied(value);
  for (const { kind, path, value: wanted } of edits) {
    let parent = root as Container;
    for (const step of path.slice(0, -1)) parent = (parent[step] ??= {}) as Container;
    const last = path.at(-1) ?? '';
    if (kind === 'put') parent[last] = copied(wanted);
    else {
      const list = (parent[last] ??= []);
      // Where no list stands, the writer refuses.
      if (Array.isArray(list)) list.push(copied(wanted));
    }
  }
  return root;
}

/** A file that loads holds nothing that JSON does not. */
const copied = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/**
 * The same edits, of which none needs a map or a list that is not there: what is made anew is made by
 * one `put`.
 */
export function withMadeParents(value: unknown, edits: readonly FileEdit[]): readonly FileEdit[] {
  const wanted = editValue(value, edits);
  const made = new Set<string>();
  return edits.flatMap((edit): readonly FileEdit[] => {
    const places = edit.path.map((_, index) => edit.path.slice(0, index + 1));
    const inside = edit.kind === 'append' ? places : places.slice(0, -1);
    const missing = inside.find((path) => at(value, path) === undefined);
    if (!missing) return [edit];
    const key = JSON.stringify(missing);
    if (made.has(key)) return [];
    made.add(key);
    return [{ kind: 'put', path: missing, value: at(wanted, missing) as Value }];
  });
}

const at = (value: unknown, path: FleetPath): unknown =>
  path.reduce<unknown>(
    (inside, step) =>
      typeof inside === 'object' ? (inside as Container | null)?.[step] : undefined,
    value,
  );
