import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { classifyWebIdentity } from '../classify.ts';
import { callDeadline } from '../client-options.ts';
import type { Renewable } from '../renewing.ts';
import { readClaims } from '../web-identity.ts';
import type { Session, SessionOptions } from './session.ts';
import { fromSts, stsOptions } from './sts.ts';

export interface WebIdentityRequest {
  readonly roleArn: string;
  /** The ServiceAccount's projected token: never in a message. */
  readonly token: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** Whose STS is asked. */
  readonly region: string;
}

/** A role's session by the pod's own token: unsigned, since the token is the credential. Throws `LinkError`. */
export async function assumeByWebIdentity(
  request: WebIdentityRequest,
  { clock, version }: Pick<SessionOptions, 'clock' | 'version'>,
): Promise<Renewable<Session>> {
  const { roleArn, token } = request;
  const client = new STSClient(stsOptions(request.region, version));
  try {
    const answer = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: request.sessionName,
        WebIdentityToken: token,
        DurationSeconds: request.durationSeconds,
      }),
      { abortSignal: callDeadline() },
    );
    return fromSts(answer.Credentials, { link: 'identity', roleArn });
  } catch (error) {
    throw classifyWebIdentity(error, { roleArn, claims: readClaims(token), now: clock.now() });
  } finally {
    client.destroy();
  }
}
