import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
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

/** Signing keys of the clusters' OIDC issuers, made when first used: RS256, as Kubernetes signs. */
export class Issuers {
  readonly #keys = new Map<string, KeyObject>();

  /** Makes the issuer known. */
  add(issuer: string): void {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.#keys.set(issuerHostPath(issuer), privateKey);
  }

  sign(claims: Claims): string {
    const key = this.#keys.get(issuerHostPath(claims.iss));
    if (!key) throw new Error(`No signing key for the issuer ${claims.iss}: add it first.`);
    const header = { alg: 'RS256', kid: issuerHostPath(claims.iss), typ: 'JWT' };
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Whether the issuer that the token names signed it. Times and audience are the caller's part. */
  verifySignature(token: string): TokenProblem | undefined {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const claims = decodeClaims(token);
    if (!claims || decode(header)?.alg !== 'RS256') return 'malformed';
    const key = this.#keys.get(issuerHostPath(claims.iss));
    if (!key) return 'unknown-issuer';
    const valid = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(key),
      Buffer.from(signature, 'base64url'),
    );
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
