import { readFile } from 'node:fs/promises';
import type { PlannedIdentity } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';

/** What the pod identity webhook puts into a container's environment (aws/amazon-eks-pod-identity-webhook). */
export interface WebIdentityEnvironment {
  readonly AWS_ROLE_ARN?: string | undefined;
  readonly AWS_WEB_IDENTITY_TOKEN_FILE?: string | undefined;
}

/** The pod's own identity, as STS asks for it. */
export interface WebIdentity {
  readonly roleArn: string;
  /** The ServiceAccount's projected token: never in a message. */
  readonly token: string;
}

/** The token's claims that a trust policy compares. Anyone who holds the token can read them. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
}

/**
 * Reads the pod's web identity: the token file afresh each time, since kubelet replaces it at 80 %
 * of its life. Throws `LinkError` with link `identity`.
 */
export async function readWebIdentity(
  identity: PlannedIdentity,
  environment: WebIdentityEnvironment,
): Promise<WebIdentity> {
  const { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: file } = environment;
  const missing = Object.entries({ AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: file })
    .filter(([, value]) => !value)
    .map(([name]) => name);
  if (!roleArn || !file) {
    throw new LinkError(
      'identity',
      `The pod has no web identity: ${missing.join(' and ')} not set. Expected: the pod identity webhook sets both. ` +
        `Compare: the ServiceAccount's annotation eks.amazonaws.com/role-arn with ${identity.roleArn}; ` +
        'a pod that is older than the annotation must be made again.',
    );
  }
  if (roleArn !== identity.roleArn) {
    throw new LinkError(
      'identity',
      `The pod's web identity is for ${safeText(roleArn)}. Expected: ${identity.roleArn}, as the plan says. ` +
        "Compare: the ServiceAccount's annotation eks.amazonaws.com/role-arn.",
    );
  }
  const token = await readToken(file);
  if (token === '') {
    throw new LinkError('identity', `The web identity token file ${file} is empty.`, {
      transient: true,
    });
  }
  return { roleArn, token };
}

async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new LinkError(
      'identity',
      `The web identity token can't be read: ${safeText(String(error))}. ` +
        "Compare: the pod's projected volume aws-iam-token and the user that the container runs as.",
    );
  }
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
