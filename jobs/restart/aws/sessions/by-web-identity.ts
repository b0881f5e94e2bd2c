import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HttpRequest } from '@smithy/protocol-http';
import { LinkError } from '../../link-error.ts';
import { safeText } from '../../redact.ts';
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
  client.middlewareStack.add(
    (next) => (args) => {
      requireTls(args.request);
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
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

const loopback = /^(?:127(?:\.\d{1,3}){3}|\[?::1\]?|localhost)$/;

/** The request holds the token as it is, unsigned: an endpoint of the environment may not ask for it in clear, but on this machine. */
function requireTls(request: unknown): void {
  if (!HttpRequest.isInstance(request) || request.protocol === 'https:') return;
  if (loopback.test(request.hostname)) return;
  throw new LinkError(
    'network',
    `STS is to be asked at ${safeText(request.hostname)} without TLS, which would show the pod's token. ` +
      'Compare: AWS_ENDPOINT_URL_STS and AWS_ENDPOINT_URL with an address of https.',
  );
}
