import type { FieldSet } from './field-sets.ts';
import { compareFields, fromFieldsV1, pathOf } from './field-sets.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject, ManagedFieldsEntry } from './objects.ts';
import { StatusError } from './status-error.ts';

/**
 * Refuses with 409 an apply that would change what other managers own, naming them and their fields
 * (apimachinery pkg/util/managedfields/internal/conflict.go).
 */
export function refuseConflicts(current: KubeObject, next: KubeObject, writer: Writer): void {
  const { taken } = compareFields(current, next);
  const conflicts = (current.metadata.managedFields ?? [])
    .filter(
      ({ manager, operation }) => manager !== writer.manager || operation !== writer.operation,
    )
    .toSorted((a, b) => (a.manager < b.manager ? -1 : 1))
    .flatMap((entry) =>
      lostBy(entry, taken).map((field) => ({ manager: printed(entry), field: printedPath(field) })),
    );
  const [first] = conflicts;
  if (!first) return;
  const message =
    conflicts.length === 1
      ? `Apply failed with 1 conflict: conflict with ${first.manager}: ${first.field}`
      : `Apply failed with ${conflicts.length} conflicts: ${byManager(conflicts)}`;
  throw new StatusError(409, 'Conflict', message, {
    causes: conflicts.map(({ manager, field }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${manager}`,
      field,
    })),
  });
}

interface Conflict {
  readonly manager: string;
  readonly field: string;
}

const lostBy = (entry: ManagedFieldsEntry, taken: FieldSet): readonly string[] =>
  [...fromFieldsV1(entry.fieldsV1)].filter((field) => taken.has(field)).sort();

const byManager = (conflicts: readonly Conflict[]): string =>
  [...new Set(conflicts.map(({ manager }) => manager))]
    .flatMap((manager) => [
      `conflicts with ${manager}:`,
      ...conflicts.filter((one) => one.manager === manager).map(({ field }) => `- ${field}`),
    ])
    .join('\n');

function printed({
  manager,
  operation,
  apiVersion,
  subresource,
  time,
}: ManagedFieldsEntry): string {
  const who = JSON.stringify(manager) + (subresource ? ` with subresource "${subresource}"` : '');
  return operation === 'Update' ? `${who} using ${apiVersion} at ${time}` : who;
}

const printedPath = (field: string): string =>
  pathOf(field)
    .map((part) => `.${part}`)
    .join('');
