import type { FleetCode, Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { listed, nearest } from './suggest.ts';

/** A name that nothing in the fleet has. */
export function reportUnknown(
  problems: Problems,
  kind: 'account' | 'cluster' | 'service' | 'env' | 'group',
  name: string,
  names: Iterable<string>,
  path: FleetPath,
  atKey = false,
): void {
  const known = problems.full ? [] : [...names];
  const near = nearest(name, known);
  problems.add({
    code: `fleet/unknown-${kind}`,
    path,
    atKey,
    found: `the ${kind} ${quoted(name)}`,
    expected:
      known.length === 0 ? `a ${kind} that is there; there is none` : `one of: ${listed(known)}`,
    next: near === undefined ? remedies[kind] : `Write "${near}".`,
  });
}

const remedies = {
  account: 'Add it to `accounts`, or write one that is there.',
  cluster: 'Add it to `clusters`, or write one that is there.',
  service: 'Add it to `services`, or write one that is there.',
  env: 'Add it to the service’s `envs`, or write one that is there.',
  group: 'Give one of the workloads this name, or write one that is there.',
} as const;

/** What may stand once alone, and what is said of each later one. */
interface Repeats<Item> {
  readonly code: FleetCode;
  /** `undefined`: not to be compared. */
  readonly key: (item: Item) => string | undefined;
  readonly path: (item: Item) => FleetPath;
  readonly found: (again: Item, first: Item) => string;
  readonly expected: string;
  readonly next: string;
}

export function reportRepeats<Item>(
  problems: Problems,
  items: readonly Item[],
  { code, key, path, found, expected, next }: Repeats<Item>,
): void {
  const seen = new Map<string, Item>();
  for (const item of items) {
    const text = key(item);
    if (text === undefined) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, item);
    else problems.add({ code, path: path(item), found: found(item, first), expected, next });
  }
}

/** Of some keys exactly one must stand: what schema-parts.ts says of a leaf, of objects with more in them. */
export function reportExactlyOne(
  problems: Problems,
  object: object,
  path: FleetPath,
  keys: readonly string[],
  next: string,
): void {
  const there = keys.filter((key) => Object.hasOwn(object, key));
  if (there.length === 1) return;
  problems.add({
    code: 'fleet/exactly-one',
    path: [...path, ...there.slice(1, 2)],
    atKey: there.length > 1,
    found: there.length === 0 ? `none of ${keys.join(', ')}` : there.join(' and '),
    expected: `exactly one of: ${keys.join(', ')}`,
    next: there.length === 0 ? next : 'Keep one of them.',
  });
}

/** A list that holds a text more than once. */
export function reportRepeated(
  problems: Problems,
  list: readonly (string | undefined)[] | undefined,
  path: FleetPath,
): void {
  reportRepeats(problems, [...(list ?? []).entries()], {
    code: 'fleet/repeated',
    key: ([, text]) => text,
    path: ([index]) => [...path, index],
    found: ([, text = '']) => `${quoted(text)} a second time`,
    expected: 'everything in this list once',
    next: 'Remove it.',
  });
}
