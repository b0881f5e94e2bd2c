import type { Unit } from './units.ts';

/** A unit that applying a new output would touch. */
export interface Change {
  readonly change: 'added' | 'changed' | 'removed';
  /** A cluster's name, or `iam`. */
  readonly where: string;
  /** `CronJob sts/after-key-creation`. */
  readonly what: string;
}

/** What applying `after` in place of `before` would change, sorted by place. */
export function compareUnits(before: readonly Unit[], after: readonly Unit[]): readonly Change[] {
  const old = byName(before);
  const fresh = byName(after);
  const changes: Change[] = [];
  for (const [key, { where, what, digest }] of fresh) {
    const known = old.get(key);
    if (!known) changes.push({ change: 'added', where, what });
    else if (known.digest !== digest) changes.push({ change: 'changed', where, what });
  }
  for (const [key, { where, what }] of old) {
    if (!fresh.has(key)) changes.push({ change: 'removed', where, what });
  }
  return changes.sort((a, b) => (`${a.where} ${a.what}` < `${b.where} ${b.what}` ? -1 : 1));
}

const byName = (units: readonly Unit[]): ReadonlyMap<string, Unit> =>
  new Map(units.map((unit) => [`${unit.where} ${unit.what}`, unit]));

/** How many there are of each. */
export function summarise(changes: readonly Change[]): Readonly<Record<Change['change'], number>> {
  const count = (kind: Change['change']) => changes.filter(({ change }) => change === kind).length;
  return { added: count('added'), changed: count('changed'), removed: count('removed') };
}
