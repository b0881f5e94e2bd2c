import { accessDenied } from './aws-error.ts';
import type { AwsError } from './aws-error.ts';
import { callerContext } from './caller-context.ts';
import type { RequestContext } from './conditions.ts';
import { decide } from './decide.ts';
import type { Refusal } from './decide.ts';
import type { Role } from './iam.ts';
import { actorArn, callerOf, identityOf, permissionsOf } from './sessions.ts';
import type { Actor } from './sessions.ts';

/** An action on a resource of the caller's own account, which only identity policies decide. */
export function authorizeInAccount(
  actor: Actor,
  action: string,
  resource: string,
): AwsError | undefined {
  const { refusal } = decide({
    action,
    resource,
    caller: callerOf(actor),
    context: callerContext(actor),
    permissions: permissionsOf(actor),
  });
  return refusal && denied(actor, action, resource, reasonOf(refusal, action));
}

/** What AssumeRole asks for: itself, and what its parameters and its chain need besides. */
export type AssumeRoleAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity';

export interface AssumeRoleRequest {
  readonly session: Actor;
  readonly action: AssumeRoleAction;
  readonly roleArn: string;
  readonly target: Role | undefined;
  readonly context: RequestContext;
  /** All accounts are of one AWS organization: then a denial across accounts says which side. */
  readonly organization: boolean;
  /** As in `AccessRequest`. */
  readonly bothSides?: boolean;
}

/** One action of an AssumeRole, by the caller's policies and the target's trust. */
export function authorizeAssumeRole(request: AssumeRoleRequest): AwsError | undefined {
  const { session, action, roleArn, target, context, organization, bothSides } = request;
  const { refusal } = decide({
    action,
    resource: roleArn,
    caller: callerOf(session),
    context,
    permissions: permissionsOf(session),
    // A role that is not there is refused like one that trusts nobody: its existence is no answer.
    resourcePolicy: target?.trust ?? [],
    ...(bothSides === undefined ? {} : { bothSides }),
  });
  const told = organization || roleArn.split(':')[4] === identityOf(session).account;
  return refusal && denied(session, action, roleArn, told ? reasonOf(refusal, action) : '');
}

/** Whether the trust lets a service in: nothing but the trust decides (`pods.eks.amazonaws.com`). */
export function authorizeService(
  service: string,
  { action, roleArn, target, context }: Omit<AssumeRoleRequest, 'session' | 'organization'>,
): AwsError | undefined {
  const { refusal } = decide({
    action,
    resource: roleArn,
    caller: { kind: 'service', service },
    context,
    resourcePolicy: target?.trust ?? [],
  });
  return refusal && accessDenied(`Not authorized to perform ${action} on resource ${roleArn}`);
}

function reasonOf({ by, explicit }: Refusal, action: string): string {
  if (!explicit) return ` because no ${by} allows the ${action} action`;
  return ` with an explicit deny in ${by.startsWith('i') ? 'an' : 'a'} ${by}`;
}

const denied = (actor: Actor, action: string, resource: string, reason: string): AwsError =>
  accessDenied(
    `User: ${actorArn(actor)} is not authorized to perform: ${action} on resource: ${resource}${reason}`,
  );
