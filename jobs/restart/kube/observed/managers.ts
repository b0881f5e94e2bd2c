import type { FieldManager } from '../../ports.ts';
import { safeText } from '../../redact.ts';

/** An entry of `metadata.managedFields`. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string | Date;
  readonly fieldsV1?: object;
}

/** Who wrote, without who wrote to a subresource alone (status, scale). */
export const toManagers = (
  managedFields: readonly ManagedFields[] | undefined,
  stampField: readonly string[],
): readonly FieldManager[] =>
  (managedFields ?? [])
    .filter(({ subresource }) => !subresource)
    .map(({ manager, operation, time, fieldsV1 }) => ({
      manager: safeText(manager ?? ''),
      operation: safeText(operation ?? ''),
      time: time instanceof Date ? time.toISOString().replace('.000Z', 'Z') : (time ?? ''),
      ...(owns(fieldsV1, stampField) && { ownsStamp: true as const }),
    }));

const owns = (fieldsV1: unknown, path: readonly string[]): boolean =>
  path.reduce<unknown>(
    (fields, name) => (fields as Readonly<Record<string, unknown>> | undefined)?.[`f:${name}`],
    fieldsV1,
  ) !== undefined;
