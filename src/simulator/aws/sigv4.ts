import { timingSafeEqual } from 'node:crypto';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SimClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import { NodeSha256 } from './node-sha256.ts';
import type { Actor, Credentials, Sessions } from './sessions.ts';

/** An HTTP request as it came in. */
export interface AwsRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  /** Decoded; a name that comes twice has two values. */
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Signed {
  readonly session: Actor;
  /** Of the credential scope. */
  readonly region: string;
}

export interface SignatureOptions {
  /** `sts` or `eks`. */
  readonly service: string;
  readonly sessions: Sessions;
  readonly clock: SimClock;
}

/** What a request claims, wherever it carries it: in the Authorization header or in the query. */
interface Claimed {
  readonly presigned: boolean;
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** `20260101T000000Z` */
  readonly date: string;
  /** Seconds. */
  readonly expires: number;
  readonly token: string | undefined;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Checks a header-signed or presigned request by signing it again with the session's secret
 * (IAM user guide, "Signature Version 4"). Throws `AwsError`.
 */
export async function verifySignature(
  request: AwsRequest,
  { service, sessions, clock }: SignatureOptions,
): Promise<Signed> {
  const claimed = readClaimed(request);
  const session = sessions.find(claimed.accessKeyId);
  if (!session || session.credentials.sessionToken !== (claimed.token ?? '')) {
    throw new AwsError(
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      403,
    );
  }
  if (claimed.service !== service) {
    throw mismatch(`Credential should be scoped to correct service: '${service}'.`);
  }
  requireCurrent(claimed, clock.now());
  const expected = await signAgain(request, claimed, session.credentials);
  if (!sameText(expected, claimed.signature)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  if (clock.now() >= session.expiration) {
    throw new AwsError(
      'ExpiredToken',
      'The security token included in the request is expired',
      403,
    );
  }
  return { session, region: claimed.region };
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

function readClaimed(request: AwsRequest): Claimed {
  const { headers, query } = request;
  const inHeader = authorization.exec(headers.authorization ?? '');
  const presigned = !inHeader;
  const [, credential, signedHeaders, signature] = inHeader ?? [
    '',
    query.get('X-Amz-Credential'),
    query.get('X-Amz-SignedHeaders'),
    query.get('X-Amz-Signature'),
  ];
  const date = presigned ? query.get('X-Amz-Date') : headers['x-amz-date'];
  const token = presigned ? query.get('X-Amz-Security-Token') : headers['x-amz-security-token'];
  if (!credential || !signedHeaders || !signature || !date) {
    throw new AwsError(
      'MissingAuthenticationToken',
      'Request is missing Authentication Token',
      403,
    );
  }
  const [accessKeyId = '', day = '', region = '', service = '', end] = credential.split('/');
  const expires = Number(query.get('X-Amz-Expires') ?? 0);
  if (
    end !== 'aws4_request' ||
    !date.startsWith(day) ||
    Number.isNaN(instantOf(date)) ||
    !(expires >= 0 && expires <= 604_800)
  ) {
    throw new AwsError(
      'IncompleteSignature',
      'The request signature does not conform to AWS standards.',
    );
  }
  return {
    presigned,
    accessKeyId,
    region,
    service,
    date,
    expires,
    token: token ?? undefined,
    signedHeaders: signedHeaders.split(';'),
    signature,
  };
}

/** A quarter of an hour either way. STS holds presigned requests to it too, whatever their Expires. */
function requireCurrent({ date }: Claimed, now: number): void {
  const quarter = 15 * 60_000;
  const signed = instantOf(date);
  const at = compactDate(new Date(now));
  if (signed + quarter < now) {
    const earliest = compactDate(new Date(now - quarter));
    throw mismatch(`Signature expired: ${date} is now earlier than ${earliest} (${at} - 15 min.)`);
  }
  if (signed - quarter > now) {
    const latest = compactDate(new Date(now + quarter));
    throw mismatch(
      `Signature not yet current: ${date} is still later than ${latest} (${at} + 15 min.)`,
    );
  }
}

/** What presigning adds by itself. */
const addedParameters = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
];

async function signAgain(
  request: AwsRequest,
  claimed: Claimed,
  { sessionToken, ...key }: Credentials,
): Promise<string> {
  const { presigned, region, service, date, expires, signedHeaders } = claimed;
  const signed = new Set(signedHeaders);
  const signer = new SignatureV4({
    service,
    region,
    credentials: sessionToken === '' ? key : { ...key, sessionToken },
    sha256: NodeSha256,
    applyChecksum: signed.has('x-amz-content-sha256'),
  });
  const query = queryOf(request.query);
  if (presigned) for (const name of addedParameters) Reflect.deleteProperty(query, name);
  // The body's hash is computed here, never taken from the request.
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name]) => signed.has(name) && name !== 'x-amz-content-sha256',
    ),
  );
  const again = new HttpRequest({
    method: request.method,
    path: request.path,
    query,
    headers,
    body: request.body,
  });
  const options = { signingDate: new Date(instantOf(date)), signableHeaders: signed };
  if (presigned) {
    const { query: result } = await signer.presign(again, {
      ...options,
      expiresIn: expires,
      unhoistableHeaders: signed,
    });
    return String(result?.['X-Amz-Signature']);
  }
  const { headers: result } = await signer.sign(again, options);
  return authorization.exec(result.authorization ?? '')?.[3] ?? '';
}

function queryOf(parameters: URLSearchParams): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

const mismatch = (message: string): AwsError => new AwsError('SignatureDoesNotMatch', message, 403);

const compactDate = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Milliseconds since the epoch of `20260101T000000Z`, or NaN. */
export function instantOf(date: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!parts) return Number.NaN;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const sameText = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
