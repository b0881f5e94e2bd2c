export type Fields = Readonly<Record<string, unknown>>;

/** With what is missing; the same object when nothing is. */
export function filled<T extends Fields>(given: T, defaults: Fields): T {
  return Object.keys(defaults).every((key) => given[key] !== undefined)
    ? given
    : { ...defaults, ...withoutUndefined(given) };
}

const withoutUndefined = <T extends Fields>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** With another value; the same object when it is the same value. */
export const replaced = <T extends Fields>(given: T, key: string, value: unknown): T =>
  given[key] === value ? given : { ...given, [key]: value };

export function mapped(
  list: readonly unknown[],
  change: (value: unknown) => unknown,
): readonly unknown[] {
  const changed = list.map(change);
  return changed.every((value, index) => value === list[index]) ? list : changed;
}
