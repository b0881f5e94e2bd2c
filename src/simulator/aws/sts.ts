import { issuerHostPath, parseRoleArn } from '../../names/arn.ts';
import type { SimClock } from '../clock.ts';
import { authorizeAssumeRole, callerContext } from './authorize.ts';
import { AwsError, accessDenied, constraintError, validationError } from './aws-error.ts';
import type { Iam, OidcProvider, Role } from './iam.ts';
import { decodeClaims } from './issuers.ts';
import type { Claims, Issuers } from './issuers.ts';
import { evaluate } from './policy.ts';
import { sessionArn } from './sessions.ts';
import type { Session, Sessions } from './sessions.ts';

export interface AssumeRole {
  readonly roleArn: string;
  readonly roleSessionName: string;
  /** Default: 3600. */
  readonly durationSeconds?: number;
  readonly externalId?: string;
}

export interface AssumeRoleWithWebIdentity {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly webIdentityToken: string;
  /** Default: 3600. */
  readonly durationSeconds?: number;
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
  readonly #world: StsOptions;

  constructor(options: StsOptions) {
    this.#world = options;
  }

  assumeRoleWithWebIdentity(request: AssumeRoleWithWebIdentity): WebIdentitySession {
    const duration = requireBounds(request);
    const account = parseRoleArn(request.roleArn)?.account;
    if (!account) throw validationError(`${request.roleArn} is invalid`);
    const { claims, provider, audience } = this.#verifyToken(request.webIdentityToken, account);
    const role = this.#world.iam.role(request.roleArn);
    const host = issuerHostPath(provider.issuer).toLowerCase();
    const decision = evaluate(role?.trust ?? [], {
      action: 'sts:AssumeRoleWithWebIdentity',
      caller: { kind: 'federated', providerArn: provider.arn },
      context: new Map([
        [`${host}:sub`, claims.sub],
        [`${host}:aud`, audience],
        ['sts:rolesessionname', request.roleSessionName],
      ]),
    });
    if (!role || decision !== 'allow') {
      throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    }
    requireRoleDuration(role, duration);
    const session = this.#world.sessions.issue(role, request.roleSessionName, duration);
    return { ...session, subject: claims.sub, audience, provider };
  }

  assumeRole(session: Session, request: AssumeRole): Session {
    const { iam, organization, sessions } = this.#world;
    const duration = requireBounds(request);
    const { roleArn, roleSessionName, externalId } = request;
    if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
      throw constraintError(externalId, 'externalId', patternText('[\\w+=,.@:\\/-]*'));
    }
    if (!parseRoleArn(roleArn)) throw validationError(`${roleArn} is invalid`);
    const target = iam.role(roleArn);
    const context = callerContext(session, [
      ['sts:RoleSessionName', roleSessionName],
      ...(externalId === undefined ? [] : [['sts:ExternalId', externalId] as const]),
    ]);
    const refusal = authorizeAssumeRole({ session, roleArn, target, context, organization });
    if (refusal) throw refusal;
    // Every caller in this world is a role's session, so every AssumeRole is chained.
    if (duration > 3600) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    if (!target) throw accessDenied(`No role ${roleArn}`);
    return sessions.issue(target, roleSessionName, duration);
  }

  /** Allowed to everyone (STS API reference, GetCallerIdentity). */
  getCallerIdentity(session: Session): CallerIdentity {
    const { role, name } = session;
    return { Account: role.account, Arn: sessionArn(session), UserId: `${role.id}:${name}` };
  }

  #verifyToken(
    token: string,
    account: string,
  ): { readonly claims: Claims; readonly provider: OidcProvider; readonly audience: string } {
    const { clock, iam, issuers } = this.#world;
    const claims = decodeClaims(token);
    const problem = claims && issuers.verifySignature(token);
    if (!claims || problem === 'malformed') {
      throw new AwsError('InvalidIdentityToken', 'The ID Token provided is not a valid JWT.');
    }
    const provider = iam.provider(account, claims.iss);
    if (!provider) {
      throw new AwsError(
        'InvalidIdentityToken',
        `No OpenIDConnect provider found in your account for ${claims.iss}`,
      );
    }
    if (problem !== undefined) {
      throw new AwsError(
        'InvalidIdentityToken',
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      );
    }
    const now = Math.floor(clock.now() / 1000);
    if (now >= claims.exp) {
      throw new AwsError(
        'ExpiredTokenException',
        `Token expired: current date/time ${now} must be before the expiration date/time${claims.exp}`,
      );
    }
    const audience = claims.aud.find((one) => provider.clientIds.includes(one));
    if (audience === undefined) {
      throw new AwsError('InvalidIdentityToken', 'Incorrect token audience');
    }
    return { claims, provider, audience };
  }
}

/** The bounds of the STS API reference on both AssumeRole calls; gives the duration back. */
function requireBounds(request: AssumeRole): number {
  const { roleSessionName: name, durationSeconds = 3600 } = request;
  if (!/^[\w+=,.@-]*$/.test(name)) {
    throw constraintError(name, 'roleSessionName', patternText('[\\w+=,.@-]*'));
  }
  if (name.length < 2) throw constraintError(name, 'roleSessionName', lengthText('greater', 2));
  if (name.length > 64) throw constraintError(name, 'roleSessionName', lengthText('less', 64));
  const seconds = String(durationSeconds);
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900) {
    throw constraintError(seconds, 'durationSeconds', valueText('greater', 900));
  }
  if (durationSeconds > 43200) {
    throw constraintError(seconds, 'durationSeconds', valueText('less', 43200));
  }
  return durationSeconds;
}

function requireRoleDuration(role: Role, duration: number): void {
  if (duration <= role.maxSessionDuration) return;
  throw validationError(
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

const patternText = (pattern: string): string =>
  `Member must satisfy regular expression pattern: ${pattern}`;
const lengthText = (side: 'greater' | 'less', bound: number): string =>
  `Member must have length ${side} than or equal to ${bound}`;
const valueText = (side: 'greater' | 'less', bound: number): string =>
  `Member must have value ${side} than or equal to ${bound}`;
