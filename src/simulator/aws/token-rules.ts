import { domainOf, isRegion, partitionOf } from '../../names/arn.ts';
import type { Partition } from '../../names/arn.ts';
import { instantOf } from './sigv4.ts';
import type { AwsRequest } from './sigv4.ts';

/** A bearer token whose form holds, as the request to STS that it stands for. */
export type TokenForm =
  | { readonly kind: 'ok'; readonly accessKeyId: string; readonly request: AwsRequest }
  | { readonly kind: 'refused'; readonly reason: string };

export interface TokenRules {
  /** The cluster's own id: the replayed request carries it, whatever the token was signed for. */
  readonly clusterId: string;
  readonly partition: Partition;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const prefix = 'k8s-aws-v1.';
const clusterHeader = 'x-k8s-aws-id';
const maxBytes = 4096;
const lifetime = 15 * 60_000;
const allowed = new Set([
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

/** The rules of aws-iam-authenticator, pkg/token/token.go (`tokenVerifier.Verify`), in its order. */
export function readToken(token: string, { clusterId, partition, now }: TokenRules): TokenForm {
  if (Buffer.byteLength(token) > maxBytes) return refused('token is too large');
  if (!token.startsWith(prefix)) return refused(`token is missing expected "${prefix}" prefix`);
  const encoded = token.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) {
    return refused('illegal base64 data');
  }
  const url = /^([^:/?#]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/.exec(
    Buffer.from(encoded, 'base64url').toString(),
  );
  if (!url) return refused('not a URL');
  const [, scheme, host = '', path, rawQuery = ''] = url;
  if (scheme !== 'https') return refused('unexpected scheme in pre-signed URL');
  if (!isStsHost(host, partition)) return refused('unexpected hostname in pre-signed URL');
  if (path !== '/') return refused('unexpected path in pre-signed URL');

  if (/;|%(?![0-9A-Fa-f]{2})/.test(rawQuery)) return refused('malformed query parameter');
  const query = new URLSearchParams(rawQuery);
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    const lower = name.toLowerCase();
    if (!allowed.has(lower)) return refused('non-whitelisted query parameter');
    if (parameters.has(lower)) {
      return refused('query parameter with multiple values not supported');
    }
    parameters.set(lower, value);
  }
  const parameter = (name: string): string => parameters.get(name) ?? '';

  if (parameter('action') !== 'GetCallerIdentity') {
    return refused('unexpected action parameter in pre-signed URL');
  }
  const signed = parameter('x-amz-signedheaders').toLowerCase().split(';');
  if (!signed.includes(clusterHeader)) {
    return refused(`client did not sign the ${clusterHeader} header in the pre-signed URL`);
  }
  const expires = parameter('x-amz-expires');
  if (!/^[+-]?\d+$/.test(expires) || Number(expires) < 0 || Number(expires) > 900) {
    return refused('invalid X-Amz-Expires parameter in pre-signed URL');
  }
  const date = instantOf(parameter('x-amz-date'));
  if (Number.isNaN(date)) return refused('error parsing X-Amz-Date parameter');
  if (now > date + lifetime) return refused('X-Amz-Date parameter is expired');

  const headers = { host, accept: 'application/json', [clusterHeader]: clusterId };
  return {
    kind: 'ok',
    accessKeyId: parameter('x-amz-credential').split('/')[0] ?? '',
    request: { method: 'GET', path, query, headers, body: '' },
  };
}

const refused = (reason: string): TokenForm => ({ kind: 'refused', reason });

/** The partition's STS hosts: the global one (its first region's own) and one a region. */
function isStsHost(host: string, partition: Partition): boolean {
  const domain = domainOf(partition);
  if (partition === 'aws' && host === `sts.${domain}`) return true;
  const region = /^sts\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)$/.exec(host);
  const name = region?.[1] ?? '';
  return region?.[2] === domain && isRegion(name) && partitionOf(name) === partition;
}
