import type { FleetCode, Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { listed, nearest } from './suggest.ts';

/** A name that nothing in the fleet has. */
export function reportUnknown(
  problems: Problems,
  kind: 'account' | 'cluster' | 'service',
  name: string,
  names: Iterable<string>,
  path: FleetPath,
): void {
  const known = problems.full ? [] : [...names];
  const near = nearest(name, known);
  problems.add({
    code: `fleet/unknown-${kind}`,
    path,
    found: `the ${kind} ${quoted(name)}`,
    expected:
      known.length === 0 ? `a ${kind} of the fleet; it has none` : `one of: ${listed(known)}`,
    next:
      near === undefined
        ? `Add it to \`${kind}s\`, or write one that is there.`
        : `Write "${near}".`,
  });
}

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
