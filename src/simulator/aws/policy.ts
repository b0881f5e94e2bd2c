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
  | {
      readonly kind: 'user';
      readonly account: string;
      readonly userArn: string;
      /** `AIDA…` */
      readonly userId: string;
    }
  | { readonly kind: 'federated'; readonly providerArn: string }
  /** `pods.eks.amazonaws.com` */
  | { readonly kind: 'service'; readonly service: string };

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

/** A decision, and how it came about. */
export interface Judgement {
  readonly decision: Decision;
  /** An Allow names the user or the session itself, which no permissions boundary limits. */
  readonly byItself: boolean;
  /** Something that is not simulated was asked for: the decision may be stricter than AWS's. */
  readonly uncertain: boolean;
}

export const evaluate = (statements: readonly Statement[], request: PolicyRequest): Decision =>
  judge(statements, request).decision;

/** IAM's evaluation (user guide, "Policy evaluation logic"): a Deny wins, then any Allow. */
export function judge(statements: readonly Statement[], request: PolicyRequest): Judgement {
  const matches = statements.map((statement) => ({
    effect: statement.effect,
    ...matchStatement(statement, request),
  }));
  const allows = matches.filter(({ effect, verdict }) => effect === 'Allow' && verdict === 'yes');
  return {
    // Unknown conditions fail closed: a Deny applies, an Allow does not.
    decision: matches.some(({ effect, verdict }) => effect === 'Deny' && verdict !== 'no')
      ? 'explicit-deny'
      : decisionOf(allows),
    byItself: allows.some(({ principal }) => principal === 'itself'),
    uncertain: matches.some(({ verdict }) => verdict === 'unknown'),
  };
}

function decisionOf(allows: readonly StatementMatch[]): Decision {
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

/**
 * `itself`: the user or the session, `role`: the session's role, `none-needed`: an identity policy,
 * which names no principal.
 */
type PrincipalMatch = 'itself' | 'role' | 'other' | 'account' | 'none-needed' | 'unknown' | 'no';

function matchPrincipals(
  principals: Principals | 'not' | undefined,
  caller: Caller,
): PrincipalMatch {
  if (principals === undefined) return 'none-needed';
  if (principals === 'not') return 'unknown';
  switch (caller.kind) {
    case 'federated': {
      const { providerArn } = caller;
      if (principals.federated.includes(providerArn)) return 'other';
      // A Deny of everyone means these too; an Allow would let any provider in, which IAM refuses.
      const account = providerArn.split(':')[4] ?? '';
      return names(principals, wholeAccount(providerArn, account)) ? 'unknown' : 'no';
    }
    case 'service':
      if (principals.service.includes(caller.service)) return 'other';
      return names(principals, ['*']) ? 'unknown' : 'no';
    case 'user': {
      const { account, userArn, userId } = caller;
      if (names(principals, [userArn, userId])) return 'itself';
      return names(principals, wholeAccount(userArn, account)) ? 'account' : 'no';
    }
    case 'role-session': {
      const { account, roleArn, roleId, sessionArn } = caller;
      if (names(principals, [sessionArn])) return 'itself';
      if (names(principals, [roleArn, roleId])) return 'role';
      return names(principals, wholeAccount(roleArn, account)) ? 'account' : 'no';
    }
  }
}

const names = ({ aws }: Principals, ids: readonly string[]): boolean =>
  aws.some((one) => ids.includes(one));

const wholeAccount = (arn: string, account: string): readonly string[] => [
  '*',
  account,
  `arn:${arn.split(':')[1] ?? ''}:iam::${account}:root`,
];

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
