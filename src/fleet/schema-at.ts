import { z } from 'zod';
import type { FleetPath } from './diagnostic.ts';
import { fleetFile } from './schema.ts';

/** The part of the schema that a path of the file falls under. */
export function schemaAt(path: FleetPath): z.ZodType | undefined {
  let schema: z.ZodType | undefined = fleetFile;
  for (const step of path) schema = schema && inside(schema, step);
  return schema;
}

/** Of a union the first branch that the step can be made in. */
function inside(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  for (const branch of branchesOf(schema)) {
    const next = stepInto(branch, step);
    if (next) return next instanceof z.ZodOptional ? (next.unwrap() as z.ZodType) : next;
  }
  return undefined;
}

const branchesOf = (schema: z.ZodType): readonly z.ZodType[] =>
  schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [schema];

function stepInto(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    return Object.hasOwn(shape, step) ? shape[step] : undefined;
  }
  if (schema instanceof z.ZodArray) {
    return typeof step === 'number' ? (schema.element as z.ZodType) : undefined;
  }
  return schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : undefined;
}

/** The keys that may stand at a path. */
export function keysAt(path: FleetPath): string[] {
  const schema = schemaAt(path);
  return (schema ? branchesOf(schema) : []).flatMap((branch) =>
    branch instanceof z.ZodObject ? Object.keys(branch.shape) : [],
  );
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
