import { conditionsHold } from './conditions.ts';
import type { RequestContext, Verdict } from './conditions.ts';
import type { Patterns, Principals, Statement } from './policy-document.ts';
import { matchesWildcard } from './wildcard.ts';

/** Who asks. */
export type Caller =
  | {
      readonly kind: 'role-session';
      readonly account: string;
      readonly roleArn: string;
      /** `AROA…` */
      readonly roleId: string;
      readonly sessionArn: string;
    }
  | { readonly kind: 'federated'; readonly providerArn: string };

export interface PolicyRequest {
  /** `sts:AssumeRole` */
  readonly action: string;
  /** The ARN acted upon; left out for a trust policy, whose resource is its role. */
  readonly resource?: string;
  readonly caller: Caller;
  readonly context: RequestContext;
}

/**
 * What the policies of one side say. `account`: allowed to the caller's account as a whole (its
 * `:root`, its id, or `*`), which leaves the choice to that account's identity policies.
 */
export type Decision = 'allow' | 'allow-account' | 'explicit-deny' | 'implicit-deny';

/** IAM's evaluation (user guide, "Policy evaluation logic"): a Deny wins, then any Allow. */
export function evaluate(statements: readonly Statement[], request: PolicyRequest): Decision {
  const matches = statements.map((statement) => ({
    effect: statement.effect,
    ...matchStatement(statement, request),
  }));
  // Unknown conditions fail closed: a Deny applies, an Allow does not.
  if (matches.some(({ effect, verdict }) => effect === 'Deny' && verdict !== 'no')) {
    return 'explicit-deny';
  }
  const allows = matches.filter(({ effect, verdict }) => effect === 'Allow' && verdict === 'yes');
  if (allows.some(({ principal }) => principal !== 'account')) return 'allow';
  return allows.length > 0 ? 'allow-account' : 'implicit-deny';
}

interface StatementMatch {
  readonly verdict: Verdict;
  readonly principal: PrincipalMatch;
}

function matchStatement(statement: Statement, request: PolicyRequest): StatementMatch {
  const principal = matchPrincipals(statement.principals, request.caller);
  if (
    principal === 'no' ||
    !listed(statement.actions, request.action, matchesAction) ||
    !resourceListed(statement.resources, request.resource)
  ) {
    return { verdict: 'no', principal };
  }
  const conditions = conditionsHold(statement.conditions, request.context);
  const variables = statement.resources?.patterns.some((pattern) => pattern.includes('${'));
  const uncertain = principal === 'unknown' || variables === true;
  return { verdict: conditions === 'yes' && uncertain ? 'unknown' : conditions, principal };
}

/** `none-needed`: an identity policy, which names no principal. */
type PrincipalMatch = 'explicit' | 'account' | 'none-needed' | 'unknown' | 'no';

function matchPrincipals(
  principals: Principals | 'not' | undefined,
  caller: Caller,
): PrincipalMatch {
  if (principals === undefined) return 'none-needed';
  if (principals === 'not') return 'unknown';
  if (caller.kind === 'federated') {
    if (principals.federated.includes(caller.providerArn)) return 'explicit';
    // `"Principal": "*"` would let any provider in: real IAM refuses such web identity trusts.
    return 'no';
  }
  const { account, roleArn, roleId, sessionArn } = caller;
  if (principals.aws.some((one) => [roleArn, roleId, sessionArn].includes(one))) return 'explicit';
  const partition = roleArn.split(':')[1] ?? '';
  const whole = ['*', account, `arn:${partition}:iam::${account}:root`];
  return principals.aws.some((one) => whole.includes(one)) ? 'account' : 'no';
}

const listed = (
  { not, patterns }: Patterns,
  text: string,
  matches: (pattern: string, text: string) => boolean,
): boolean => patterns.some((pattern) => matches(pattern, text)) !== not;

const matchesAction = (pattern: string, action: string): boolean =>
  matchesWildcard(pattern.toLowerCase(), action.toLowerCase());

function resourceListed(resources: Patterns | undefined, resource: string | undefined): boolean {
  if (resources === undefined || resource === undefined) return true;
  const variable = resources.patterns.some((pattern) => pattern.includes('${'));
  return variable || listed(resources, resource, matchesWildcard);
}
