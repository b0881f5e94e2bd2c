import { createHash, createHmac } from 'node:crypto';

/**
 * The rules by which aws-iam-authenticator takes a token (pkg/token/token.go, Verify), and after
 * them STS's check of the signature. Written from the rules, without the signer under test.
 */
export type Verdict = 'accepted' | { readonly refused: string };

const prefix = 'k8s-aws-v1.';
const allowedParameters = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);
const hosts = /^sts(?:\.[a-z]{2}(?:-gov)?-[a-z]+-\d)?\.amazonaws\.com(?:\.cn)?$/;

export interface VerifyOptions {
  /** The authenticator replays with its own cluster id. */
  readonly clusterId: string;
  readonly now: number;
  readonly secretAccessKey: string;
}

export function verifyToken(token: string, options: VerifyOptions): Verdict {
  if (Buffer.byteLength(token) > 4096) return { refused: 'too long' };
  if (!token.startsWith(prefix)) return { refused: 'prefix' };
  const encoded = token.slice(prefix.length);
  if (!/^[\w-]+$/.test(encoded)) return { refused: 'base64' };
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  if (!URL.canParse(text)) return { refused: 'url' };
  const url = new URL(text);
  if (url.protocol !== 'https:') return { refused: 'scheme' };
  if (url.username || url.password || url.port || url.hash) return { refused: 'url' };
  if (!hosts.test(url.host)) return { refused: 'host' };
  if (url.pathname !== '/') return { refused: 'path' };
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const lower = name.toLowerCase();
    if (!allowedParameters.has(lower)) return { refused: 'parameter' };
    if (parameters.has(lower)) return { refused: 'duplicate' };
    parameters.set(lower, value);
  }
  const get = (name: string): string => parameters.get(name) ?? '';
  if (get('action') !== 'GetCallerIdentity') return { refused: 'action' };
  if (!get('x-amz-signedheaders').split(';').includes('x-k8s-aws-id')) {
    return { refused: 'unsigned cluster' };
  }
  const expires = Number(get('x-amz-expires') || 'NaN');
  if (!Number.isInteger(expires) || expires < 0 || expires > 900) return { refused: 'expires' };
  const signedAt = parseDate(get('x-amz-date'));
  if (signedAt === undefined) return { refused: 'date' };
  if (options.now > signedAt + 15 * 60_000 || signedAt > options.now + 5 * 60_000) {
    return { refused: 'expired' };
  }
  return signatureOf(url, options) === get('x-amz-signature')
    ? 'accepted'
    : { refused: 'signature' };
}

function parseDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
}

const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 of a presigned GET (AWS General Reference, Create a signed request). */
function signatureOf(url: URL, { clusterId, secretAccessKey }: VerifyOptions): string {
  const raw = url.search
    .slice(1)
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='));
  const canonical = [
    'GET',
    '/',
    raw.sort().join('&'),
    `host:${url.host}`,
    `x-k8s-aws-id:${clusterId}`,
    '',
    'host;x-k8s-aws-id',
    sha256(''),
  ].join('\n');
  const [, day = '', region = '', service = ''] = (
    url.searchParams.get('X-Amz-Credential') ?? ''
  ).split('/');
  const date = url.searchParams.get('X-Amz-Date') ?? '';
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region, service, 'aws4_request'].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    hmac(`AWS4${secretAccessKey}`, day),
  );
  return hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n')).toString('hex');
}

/** The URL in a token, and a token of another URL: for hostile variations. */
export const urlIn = (token: string): string =>
  Buffer.from(token.slice(prefix.length), 'base64url').toString('utf8');
export const tokenOf = (url: string): string => prefix + Buffer.from(url).toString('base64url');
