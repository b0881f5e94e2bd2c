import { z } from 'zod';
import type { FleetPath } from './diagnostic.ts';
import { fleetFile } from './schema.ts';

/** The part of the schema that a path of the file falls under. Not inside of unions. */
export function schemaAt(path: FleetPath): z.ZodType | undefined {
  let schema: z.ZodType | undefined = fleetFile;
  for (const step of path) {
    if (schema instanceof z.ZodObject) {
      const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
      schema = Object.hasOwn(shape, step) ? shape[step] : undefined;
    } else if (schema instanceof z.ZodArray) schema = schema.element as z.ZodType;
    else if (schema instanceof z.ZodRecord) schema = schema.valueType as z.ZodType;
    else return undefined;
    if (schema instanceof z.ZodOptional) schema = schema.unwrap() as z.ZodType;
  }
  return schema;
}

/** The keys that may stand at a path. */
export function keysAt(path: FleetPath): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** What a file holds at a path. */
export const valueAt = (value: unknown, path: FleetPath): unknown =>
  path.reduce<unknown>(
    (inside, step) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, step)
        ? (inside as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
