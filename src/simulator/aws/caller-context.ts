import type { ContextValue, RequestContext } from './conditions.ts';
import { identityOf, isRoleSession } from './sessions.ts';
import type { Actor } from './sessions.ts';

/**
 * What AWS puts into every request's context about its caller (IAM user guide, "AWS global
 * condition context keys").
 *
 * @param now milliseconds since the epoch, for the age of an MFA; without it that key is absent
 */
export function callerContext(
  actor: Actor,
  now?: number,
  more: Iterable<readonly [string, ContextValue]> = [],
): RequestContext {
  const { arn, account } = identityOf(actor);
  return contextOf([
    ['aws:PrincipalArn', arn],
    ['aws:PrincipalAccount', account],
    ['aws:SecureTransport', 'true'],
    ...(isRoleSession(actor)
      ? ([
          ['aws:PrincipalType', 'AssumedRole'],
          ['aws:userid', `${actor.role.id}:${actor.name}`],
          // A session that AssumeRole gives says nothing of the MFA that it was asked for with.
          ['aws:MultiFactorAuthPresent', 'false'],
        ] as const)
      : ([
          ['aws:PrincipalType', 'User'],
          ['aws:userid', actor.user.id],
          ['aws:username', actor.user.name],
          ...(actor.credentials.sessionToken === ''
            ? []
            : mfaContext(actor.mfaAt === undefined ? undefined : age(actor.mfaAt, now))),
        ] as const)),
    ...principalTags(actor),
    ...(isRoleSession(actor) && actor.sourceIdentity !== undefined
      ? [['aws:SourceIdentity', actor.sourceIdentity] as const]
      : []),
    ...more,
  ]);
}

/** The keys in lower case; of two for one key the last stands. */
export const contextOf = (entries: Iterable<readonly [string, ContextValue]>): RequestContext =>
  new Map([...entries].map(([key, value]) => [key.toLowerCase(), value]));

/** `seconds`: since the device was proved; `'unknown'`: some time ago; absent: it never was. */
export const mfaContext = (
  seconds: number | 'unknown' | undefined,
): readonly (readonly [string, string])[] => [
  ['aws:MultiFactorAuthPresent', String(seconds !== undefined)],
  ...(typeof seconds === 'number' ? ([['aws:MultiFactorAuthAge', String(seconds)]] as const) : []),
];

const age = (mfaAt: number, now: number | undefined): number | 'unknown' =>
  now === undefined ? 'unknown' : Math.floor((now - mfaAt) / 1000);

/** The identity's own tags, then those of the session, which override them whatever their case. */
function principalTags(actor: Actor): readonly (readonly [string, string])[] {
  const tags = [...identityOf(actor).tags, ...((isRoleSession(actor) && actor.tags) || [])];
  return tags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
}
