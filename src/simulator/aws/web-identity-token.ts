import type { SimClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import type { Iam, OidcProvider } from './iam.ts';
import { decodeClaims } from './issuers.ts';
import type { Claims, Issuers } from './issuers.ts';

export interface VerifiedToken {
  readonly claims: Claims;
  readonly provider: OidcProvider;
  /** The one of the token's audiences that the provider knows. */
  readonly audience: string;
}

/** What STS checks of a token before any policy: its issuer is a provider of the account. */
export function verifyToken(
  token: string,
  account: string,
  {
    clock,
    iam,
    issuers,
  }: { readonly clock: SimClock; readonly iam: Iam; readonly issuers: Issuers },
): VerifiedToken {
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
