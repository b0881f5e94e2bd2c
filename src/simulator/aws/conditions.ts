import type { Condition } from './policy-document.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** One value, or the values of a key that can have many, such as `aws:TagKeys`. */
export type ContextValue = string | readonly string[];

/** What a request says of itself: condition keys, in lower case, and what they are. */
export type RequestContext = ReadonlyMap<string, ContextValue>;

/** `unknown`: what is not simulated. Neither an Allow nor a missed Deny comes of it. */
export type Verdict = 'yes' | 'no' | 'unknown';

interface Operator {
  readonly test: (expected: string, actual: string) => boolean;
  readonly negated: boolean;
  /** What a policy may expect. Default: any text. */
  readonly form?: RegExp;
}

const equal: Operator['test'] = (expected, actual) => expected === actual;
const equalIgnoringCase: Operator['test'] = (expected, actual) =>
  expected.toLowerCase() === actual.toLowerCase();

const numeric = (
  compare: (actual: number, expected: number) => boolean,
  negated = false,
): Operator => ({
  test: (expected, actual) => compare(Number(actual), Number(expected)),
  negated,
  form: /^[+-]?\d+(\.\d+)?$/,
});

/** The operators of the IAM user guide ("Condition operators") that are simulated. */
const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', { test: equal, negated: false }],
  ['StringNotEquals', { test: equal, negated: true }],
  ['StringEqualsIgnoreCase', { test: equalIgnoringCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { test: equalIgnoringCase, negated: true }],
  ['StringLike', { test: matchesWildcard, negated: false }],
  ['StringNotLike', { test: matchesWildcard, negated: true }],
  ['ArnEquals', { test: matchesArn, negated: false }],
  ['ArnLike', { test: matchesArn, negated: false }],
  ['ArnNotEquals', { test: matchesArn, negated: true }],
  ['ArnNotLike', { test: matchesArn, negated: true }],
  ['Bool', { test: equalIgnoringCase, negated: false, form: /^(true|false)$/i }],
  ['NumericEquals', numeric((actual, expected) => actual === expected)],
  ['NumericNotEquals', numeric((actual, expected) => actual === expected, true)],
  ['NumericLessThan', numeric((actual, expected) => actual < expected)],
  ['NumericLessThanEquals', numeric((actual, expected) => actual <= expected)],
  ['NumericGreaterThan', numeric((actual, expected) => actual > expected)],
  ['NumericGreaterThanEquals', numeric((actual, expected) => actual >= expected)],
]);

/** All conditions of a statement: one that fails decides, else one that is unknown. */
export function conditionsHold(conditions: readonly Condition[], context: RequestContext): Verdict {
  const verdicts = conditions.map((condition) => conditionHolds(condition, context));
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

const operatorForm = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/;

function conditionHolds({ operator, key, values }: Condition, context: RequestContext): Verdict {
  const actual = context.get(key.toLowerCase());
  if (operator === 'Null') return nullHolds(values, actual);
  const [, set, name = '', ifExists] = operatorForm.exec(operator) ?? [];
  const known = operators.get(name);
  // `${aws:username}` and the like are policy variables, which are not simulated.
  if (!known || values.some((value) => value.includes('${') || known.form?.test(value) === false)) {
    return 'unknown';
  }
  if (actual === undefined) return absentHolds(set, known.negated, ifExists !== undefined);
  const holds = (one: string): boolean =>
    values.some((value) => known.test(value, one)) !== known.negated;
  const members = typeof actual === 'string' ? [actual] : actual;
  if (set === 'ForAllValues') return members.every(holds) ? 'yes' : 'no';
  if (set === 'ForAnyValue') return members.some(holds) ? 'yes' : 'no';
  // The user guide warns of a key with many values under an operator for one, and leaves it open.
  if (typeof actual !== 'string') return 'unknown';
  return holds(actual) ? 'yes' : 'no';
}

/**
 * A key that the request lacks never matches, so the negated operators hold, and so does
 * ForAllValues, of nothing at all (IAM user guide, "Set operators for multivalued context keys").
 */
function absentHolds(set: string | undefined, negated: boolean, ifExists: boolean): Verdict {
  if (set === 'ForAllValues') return 'yes';
  // What the guide says of IfExists and of ForAnyValue contradict each other here.
  if (set === 'ForAnyValue') return ifExists ? 'unknown' : 'no';
  return ifExists || negated ? 'yes' : 'no';
}

const nullHolds = (values: readonly string[], actual: ContextValue | undefined): Verdict =>
  values.some((value) => (value.toLowerCase() === 'true') === (actual === undefined))
    ? 'yes'
    : 'no';
