import type { Condition } from './policy-document.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** What a request says of itself: condition keys, in lower case, and their single values. */
export type RequestContext = ReadonlyMap<string, string>;

/** `unknown`: an operator that is not simulated. Neither an Allow nor a missed Deny comes of it. */
export type Verdict = 'yes' | 'no' | 'unknown';

type Test = (expected: string, actual: string) => boolean;

const equal: Test = (expected, actual) => expected === actual;
const equalIgnoringCase: Test = (expected, actual) =>
  expected.toLowerCase() === actual.toLowerCase();

/** The operators of the IAM user guide ("Condition operators") that are simulated. */
const operators: ReadonlyMap<string, { readonly test: Test; readonly negated: boolean }> = new Map([
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
  ['Bool', { test: equalIgnoringCase, negated: false }],
]);

/** All conditions of a statement: one that fails decides, else one that is unknown. */
export function conditionsHold(conditions: readonly Condition[], context: RequestContext): Verdict {
  const verdicts = conditions.map((condition) => conditionHolds(condition, context));
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

function conditionHolds({ operator, key, values }: Condition, context: RequestContext): Verdict {
  const actual = context.get(key.toLowerCase());
  if (operator === 'Null') return nullHolds(values, actual);
  const ifExists = operator.endsWith('IfExists');
  const known = operators.get(ifExists ? operator.slice(0, -'IfExists'.length) : operator);
  // `${aws:username}` and the like are policy variables, which are not simulated.
  if (!known || values.some((value) => value.includes('${'))) return 'unknown';
  // A key that the request lacks never matches, so the negated operators hold.
  if (actual === undefined) return ifExists || known.negated ? 'yes' : 'no';
  const found = values.some((value) => known.test(value, actual));
  return found === known.negated ? 'no' : 'yes';
}

const nullHolds = (values: readonly string[], actual: string | undefined): Verdict =>
  values.some((value) => (value.toLowerCase() === 'true') === (actual === undefined))
    ? 'yes'
    : 'no';
