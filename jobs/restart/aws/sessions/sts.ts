import type { Credentials, STSClientConfig } from '@aws-sdk/client-sts';
import { LinkError, type Link } from '../../link-error.ts';
import { clientOptions } from '../client-options.ts';
import type { Renewable } from '../renewing.ts';
import { renewBefore, type Session } from './session.ts';

/**
 * STS is the regional one of the hub; the SDK itself heeds AWS_ENDPOINT_URL_STS. Credentials are
 * always given explicitly, never by the SDK's default chain, in which a static AWS_ACCESS_KEY_ID
 * would shadow the role.
 */
export const stsOptions = (region: string, version: string): STSClientConfig => ({
  region,
  ...clientOptions(version),
});

/** What STS answered, as a session. Throws `LinkError` where it is not whole. */
export function fromSts(
  credentials: Credentials | undefined,
  at: { readonly link: Link; readonly roleArn: string },
): Renewable<Session> {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new LinkError(at.link, `STS gave no whole credentials for ${at.roleArn}.`, {
      transient: true,
    });
  }
  const expiresAt = Expiration.getTime();
  return {
    value: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiresAt,
    },
    renewAt: expiresAt - renewBefore,
    expiresAt,
  };
}
