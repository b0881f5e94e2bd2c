import type { FleetCode, Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { listed, nearest } from './suggest.ts';

/** A name that nothing in the fleet has. */
export function reportUnknown(
  problems: Problems,
  kind: 'account' | 'cluster' | 'service' | 'group',
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
      known.length === 0 ? `a ${kind} that is there; there is none` : `one of: ${listed(known)}`,
    next: near === undefined ? remedies[kind] : `Write "${near}".`,
  });
}

const remedies = {
  account: 'Add it to `accounts`, or write one that is there.',
  cluster: 'Add it to `clusters`, or write one that is there.',
  service: 'Add it to `services`, or write one that is there.',
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
