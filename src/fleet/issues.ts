import { z } from 'zod';
import type { FleetProblem } from './codes.ts';
import { describe, quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { isRuleName, rules } from '../form/rules.ts';
import { nextStep } from './next-step.ts';
import { keysAt, schemaAt, valueAt } from './schema-at.ts';
import { exactlyOneOf, isOfTemplate } from '../form/schema-parts.ts';
import { listed, nearest } from './suggest.ts';
import { wrongType } from './wrong-type.ts';

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
    case 'custom': {
      const keys = exactlyOneOf(issue.params);
      if (keys) return [exactlyOne(path, value, keys)];
      const unknown = isOfTemplate(issue.params) ? unknownPlaceholder(value) : undefined;
      const problem = broken(issue.message, path, value);
      return [unknown === undefined ? problem : { ...problem, ...misfilled(problem, unknown) }];
    }
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
    : [wrongType(path, value, unionName(path), file.written(path))];
}

/** A union's name among the types: its key, or that of conditions' values, whose keys are the file's own. */
const unionName = (path: FleetPath): string => {
  const key = String(path.at(-1));
  return path.includes('conditions') && path.includes('policies') ? 'conditionValue' : key;
};

function unknownKey(path: FleetPath, key: string): Finding {
  const known = keysAt(path);
  const near = nearest(key, known);
  return {
    code: 'fleet/unknown-key',
    path: [...path, key],
    atKey: true,
    found: `the key ${quoted(key)}`,
    expected: `one of: ${listed(known)}`,
    next: near === undefined ? 'Write one of these, or remove it.' : `Write "${near}".`,
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

function unknownValue(path: FleetPath, value: unknown, values: readonly string[]): FleetProblem {
  const near = typeof value === 'string' ? nearest(value, values) : undefined;
  return {
    code: 'fleet/unknown-value',
    path,
    found: describe(value),
    expected: values.length === 1 ? listed(values) : `one of: ${listed(values)}`,
    next: nextValue(value, near, values),
  };
}

function nextValue(value: unknown, near: string | undefined, values: readonly string[]): string {
  const quoted = values.find((word) => word.toLowerCase() === String(value).toLowerCase());
  if (typeof value === 'boolean' && quoted) return `Put it in quotes: "${quoted}".`;
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

/** None of some keys stands there, or more than one. */
function exactlyOne(path: FleetPath, value: unknown, keys: readonly string[]): FleetProblem {
  const there = keys.filter((key) => valueAt(value, [key]) !== undefined);
  const [, second] = there;
  return {
    code: 'fleet/exactly-one',
    path: second === undefined ? path : [...path, second],
    atKey: second !== undefined,
    found: there.length === 0 ? `none of ${keys.join(', ')}` : there.join(' and '),
    expected: `exactly one of: ${keys.join(', ')}`,
    next: there.length === 0 ? 'Add one of them.' : 'Keep one of them.',
  };
}

/** A text that a rule does not hold for. */
function broken(rule: string, path: FleetPath, value: unknown): FleetProblem {
  const { code, expected, next } = isRuleName(rule)
    ? rules[rule]
    : { code: 'fleet/wrong-type' as const, expected: rule, next: 'Correct it.' };
  return {
    code,
    path,
    found: describe(value),
    expected,
    next: isRuleName(rule) ? nextStep(rule, value) : next,
  };
}

/** What stands in braces, and is not filled in. */
const unknownPlaceholder = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.replaceAll('{env}', '').match(/\{[^{}]*\}?/)?.[0] : undefined;

const misfilled = ({ found, expected }: FleetProblem, unknown: string) => ({
  found: `${quoted(unknown)} in ${found}`,
  expected: `${expected}; the one placeholder here is {env}`,
  next: 'Write {env}, or the name itself.',
});
