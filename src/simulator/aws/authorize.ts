import { accessDenied } from './aws-error.ts';
import type { AwsError } from './aws-error.ts';
import type { RequestContext } from './conditions.ts';
import type { Role } from './iam.ts';
import { evaluate } from './policy.ts';
import { callerOf, permissionsOf, sessionArn } from './sessions.ts';
import type { Session } from './sessions.ts';

/** What AWS puts into every request's context about its caller. */
export function callerContext(
  session: Session,
  more: Iterable<readonly [string, string]> = [],
): RequestContext {
  return new Map([
    ['aws:principalarn', session.role.arn],
    ['aws:principalaccount', session.role.account],
    ['aws:principaltype', 'AssumedRole'],
    ['aws:userid', `${session.role.id}:${session.name}`],
    ['aws:securetransport', 'true'],
    ...[...more].map(([key, value]) => [key.toLowerCase(), value] as const),
  ]);
}

/** An action on a resource of the caller's own account, which only identity policies decide. */
export function authorizeInAccount(
  session: Session,
  action: string,
  resource: string,
): AwsError | undefined {
  const decision = evaluate(permissionsOf(session), {
    action,
    resource,
    caller: callerOf(session),
    context: callerContext(session),
  });
  switch (decision) {
    case 'allow':
    case 'allow-account':
      return undefined;
    case 'explicit-deny':
      return denied(
        session,
        action,
        resource,
        ' with an explicit deny in an identity-based policy',
      );
    case 'implicit-deny':
      return denied(
        session,
        action,
        resource,
        ` because no identity-based policy allows the ${action} action`,
      );
  }
}

export interface AssumeRoleRequest {
  readonly session: Session;
  readonly roleArn: string;
  readonly target: Role | undefined;
  readonly context: RequestContext;
  /** All accounts are of one AWS organization: then a denial across accounts says which side. */
  readonly organization: boolean;
}

/**
 * sts:AssumeRole. Across accounts both sides must allow; in one account a trust that names the
 * caller itself suffices (IAM user guide, "Cross-account policy evaluation logic").
 */
export function authorizeAssumeRole(request: AssumeRoleRequest): AwsError | undefined {
  const { session, roleArn, target, context } = request;
  const action = 'sts:AssumeRole';
  const caller = callerOf(session);
  const identity = evaluate(permissionsOf(session), { action, resource: roleArn, caller, context });
  // A role that is not there is refused like one that trusts nobody: its existence is no answer.
  const trust = target ? evaluate(target.trust, { action, caller, context }) : 'implicit-deny';
  const sameAccount = roleArn.split(':')[4] === session.role.account;
  const told = sameAccount || request.organization;
  const deny = (reason: string) => denied(session, action, roleArn, told ? reason : '');

  if (identity === 'explicit-deny')
    return deny(' with an explicit deny in an identity-based policy');
  if (trust === 'explicit-deny') return deny(' with an explicit deny in a role trust policy');
  const trustSuffices = sameAccount && trust === 'allow';
  if (identity === 'implicit-deny' && !trustSuffices) {
    return deny(` because no identity-based policy allows the ${action} action`);
  }
  if (trust === 'implicit-deny') {
    return deny(` because no role trust policy allows the ${action} action`);
  }
  return undefined;
}

const denied = (session: Session, action: string, resource: string, reason: string): AwsError =>
  accessDenied(
    `User: ${sessionArn(session)} is not authorized to perform: ${action} on resource: ${resource}${reason}`,
  );
