import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { issuerHostPath } from '../../names/arn.ts';

/** The claims of a ServiceAccount's token that AWS and the API server read. */
export interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly [claim: string]: unknown;
}

export type TokenProblem = 'malformed' | 'unknown-issuer' | 'signature';

/** What an issuer publishes at `/openid/v1/jwks`. */
export interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid?: string })[];
}

interface Issuer {
  /** Absent for an issuer that signs elsewhere. */
  readonly signing?: KeyObject;
  /** Of each key id. */
  readonly verifying: ReadonlyMap<string, KeyObject>;
}

/** Keys of the clusters' OIDC issuers: RS256, as Kubernetes signs. */
export class Issuers {
  readonly #issuers = new Map<string, Issuer>();

  /** Makes a simulated issuer known, with a key pair of its own. */
  add(issuer: string): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const id = issuerHostPath(issuer);
    const verifying = new Map([[id, createPublicKey(privateKey)]]);
    this.#issuers.set(id, { signing: privateKey, verifying });
  }

  /** Makes an issuer known that signs elsewhere, such as a real cluster: by the keys it publishes. */
  trust(issuer: string, { keys }: KeySet): void {
    const verifying = new Map(
      keys.map((key) => [key.kid ?? '', createPublicKey({ key, format: 'jwk' })]),
    );
    this.#issuers.set(issuerHostPath(issuer), { verifying });
  }

  sign(claims: Claims): string {
    const id = issuerHostPath(claims.iss);
    const key = this.#issuers.get(id)?.signing;
    if (!key) throw new Error(`No signing key for the issuer ${claims.iss}: add it first.`);
    const header = { alg: 'RS256', kid: id, typ: 'JWT' };
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Whether the issuer that the token names signed it. Times and audience are the caller's part. */
  verifySignature(token: string): TokenProblem | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = decodeClaims(token);
    const { alg, kid } = decode(header) ?? {};
    if (!claims || alg !== 'RS256') return 'malformed';
    const issuer = this.#issuers.get(issuerHostPath(claims.iss));
    if (!issuer) return 'unknown-issuer';
    const key = typeof kid === 'string' ? issuer.verifying.get(kid) : undefined;
    if (!key) return 'signature';
    const signed = Buffer.from(`${header}.${payload}`);
    const valid = verify('sha256', signed, key, Buffer.from(signature, 'base64url'));
    return valid ? undefined : 'signature';
  }
}

/** The claims as they stand, unverified; `undefined` for what is not such a token. */
export function decodeClaims(token: string): Claims | undefined {
  const parts = token.split('.');
  const claims = parts.length === 3 ? decode(parts[1] ?? '') : undefined;
  if (!claims) return undefined;
  const { iss, sub, exp } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number') {
    return undefined;
  }
  const aud: unknown = typeof claims.aud === 'string' ? [claims.aud] : claims.aud;
  if (!Array.isArray(aud) || !aud.every((one) => typeof one === 'string')) return undefined;
  const seconds = (claim: unknown): number => (typeof claim === 'number' ? claim : 0);
  return { ...claims, iss, sub, aud, exp, nbf: seconds(claims.nbf), iat: seconds(claims.iat) };
}

const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof json === 'object' && json !== null
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
