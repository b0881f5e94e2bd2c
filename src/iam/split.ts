import { iamLimits } from './limits.ts';
import {
  listOf,
  oneOrMore,
  policyDocument,
  policySize,
  type PolicyDocument,
  type PolicyStatement,
} from './policy.ts';

/** Which statement is too large however it is divided. */
export interface Indivisible {
  readonly kind: 'indivisible';
  readonly sid: string;
  readonly size: number;
}

export type Split =
  { readonly kind: 'split'; readonly documents: readonly PolicyDocument[] } | Indivisible;

/**
 * Statements over as few managed policies as they fill in order. A statement that does not fit whole
 * is divided by its resources, and one of a single resource by its actions: together the parts allow
 * what it allowed, no more and no less.
 */
export function splitStatements(statements: readonly PolicyStatement[]): Split {
  const documents: PolicyStatement[][] = [];
  for (const part of statements.flatMap(partsOf)) {
    const size = sizeOf([part]);
    if (size > iamLimits.managedPolicy) return { kind: 'indivisible', sid: part.Sid, size };
    const last = documents.at(-1);
    const joined = last && joinTo(last, part);
    if (joined && sizeOf(joined) <= iamLimits.managedPolicy) {
      documents[documents.length - 1] = joined;
    } else documents.push([part]);
  }
  return { kind: 'split', documents: documents.map(policyDocument) };
}

const sizeOf = (statements: readonly PolicyStatement[]): number =>
  policySize(policyDocument(statements));

/** A statement for each resource, and for each action of it where one alone is too large. */
const partsOf = (statement: PolicyStatement): readonly PolicyStatement[] =>
  listOf(statement.Resource).flatMap((resource) => {
    const one = { ...statement, Resource: [resource] };
    if (sizeOf([one]) <= iamLimits.managedPolicy) return [one];
    return listOf(statement.Action).map((action) => ({ ...one, Action: action }));
  });

/** As one statement with the last where both are parts of one. */
function joinTo(
  statements: readonly PolicyStatement[],
  part: PolicyStatement,
): PolicyStatement[] | undefined {
  const last = statements.at(-1);
  if (last?.Sid !== part.Sid) return [...statements, part];
  const others = statements.slice(0, -1);
  if (same(last.Action, part.Action)) {
    return [...others, { ...last, Resource: [...listOf(last.Resource), ...listOf(part.Resource)] }];
  }
  if (same(last.Resource, part.Resource)) {
    const actions = [...listOf(last.Action), ...listOf(part.Action)];
    return [...others, { ...last, Action: oneOrMore(actions) }];
  }
  // A Sid stands once in a document.
  return undefined;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
