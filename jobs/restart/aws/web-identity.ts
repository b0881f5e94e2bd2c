import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';
import type { IdentityEnvironment } from './sessions/session.ts';
import { readTokenFile } from './token-file.ts';

/** The token's claims that a trust policy compares. Anyone who holds the token can read them. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
}

/**
 * The ServiceAccount's projected token, never to stand in a message. Throws `LinkError` with link
 * `identity`.
 *
 * @param expectedRole of the plan: the annotation that the webhook wrote into the environment must be
 *   of it. Absent: any, since the pod becomes the targets' roles by its token alone
 */
export function readWebIdentity(
  environment: IdentityEnvironment,
  expectedRole?: string,
): Promise<string> {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: file } = environment;
  const needed = {
    ...(expectedRole === undefined ? {} : { AWS_ROLE_ARN: roleArn }),
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  };
  const missing = Object.entries(needed)
    .filter(([, value]) => !value)
    .map(([name]) => name);
  if (!file || missing.length > 0) throw noWebIdentity(missing, expectedRole);
  if (expectedRole !== undefined && roleArn !== expectedRole) {
    throw new LinkError(
      'identity',
      `The pod's web identity is for ${safeText(roleArn ?? '')}. Expected: ${expectedRole}, as the plan says. ` +
        "Compare: the ServiceAccount's annotation eks.amazonaws.com/role-arn.",
    );
  }
  return readTokenFile(file, 'web identity token', 'aws-iam-token');
}

function noWebIdentity(missing: readonly string[], expectedRole: string | undefined): LinkError {
  const role = expectedRole === undefined ? "one of the plan's target roles" : expectedRole;
  const names = missing.join(' and ');
  return new LinkError(
    'identity',
    `The pod has no web identity: ${names} not set. Expected: the pod identity webhook sets both, or the pod's template does. ` +
      `Compare: the ServiceAccount's annotation eks.amazonaws.com/role-arn with ${role}; ` +
      'a pod that is older than the annotation must be made again.',
  );
}

/** `iss`, `sub` and `aud` of a JWT, without checking it: STS does. `undefined` when it is none. */
export function readClaims(token: string): TokenClaims | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    const { iss, sub, aud } = claims as Record<string, unknown>;
    return { iss: claimText(iss), sub: claimText(sub), aud: claimText(aud) };
  } catch {
    return undefined;
  }
}

function claimText(claim: unknown): string {
  if (claim === undefined) return '(none)';
  if (typeof claim === 'string') return safeText(claim);
  return safeText(Array.isArray(claim) ? claim.join(', ') : JSON.stringify(claim));
}
