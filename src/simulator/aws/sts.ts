import { issuerHostPath, parseRoleArn } from '../../names/arn.ts';
import type { SimClock } from '../clock.ts';
import { authorizeAssumeRole, authorizeService } from './authorize.ts';
import type { AssumeRoleAction } from './authorize.ts';
import { accessDenied, validationError } from './aws-error.ts';
import { callerContext, contextOf, mfaContext } from './caller-context.ts';
import { Calls } from './calls.ts';
import { decide } from './decide.ts';
import type { Iam, OidcProvider, Role } from './iam.ts';
import type { Issuers } from './issuers.ts';
import { proveMfa } from './mfa.ts';
import type { MfaProof } from './mfa.ts';
import { actorArn, identityOf, isRoleSession } from './sessions.ts';
import type { Actor, Session, Sessions, UserSession } from './sessions.ts';
import { sessionTags, tagContext } from './session-tags.ts';
import type { PassedTags, SessionTags } from './session-tags.ts';
import {
  requireBounds,
  requireExternalId,
  requireRoleDuration,
  requireSourceIdentity,
} from './sts-bounds.ts';
import { verifyToken } from './web-identity-token.ts';

export interface AssumeRole extends PassedTags, MfaProof {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** Default: 3600. */
  readonly durationSeconds?: number;
  readonly externalId?: string;
  /** Default: the caller's session's, where it has one. */
  readonly sourceIdentity?: string;
}

export interface AssumeRoleWithWebIdentity {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly webIdentityToken: string;
  /** Default: 3600. */
  readonly durationSeconds?: number;
}

/** An AWS service that assumes a role for something of one of its customers. */
export interface ServiceCaller {
  /** `pods.eks.amazonaws.com` */
  readonly service: string;
  readonly sourceAccount: string;
  readonly sourceArn: string;
}

export interface WebIdentitySession extends Session {
  readonly subject: string;
  readonly audience: string;
  readonly provider: OidcProvider;
}

export interface CallerIdentity {
  readonly Account: string;
  readonly Arn: string;
  readonly UserId: string;
}

export interface StsOptions {
  readonly iam: Iam;
  readonly issuers: Issuers;
  readonly sessions: Sessions;
  readonly clock: SimClock;
  /** All accounts are of one AWS organization: it decides how much a denial says. */
  readonly organization: boolean;
}

/** The Security Token Service. Its refusals are `AwsError`s with STS's own codes and texts. */
export class Sts {
  readonly calls = new Calls();
  readonly #world: StsOptions;

  constructor(options: StsOptions) {
    this.#world = options;
  }

  assumeRoleWithWebIdentity(request: AssumeRoleWithWebIdentity): WebIdentitySession {
    const duration = requireBounds(request);
    const { roleArn, roleSessionName } = request;
    const account = parseRoleArn(roleArn)?.account;
    if (!account) throw validationError(`${roleArn} is invalid`);
    const token = request.webIdentityToken;
    const { claims, provider, audience } = verifyToken(token, account, this.#world);
    const role = this.#world.iam.role(roleArn);
    const host = issuerHostPath(provider.issuer);
    const action = 'sts:AssumeRoleWithWebIdentity';
    const { refusal } = decide({
      action,
      resource: roleArn,
      caller: { kind: 'federated', providerArn: provider.arn },
      context: contextOf([
        [`${host}:sub`, claims.sub],
        [`${host}:aud`, audience],
        ['sts:RoleSessionName', roleSessionName],
      ]),
      resourcePolicy: role?.trust ?? [],
    });
    if (!role || refusal) throw accessDenied(`Not authorized to perform ${action}`);
    requireRoleDuration(role, duration, false);
    this.calls.tell({ action, resource: roleArn, caller: provider.arn });
    const session = this.#world.sessions.issue(role, roleSessionName, duration);
    return { ...session, subject: claims.sub, audience, provider };
  }

  assumeRole(actor: Actor, request: AssumeRole): Session {
    const { iam, organization, clock } = this.#world;
    const { roleArn, roleSessionName, externalId } = request;
    const duration = requireBounds(request);
    requireExternalId(externalId);
    requireSourceIdentity(request.sourceIdentity);
    if (!parseRoleArn(roleArn)) throw validationError(`${roleArn} is invalid`);
    const tags = sessionTags(actor, request);
    const proved = proveMfa(actor, request);
    const carried = isRoleSession(actor) ? actor.sourceIdentity : undefined;
    const sourceIdentity = request.sourceIdentity ?? carried;
    const target = iam.role(roleArn);
    const context = callerContext(actor, clock.now(), [
      ['sts:RoleSessionName', roleSessionName],
      ...(externalId === undefined ? [] : [['sts:ExternalId', externalId] as const]),
      // Of one that is carried on the request says nothing but `aws:SourceIdentity`.
      ...(request.sourceIdentity === undefined
        ? []
        : [['sts:SourceIdentity', request.sourceIdentity] as const]),
      ...(proved ? mfaContext(0) : []),
      ...tagContext(tags),
    ]);
    const actions = actionsOf(tags, sourceIdentity);
    for (const action of actions) {
      const bothSides = action === 'sts:SetSourceIdentity' && isRoleSession(actor);
      const asked = { session: actor, action, roleArn, target, context, organization, bothSides };
      const refusal = authorizeAssumeRole(asked);
      if (refusal) throw refusal;
    }
    if (carried !== undefined && sourceIdentity !== carried) {
      throw accessDenied(
        `User: ${actorArn(actor)} is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn}`,
      );
    }
    if (!target) throw accessDenied(`No role ${roleArn}`);
    requireRoleDuration(target, duration, isRoleSession(actor));
    this.#tell(actions, roleArn, identityOf(actor).arn);
    return this.#issue(target, roleSessionName, duration, tags, sourceIdentity);
  }

  /** What a service does on its own account: not bounded by the role's MaxSessionDuration. */
  assumeRoleAsService(caller: ServiceCaller, request: Omit<AssumeRole, keyof MfaProof>): Session {
    const { roleArn, roleSessionName } = request;
    const duration = requireBounds(request);
    const tags = sessionTags(undefined, request);
    const target = this.#world.iam.role(roleArn);
    const context = contextOf([
      ['sts:RoleSessionName', roleSessionName],
      ['aws:SourceAccount', caller.sourceAccount],
      ['aws:SourceArn', caller.sourceArn],
      ['aws:PrincipalIsAWSService', 'true'],
      ['aws:PrincipalServiceName', caller.service],
      ...tagContext(tags),
    ]);
    const actions = actionsOf(tags, undefined);
    for (const action of actions) {
      const refusal = authorizeService(caller.service, { action, roleArn, target, context });
      if (refusal) throw refusal;
    }
    if (!target) throw accessDenied(`No role ${roleArn}`);
    this.#tell(actions, roleArn, caller.service);
    return this.#issue(target, roleSessionName, duration, tags, undefined);
  }

  /** For IAM users alone (STS API reference, GetSessionToken). */
  getSessionToken(actor: Actor, request: MfaProof & { durationSeconds?: number }): UserSession {
    if (isRoleSession(actor) || actor.credentials.sessionToken !== '') {
      throw accessDenied('Cannot call GetSessionToken with session credentials');
    }
    const { durationSeconds = 43200 } = request;
    requireBounds({ roleSessionName: 'none', durationSeconds: Math.min(durationSeconds, 43200) });
    const mfa = proveMfa(actor, request);
    return this.#world.sessions.issueToUser(actor.user, durationSeconds, { mfa });
  }

  /** Allowed to everyone (STS API reference, GetCallerIdentity). */
  getCallerIdentity(actor: Actor): CallerIdentity {
    const { account, arn, id } = identityOf(actor);
    this.calls.tell({ action: 'sts:GetCallerIdentity', resource: '*', caller: arn });
    const UserId = isRoleSession(actor) ? `${id}:${actor.name}` : id;
    return { Account: account, Arn: actorArn(actor), UserId };
  }

  #tell(actions: readonly AssumeRoleAction[], resource: string, caller: string): void {
    for (const action of actions) this.calls.tell({ action, resource, caller });
  }

  #issue(
    role: Role,
    name: string,
    duration: number,
    { tags, transitiveTagKeys }: SessionTags,
    sourceIdentity: string | undefined,
  ): Session {
    return this.#world.sessions.issue(role, name, duration, {
      ...(tags.size > 0 ? { tags, transitiveTagKeys } : {}),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    });
  }
}

/** The permission-only actions come with what they permit, whether passed or carried on. */
const actionsOf = (
  { tags }: SessionTags,
  sourceIdentity: string | undefined,
): readonly AssumeRoleAction[] => [
  'sts:AssumeRole',
  ...(tags.size > 0 ? (['sts:TagSession'] as const) : []),
  ...(sourceIdentity === undefined ? [] : (['sts:SetSourceIdentity'] as const)),
];
