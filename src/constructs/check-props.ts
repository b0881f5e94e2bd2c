import type { Construct } from 'constructs';
import { describe, quoted } from '../fleet/describe.ts';
import { rules, type RuleName } from '../form/rules.ts';
import { listed, nearest } from '../fleet/suggest.ts';
import { parseRoleArn, type RoleArn } from '../names/arn.ts';
import { writeMissing } from './missing-prop.ts';
import { PropsError, type PropsProblem } from './props-error.ts';

/** A rule of the fleet file, one of `more`, or the words of which it must be one. */
export type PropRule = RuleName | keyof typeof more | readonly string[];

/** A prop, what it holds, and what must be true of it. An optional one may hold nothing. */
export type PropCheck = readonly [
  prop: string,
  value: unknown,
  rule: PropRule,
  optional?: 'optional',
];

/** What is wrong with some props. Their types are looked at too: JavaScript knows none. */
export const propProblems = (checks: readonly PropCheck[]): readonly PropsProblem[] =>
  checks.flatMap(([prop, value, rule, optional]) => {
    if (value === undefined && optional) return [];
    const { test, code, expected, next } = ruleOf(rule);
    if (test(value)) return [];
    const isMissing = value === undefined || value === null;
    const step = isMissing ? writeMissing(prop, rule, optional) : next;
    return [{ code, prop, found: describe(value), expected, next: step }];
  });

/** Every prop that there is, for the compiler to see that none is missing. */
export type KnownProps<Props> = Readonly<Record<keyof Props, true>>;

/** Props that there are none of: JavaScript lets them pass, and they would do nothing. */
export const unknownProps = (
  props: object,
  known: Readonly<Record<string, true>>,
  /** The prop that they are props of. */
  of?: string,
): readonly PropsProblem[] =>
  Object.keys(props)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({
      code: 'fleet/unknown-key',
      prop: of === undefined ? key : `${of}.${key}`,
      found: `the prop ${quoted(key)}`,
      expected: `one of: ${listed(Object.keys(known))}`,
      next: suggestion(nearest(key, Object.keys(known))),
    }));

const suggestion = (near: string | undefined): string =>
  near === undefined ? 'Write one of these, or remove it.' : `Write "${near}".`;

/**
 * What is wrong with a construct's props, all at once.
 *
 * @throws PropsError where anything is
 */
export function refuse(scope: Construct, problems: readonly PropsProblem[]): void {
  if (problems.length > 0) throw new PropsError(scope, problems);
}

/**
 * Before the first look into a construct's props: JavaScript may give none.
 *
 * @throws PropsError where they are no object
 */
export function refuseNoProps(scope: Construct, props: unknown): void {
  const problems = propProblems([['props', props, 'map']]);
  const next = 'Write the props in braces, as the third argument.';
  refuse(
    scope,
    problems.map((problem) => ({ ...problem, next })),
  );
}

/** A list, and each of its elements: a hole in it, as JavaScript has them, is one that is missing. */
export const listProblems = (
  prop: string,
  list: unknown,
  ofElement: (element: unknown, prop: string) => readonly PropsProblem[],
): readonly PropsProblem[] =>
  Array.isArray(list)
    ? Array.from(list as readonly unknown[]).flatMap((one, at) => ofElement(one, `${prop}[${at}]`))
    : propProblems([[prop, list, 'list']]);

/** What is wrong with `workloads` here: what each must be is checked in the fleet that they are made into. */
export const workloadsProblems = (workloads: unknown): readonly PropsProblem[] =>
  listProblems('workloads', workloads, (one, prop) => propProblems([[prop, one, 'map']]));

/** Keys are formed as labels' are (kubernetes.io, "Annotations"); values are any text. */
export const annotationChecks = (
  annotations: Readonly<Record<string, string>>,
): readonly PropCheck[] =>
  more.map.test(annotations)
    ? Object.entries(annotations).flatMap(([key, value]): readonly PropCheck[] => [
        [`annotations.${key}`, key, 'labelKey'],
        [`annotations.${key}`, value, 'text'],
      ])
    : [['annotations', annotations, 'map']];

interface Checked extends Pick<PropsProblem, 'code' | 'expected' | 'next'> {
  readonly test: (value: unknown) => boolean;
}

/** A role's ARN, on a path that the fleet file would take. */
export function isRoleArn(value: unknown): value is RoleArn {
  const path = typeof value === 'string' ? parseRoleArn(value)?.path : undefined;
  return path !== undefined && rules.iamPath.test(path);
}

const more = {
  roleArn: {
    code: 'construct/role-arn',
    test: isRoleArn,
    expected:
      'the ARN of an IAM role, such as arn:aws:iam::012345678901:role/key-restarter, without * ? $ { }',
    next: 'Write the ARN that `aws iam get-role` shows: not a session’s, not a name alone.',
  },
  flag: {
    code: 'fleet/wrong-type',
    test: (value) => typeof value === 'boolean',
    expected: 'true or false',
    next: 'Write true or false.',
  },
  text: {
    code: 'fleet/wrong-type',
    test: (value) => typeof value === 'string',
    expected: 'a text',
    next: 'Write it in quotes.',
  },
  map: {
    code: 'fleet/wrong-type',
    test: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    expected: 'an object',
    next: 'Write it in braces.',
  },
  list: {
    code: 'fleet/wrong-type',
    test: (value) => Array.isArray(value),
    expected: 'a list',
    next: 'Write it in brackets.',
  },
} as const satisfies Record<string, Checked>;

function ruleOf(rule: PropRule): Checked {
  if (typeof rule !== 'string') {
    return {
      code: 'fleet/unknown-value',
      test: (value) => rule.some((word) => word === value),
      expected: `one of: ${rule.join(', ')}`,
      next: 'Write one of these.',
    };
  }
  if (isMore(rule)) return more[rule];
  const { test, ...said } = rules[rule];
  return { ...said, test: (value) => typeof value === 'string' && test(value) };
}

const isMore = (rule: string): rule is keyof typeof more => Object.hasOwn(more, rule);
