import { z } from 'zod';
import type { FleetProblem } from './codes.ts';
import { describe, quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { isRuleName, rules } from './rules.ts';
import { fleetFile } from './schema.ts';
import { listed, nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** The file that the issues are about. */
export interface Faulty {
  readonly value: unknown;
  /** A scalar as it is written. */
  readonly written: (path: FleetPath) => string | undefined;
}

/** A problem, and the path of the key that an unknown one was meant to be. */
export interface Finding extends FleetProblem {
  readonly meant?: FleetPath;
}

/** What an issue of zod says to the file's author. `base` is the path that the issue's starts at. */
export function problemsOf(issue: Issue, file: Faulty, base: FleetPath = []): Finding[] {
  const path = [...base, ...(issue.path as (string | number)[])];
  const value = valueAt(file.value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_type':
    case 'invalid_value':
      if (value === undefined) return [missingKey(path)];
      return issue.code === 'invalid_type'
        ? [wrongType(path, value, issue.expected, file.written(path))]
        : [unknownValue(path, value, issue.values.map(String))];
    case 'too_small':
    case 'too_big':
      return [outOfBounds(path, value)];
    case 'invalid_key':
      return issue.issues.map((inner) => ({
        ...broken(inner.message, path, path.at(-1)),
        atKey: true,
      }));
    case 'invalid_union':
      return ofUnion(issue, path, value, file);
    case 'custom':
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
      return [broken(issue.message, path, value)];
  }
}

/** Of a union's branches the one whose type is right, where there is one. */
function ofUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: FleetPath,
  value: unknown,
  file: Faulty,
): Finding[] {
  if (value === undefined) return [missingKey(path)];
  const branch = issue.errors.find((errors) =>
    errors.every((inner) => inner.code !== 'invalid_type' || inner.path.length > 0),
  );
  return branch
    ? branch.flatMap((inner) => problemsOf(inner, file, path))
    : [wrongType(path, value, 'selector', file.written(path))];
}

function unknownKey(path: FleetPath, key: string): Finding {
  const known = keysAt(path);
  const near = nearest(key, known);
  return {
    code: 'fleet/unknown-key',
    path: [...path, key],
    atKey: true,
    found: `the key ${quoted(key)}`,
    expected: `one of: ${listed(known)}`,
    next: near === undefined ? 'Remove it.' : `Write "${near}".`,
    ...(near === undefined ? {} : { meant: [...path, near] }),
  };
}

function missingKey(path: FleetPath): FleetProblem {
  const key = String(path.at(-1) ?? '');
  return {
    code: 'fleet/missing-key',
    path,
    found: `no key "${key}"`,
    expected: `${key}: ${schemaAt(path)?.description ?? 'a value'}`,
    next: `Add the key "${key}".`,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys to values',
  record: 'a map of names to texts',
  selector: 'labels to match, such as {env: prd}, or a list of cluster names',
};

function wrongType(path: FleetPath, value: unknown, type: string, written?: string): FleetProblem {
  if (path.length === 2 && path[0] === 'accounts' && typeof value === 'number') {
    return unquotedAccount(path, value, written ?? String(value));
  }
  if (path.at(-1) === 'timeout' && typeof value === 'number') {
    const { code, expected } = rules.duration;
    return {
      code,
      path,
      found: asWritten(value, written),
      expected,
      next: `Write its unit too, such as ${value}s or ${value}m.`,
    };
  }
  const quotable = type === 'string' && ['number', 'boolean'].includes(typeof value);
  return {
    code: 'fleet/wrong-type',
    path,
    found: asWritten(value, written),
    expected: typeNames[type] ?? type,
    next: quotable
      ? `Put it in quotes: ${JSON.stringify(written ?? String(value))}.`
      : value === null
        ? 'Write a value, or remove the key.'
        : `Write ${typeNames[type] ?? type} here.`,
  };
}

/** YAML may have made something else of what is written, such as 1 of 0x1. */
const asWritten = (value: unknown, written: string | undefined): string =>
  typeof value === 'string' || !written || written === String(value)
    ? describe(value)
    : `${describe(value)}, written ${written}`;

function unquotedAccount(path: FleetPath, value: number, written: string): FleetProblem {
  const whole = /^\d{12}$/.test(written);
  return {
    code: 'fleet/unquoted-account-id',
    path,
    found: asWritten(value, written),
    expected: rules.accountId.expected,
    next: whole
      ? `Put it in quotes: "${written}". As a number an id loses its leading zeros.`
      : `Put all 12 digits in quotes, such as "${written.replace(/\D/g, '').slice(0, 12).padStart(12, '0')}". As a number an id loses its leading zeros.`,
  };
}

function unknownValue(path: FleetPath, value: unknown, values: readonly string[]): FleetProblem {
  const near = typeof value === 'string' ? nearest(value, values) : undefined;
  return {
    code: 'fleet/unknown-value',
    path,
    found: describe(value),
    expected: values.length === 1 ? listed(values) : `one of: ${listed(values)}`,
    next: nextValue(near, values),
  };
}

function nextValue(near: string | undefined, values: readonly string[]): string {
  if (near !== undefined) return `Write ${near}.`;
  return values.length === 1
    ? `Nothing but ${listed(values)} is supported yet: leave out what is not.`
    : 'Write one of these.';
}

function outOfBounds(path: FleetPath, value: unknown): FleetProblem {
  if (typeof value !== 'number') {
    return {
      code: 'fleet/empty',
      path,
      found: describe(value),
      expected: 'at least one element',
      next: 'Add an element.',
    };
  }
  const schema = schemaAt(path);
  const [least, most] = schema instanceof z.ZodNumber ? [schema.minValue, schema.maxValue] : [];
  return {
    code: 'fleet/out-of-range',
    path,
    found: describe(value),
    expected: `a whole number from ${least ?? 1} to ${most ?? 'any'}`,
    next: 'Write a number within these bounds.',
  };
}

/** A text that a rule does not hold for. */
function broken(rule: string, path: FleetPath, value: unknown): FleetProblem {
  const { code, expected, next } = isRuleName(rule)
    ? rules[rule]
    : { code: 'fleet/wrong-type' as const, expected: rule, next: 'Correct it.' };
  return { code, path, found: describe(value), expected, next };
}

function valueAt(value: unknown, path: FleetPath): unknown {
  return path.reduce<unknown>(
    (inside, step) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, step)
        ? (inside as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
}

function keysAt(path: FleetPath): string[] {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function schemaAt(path: FleetPath): z.ZodType | undefined {
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
