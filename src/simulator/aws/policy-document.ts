import { z } from 'zod';
import { AwsError } from './aws-error.ts';

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]);
const values = z.union([oneOrMore, z.boolean().transform(String), z.number().transform(String)]);
const principal = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: oneOrMore.optional(),
    Federated: oneOrMore.optional(),
    Service: oneOrMore.optional(),
  }),
]);
const statement = z.strictObject({
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]*$/)
    .optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).optional(),
});
const document = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']),
  Id: z.string().optional(),
  // One statement may stand without its list.
  Statement: z.preprocess(
    (written): unknown => (Array.isArray(written) ? written : [written]),
    z.array(statement).min(1),
  ),
});

/** Text patterns that a statement lists, or (`not`) leaves out. */
export interface Patterns {
  readonly not: boolean;
  readonly patterns: readonly string[];
}

/** One test of a condition block: all of a statement's must hold. */
export interface Condition {
  /** As written, such as `StringLike` or `StringEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  /** Any of them. */
  readonly values: readonly string[];
}

export interface Principals {
  /** ARNs, account ids, unique ids, or `*`. */
  readonly aws: readonly string[];
  readonly federated: readonly string[];
  readonly service: readonly string[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** `'not'`: a NotPrincipal, which is not simulated. Absent in identity policies. */
  readonly principals?: Principals | 'not';
  readonly actions: Patterns;
  /** Absent in trust policies. */
  readonly resources?: Patterns;
  readonly conditions: readonly Condition[];
}

/** What a policy is attached to: a role's own trust, or what an identity may do. */
export type PolicyKind = 'trust' | 'identity';

/** Checks a document as IAM does when it is put. Throws `MalformedPolicyDocument`. */
export function parsePolicy(kind: PolicyKind, json: unknown): readonly Statement[] {
  const parsed = document.safeParse(json);
  if (!parsed.success) {
    throw malformed(`Syntax errors in policy. (${z.prettifyError(parsed.error)})`);
  }
  const statements = parsed.data.Statement.map((one) => toStatement(kind, one));
  requireUniqueSids(statements);
  return statements;
}

/** Statement ids are unique in one policy (IAM user guide, "Sid"). */
export function requireUniqueSids(statements: readonly Statement[]): void {
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []));
  if (new Set(sids).size < sids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.');
  }
}

export const malformed = (message: string): AwsError =>
  new AwsError('MalformedPolicyDocument', message);

function toStatement(kind: PolicyKind, written: z.output<typeof statement>): Statement {
  const actions = patterns(written.Action, written.NotAction);
  const resources = patterns(written.Resource, written.NotResource);
  const has = written.Principal ?? written.NotPrincipal;
  if (!actions) throw malformed('Policy statement must contain actions.');
  if (kind === 'trust' && resources) throw malformed('Has prohibited field Resource');
  if (kind === 'trust' && !has) throw malformed('Missing required field Principal');
  if (kind === 'identity' && !resources) {
    throw malformed('Policy statement must contain resources.');
  }
  if (kind === 'identity' && has)
    throw malformed('Policy document should not specify a principal.');
  return {
    ...(written.Sid === undefined ? {} : { sid: written.Sid }),
    effect: written.Effect,
    ...(has === undefined ? {} : { principals: principals(written) }),
    actions,
    ...(resources === undefined ? {} : { resources }),
    conditions: Object.entries(written.Condition ?? {}).flatMap(([operator, tests]) =>
      Object.entries(tests).map(([key, value]) => ({ operator, key, values: list(value) })),
    ),
  };
}

function principals(written: z.output<typeof statement>): Principals | 'not' {
  if (written.Principal === undefined) return 'not';
  if (written.Principal === '*') return { aws: ['*'], federated: [], service: [] };
  const { AWS, Federated, Service } = written.Principal;
  return { aws: list(AWS), federated: list(Federated), service: list(Service) };
}

function patterns(
  only: string | string[] | undefined,
  not: string | string[] | undefined,
): Patterns | undefined {
  if (only !== undefined && not !== undefined) {
    throw malformed('A statement can not have both an element and its negation.');
  }
  if (only !== undefined) return { not: false, patterns: list(only) };
  return not === undefined ? undefined : { not: true, patterns: list(not) };
}

const list = (value: string | string[] | undefined): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
