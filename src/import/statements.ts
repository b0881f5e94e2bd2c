import { z } from 'zod';
import { unknownPlaceholder } from '../form/policy-forms.ts';
import type { Rule } from '../form/rule.ts';
import { rules } from '../form/rules.ts';
import { wildcardMatches } from '../names/wildcard.ts';

/** A statement as the fleet file has it, under `policies`. */
export interface PolicyValue {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface ReadStatement {
  /** Absent where nothing of it can stand in a fleet file. */
  readonly value?: PolicyValue;
  /** What of it was left out, and why. */
  readonly leftOut: readonly { readonly why: string; readonly next: string }[];
}

const oneOrMore = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Allow'),
  Action: oneOrMore,
  Resource: oneOrMore,
  Condition: z
    .record(
      z.string(),
      z.record(z.string(), z.union([scalar.transform((value) => [value]), z.array(scalar)])),
    )
    .optional(),
});

/** Nobody is granted these by a fleet file's policies (src/fleet/check-policies.ts). */
const refused = [
  'iam:PassRole',
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
];

/** Whether a statement only allows: of one that can't be read, nobody knows what it takes away. */
export const isAllow = (raw: unknown): boolean =>
  z.object({ Effect: z.literal('Allow') }).safeParse(raw).success;

/** A statement of an IAM policy, as far as a fleet file can say it. */
export function readStatement(raw: unknown): ReadStatement {
  const parsed = statement.safeParse(raw).data;
  if (!parsed) {
    return left(
      'it is no plain Allow: NotAction, NotResource or Principal stands in it, or a value of another form',
      'Keep it in a policy of its own, beside Rollcall’s.',
    );
  }
  const { Action, Resource, Condition } = parsed;
  const granted = Action.filter((action) => !refused.some((one) => wildcardMatches(action, one)));
  const notes = Action.filter((action) => !granted.includes(action)).map((action) => ({
    why: `the action ${action} hands roles over`,
    next: 'Write the role under reach; other actions of the service one by one.',
  }));
  if (granted.length === 0) return { leftOut: notes };
  const bad =
    broken(rules.action, granted) ??
    broken(rules.policyResource, Resource) ??
    broken(rules.conditionOperator, Object.keys(Condition ?? {})) ??
    Object.values(Condition ?? {})
      .map((keys) => brokenCondition(keys))
      .find((one) => one !== undefined) ??
    Resource.find((one) => unknownPlaceholder(one) !== undefined);
  if (bad !== undefined) {
    const { leftOut } = left(
      `"${bad}" can’t stand in a fleet file`,
      'Write the statement by hand.',
    );
    return { leftOut: [...notes, ...leftOut] };
  }
  const value = {
    actions: granted,
    resources: Resource,
    ...(Condition && Object.keys(Condition).length > 0 && { conditions: Condition }),
  };
  return { value, leftOut: notes };
}

const left = (why: string, next: string): ReadStatement => ({ leftOut: [{ why, next }] });

const broken = ({ test }: Rule, texts: readonly string[]): string | undefined =>
  texts.find((text) => !test(text));

function brokenCondition(keys: Readonly<Record<string, readonly string[]>>): string | undefined {
  const values = Object.values(keys).flat();
  return (
    broken(rules.conditionKey, Object.keys(keys)) ??
    broken(rules.conditionValue, values) ??
    values.find((value) => unknownPlaceholder(value) !== undefined)
  );
}

/** Two that grant the same, in whatever order. */
export const sameStatement = (a: PolicyValue, b: PolicyValue): boolean => keyOf(a) === keyOf(b);

const keyOf = ({ actions, resources, conditions = {} }: PolicyValue): string =>
  JSON.stringify([
    sorted(actions.map((action) => action.toLowerCase())),
    sorted(resources),
    sorted(
      Object.entries(conditions).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) =>
          JSON.stringify([operator, key.toLowerCase(), sorted(values)]),
        ),
      ),
    ),
  ]);

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
