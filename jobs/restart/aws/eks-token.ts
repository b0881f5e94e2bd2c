import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { PlannedTarget } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import type { Clock } from '../ports.ts';
import { renewing, type Fresh } from './renewing.ts';
import type { Session } from './sessions/session.ts';
import { Sha256 } from './sha256.ts';

/** aws-iam-authenticator, pkg/token/token.go: `maxTokenLenBytes`. */
const longestToken = 4096;
const minutes = 60_000;
/** The authenticator takes a token for 15 minutes from X-Amz-Date; the last one is left alone. */
const tokenLife = 14 * minutes;
const renewAfter = 12 * minutes;

/** Hosts that aws-iam-authenticator accepts end in the partition's domain (pkg/token/partitions.go). */
const stsHost = (target: Pick<PlannedTarget, 'region' | 'partition'>): string =>
  `sts.${target.region}.${target.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`;

/**
 * The token that EKS asks for: a GetCallerIdentity request of the session, presigned for the
 * target region's STS with the cluster's name as a signed header. Nothing is sent. Throws
 * `LinkError` with link `mapping` when the token is longer than the authenticator reads.
 */
export async function eksToken(
  target: Pick<PlannedTarget, 'eksCluster' | 'region' | 'partition'>,
  session: Session,
  now: number,
): Promise<string> {
  const hostname = stsHost(target);
  const signer = new SignatureV4({
    service: 'sts',
    region: target.region,
    credentials: session,
    sha256: Sha256,
  });
  const request = new HttpRequest({
    protocol: 'https:',
    method: 'GET',
    hostname,
    path: '/',
    headers: { host: hostname, 'x-k8s-aws-id': target.eksCluster },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  });
  const signed = await signer.presign(request, { expiresIn: 60, signingDate: new Date(now) });
  const query = Object.entries(signed.query ?? {})
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .join('&');
  const token = `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query}`).toString('base64url')}`;
  if (token.length > longestToken) throw tooLong(token.length, session, target.eksCluster);
  return token;
}

/**
 * A token that is signed again at its 12th minute, and with a new session before the session under
 * it expires: a token dies with its session.
 */
export const createTokenSource = (options: {
  readonly target: Pick<PlannedTarget, 'eksCluster' | 'region' | 'partition'>;
  readonly session: Fresh<Session>;
  readonly clock: Clock;
}): Fresh<string> => {
  const { target, session, clock } = options;
  return renewing(clock, async () => {
    const current = await session();
    const now = clock.now();
    return {
      value: await eksToken(target, current, now),
      renewAt: Math.min(now + renewAfter, current.expiresAt - minutes),
      expiresAt: Math.min(now + tokenLife, current.expiresAt),
    };
  });
};

/** RFC 3986: what AWS leaves as it is in a canonical query. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const tooLong = (length: number, session: Session, eksCluster: string): LinkError =>
  new LinkError(
    'mapping',
    `The EKS token for ${eksCluster} has ${length} bytes. Expected: at most ${longestToken}, ` +
      `which is all that the cluster's authenticator reads. It carries the session token ` +
      `(${session.sessionToken.length} characters). Next: make that shorter: fewer or shorter session ` +
      'tags and session policies on the way to the role.',
  );
