import { judge } from './policy.ts';
import type { Caller, Decision, PolicyRequest } from './policy.ts';
import type { Statement } from './policy-document.ts';

/** What an identity may do. */
export interface Permissions {
  /** Of its inline and managed policies. */
  readonly statements: readonly Statement[];
  /** The permissions boundary. Default: none, which limits nothing. */
  readonly boundary?: readonly Statement[];
}

export interface AccessRequest extends PolicyRequest {
  readonly resource: string;
  /** Of the user or the role. Default: none. */
  readonly permissions?: Permissions;
  /** The policy of the resource, such as a role's trust. Default: it has none. */
  readonly resourcePolicy?: readonly Statement[];
  /**
   * Both sides must allow, in one account too: sts:SetSourceIdentity in a chain asks for it (IAM
   * user guide, "Monitor and control actions taken with assumed roles"). Default: false.
   */
  readonly bothSides?: boolean;
}

/** Which policy refused, in the words of AWS's denials. */
export interface Refusal {
  readonly by: 'identity-based policy' | 'permissions boundary' | 'role trust policy';
  /** A Deny, rather than no Allow. */
  readonly explicit: boolean;
}

export interface Access {
  readonly refusal: Refusal | undefined;
  /** As in `Judgement`. */
  readonly uncertain: boolean;
}

/**
 * IAM's decision over all policies. Across accounts both sides must allow; in one account a
 * resource's policy that names the caller suffices (IAM user guide, "Policy evaluation logic",
 * "Cross-account policy evaluation logic", "Permissions boundaries for IAM entities").
 */
export function decide(request: AccessRequest): Access {
  const { action, caller, context, resource, permissions, resourcePolicy } = request;
  const identity = judge(permissions?.statements ?? [], request);
  const boundary = permissions?.boundary && judge(permissions.boundary, request);
  const trust = resourcePolicy && judge(resourcePolicy, { action, caller, context });
  const uncertain = [identity, boundary, trust].some((one) => one?.uncertain === true);
  const access = (refusal: Refusal | undefined): Access => ({ refusal, uncertain });

  if (identity.decision === 'explicit-deny') return access(denied('identity-based policy'));
  if (boundary?.decision === 'explicit-deny') return access(denied('permissions boundary'));
  if (trust?.decision === 'explicit-deny') return access(denied('role trust policy'));

  const sameAccount = resource.split(':')[4] === accountOf(caller);
  if (caller.kind === 'federated' || caller.kind === 'service') {
    const foreign = caller.kind === 'federated' && !sameAccount;
    return access(
      foreign || !allows(trust?.decision) ? notAllowed('role trust policy') : undefined,
    );
  }
  const named = sameAccount && request.bothSides !== true && trust?.decision === 'allow';
  if (boundary?.decision === 'implicit-deny' && !(named && trust.byItself)) {
    return access(notAllowed('permissions boundary'));
  }
  if (identity.decision === 'implicit-deny' && !named) {
    return access(notAllowed('identity-based policy'));
  }
  const refused = trust !== undefined && !allows(trust.decision);
  return access(refused ? notAllowed('role trust policy') : undefined);
}

const denied = (by: Refusal['by']): Refusal => ({ by, explicit: true });
const notAllowed = (by: Refusal['by']): Refusal => ({ by, explicit: false });

const allows = (decision: Decision | undefined): boolean =>
  decision === 'allow' || decision === 'allow-account';

/** A service has none. */
function accountOf(caller: Caller): string | undefined {
  switch (caller.kind) {
    case 'role-session':
    case 'user':
      return caller.account;
    case 'federated':
      return caller.providerArn.split(':')[4];
    case 'service':
      return undefined;
  }
}
