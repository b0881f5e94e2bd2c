import { keyOf, type Access } from './access-list.ts';

/** Which access comes, which goes, and how much stays as it is. */
export interface AccessChanges {
  readonly added: readonly Access[];
  readonly removed: readonly Access[];
  readonly unchanged: number;
}

export function compareAccess(before: readonly Access[], after: readonly Access[]): AccessChanges {
  const [old, fresh] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  const added = after.filter((one) => !old.has(keyOf(one)));
  return {
    added,
    removed: before.filter((one) => !fresh.has(keyOf(one))),
    unchanged: after.length - added.length,
  };
}
