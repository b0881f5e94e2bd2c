import type { FieldSet } from './field-sets.ts';
import {
  allFieldsOf,
  compareFields,
  fieldsOf,
  fromFieldsV1,
  toFieldsV1,
  union,
  without,
} from './field-sets.ts';
import type { KubeObject, ManagedFieldsEntry } from './objects.ts';

/** Who writes: one entry of `managedFields` for each distinct writer. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: 'status';
}

/**
 * `managedFields` after an update. What a writer set or altered is its own from then on, and no one
 * else's; what it took away is no one's. A write that only takes away leaves no trace of the
 * writer, not even a new time on an entry that it had (structured-merge-diff merge/update.go,
 * `Update`; apimachinery managedfields/internal/managedfieldsupdater.go).
 */
export function afterUpdate(
  before: KubeObject,
  after: KubeObject,
  writer: Writer,
  time: string,
): readonly ManagedFieldsEntry[] {
  const { taken, removed } = compareFields(before, after);
  const lost = union(taken, removed);
  const entries = entriesOf(before);
  const own = entries.find((entry) => isBy(entry, writer));
  const kept = entries
    .filter((entry) => taken.size === 0 || entry !== own)
    .flatMap((entry) => withFields(entry, without(fromFieldsV1(entry.fieldsV1), lost)));
  if (taken.size === 0) return kept;
  const earlier = own ? without(fromFieldsV1(own.fieldsV1), removed) : new Set<string>();
  return sorted([...kept, entry(after, writer, union(earlier, taken), time)]);
}

/** `managedFields` after a server-side apply: the writer owns exactly what its manifest says. */
export function afterApply(
  before: KubeObject,
  after: KubeObject,
  manifest: KubeObject,
  writer: Writer,
  time: string,
): readonly ManagedFieldsEntry[] {
  const { taken, removed } = compareFields(before, after);
  const lost = union(taken, removed);
  const kept = entriesOf(before)
    .filter((entry) => !isBy(entry, writer))
    .flatMap((entry) => withFields(entry, without(fromFieldsV1(entry.fieldsV1), lost)));
  return sorted([...kept, entry(after, writer, fieldsOf(manifest), time)]);
}

/** `managedFields` of a new object. */
export const afterCreate = (
  object: KubeObject,
  writer: Writer,
  time: string,
): readonly ManagedFieldsEntry[] => [
  entry(
    object,
    writer,
    writer.operation === 'Apply' ? fieldsOf(object) : allFieldsOf(object),
    time,
  ),
];

/** The fields that the writer owns. */
export function ownedBy(object: KubeObject, writer: Writer): FieldSet {
  const own = entriesOf(object).find((entry) => isBy(entry, writer));
  return own ? fromFieldsV1(own.fieldsV1) : new Set();
}

/** The fields that any other writer owns. */
export const ownedByOthers = (object: KubeObject, writer: Writer): FieldSet =>
  entriesOf(object)
    .filter((entry) => !isBy(entry, writer))
    .reduce<FieldSet>((fields, entry) => union(fields, fromFieldsV1(entry.fieldsV1)), new Set());

const entriesOf = (object: KubeObject): readonly ManagedFieldsEntry[] =>
  object.metadata.managedFields ?? [];

const isBy = (entry: ManagedFieldsEntry, writer: Writer): boolean =>
  entry.manager === writer.manager &&
  entry.operation === writer.operation &&
  entry.subresource === writer.subresource;

const withFields = (entry: ManagedFieldsEntry, fields: FieldSet): ManagedFieldsEntry[] =>
  fields.size === 0 ? [] : [{ ...entry, fieldsV1: toFieldsV1(fields) }];

const entry = (
  object: KubeObject,
  { manager, operation, subresource }: Writer,
  fields: FieldSet,
  time: string,
): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: object.apiVersion,
  time,
  fieldsType: 'FieldsV1',
  fieldsV1: toFieldsV1(fields),
  ...(subresource && { subresource }),
});

/** Apply before Update, then by time, then by name (managedfields/internal/managedfields.go, sortEncodedManagedFields). */
const sorted = (entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] =>
  entries.toSorted(
    (a, b) =>
      a.operation.localeCompare(b.operation) ||
      a.time.localeCompare(b.time) ||
      a.manager.localeCompare(b.manager),
  );
