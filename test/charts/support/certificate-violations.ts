import { z } from 'zod';
import type { KubeObject } from './objects.ts';

const hours = z.string().regex(/^[1-9]\d*h0m0s$/);
const key = (rotationPolicy: 'Always' | 'Never') =>
  z.strictObject({
    algorithm: z.literal('ECDSA'),
    size: z.literal(256),
    rotationPolicy: z.literal(rotationPolicy),
  });
const issuer = (name: string, ...kinds: readonly [string, ...string[]]) =>
  z.strictObject({
    group: z.literal('cert-manager.io'),
    kind: z.enum(kinds),
    name: z.literal(name),
  });
const leaf = (name: string, usages: readonly string[]) => ({
  commonName: z.literal(name),
  secretName: z.literal(`${name}-tls`),
  issuerRef: issuer('kiam-ca', 'Issuer', 'ClusterIssuer'),
  privateKey: key('Always'),
  duration: hours,
  renewBefore: hours,
  usages: exactly(usages),
});

function exactly(value: readonly string[]) {
  return z.unknown().refine((found) => JSON.stringify(found) === JSON.stringify(value));
}

/** All of cert-manager's that stands in an output, by its kind and name: no other, and no more of each. */
const specs: Readonly<Record<string, z.ZodType>> = {
  'Issuer kiam-self-signed': z.strictObject({ selfSigned: z.strictObject({}) }),
  'Issuer kiam-ca': z.strictObject({ ca: z.strictObject({ secretName: z.literal('kiam-ca') }) }),
  'ClusterIssuer kiam-ca': z.strictObject({
    ca: z.strictObject({ secretName: z.literal('kiam-ca') }),
  }),
  'Certificate kiam-ca': z.strictObject({
    commonName: z.literal('kiam-ca'),
    secretName: z.literal('kiam-ca'),
    isCA: z.literal(true),
    issuerRef: issuer('kiam-self-signed', 'Issuer'),
    privateKey: key('Never'),
    duration: hours,
    renewBefore: hours,
    usages: exactly(['cert sign', 'crl sign']),
  }),
  'Certificate kiam-agent': z.strictObject(
    leaf('kiam-agent', ['digital signature', 'client auth']),
  ),
  'Certificate kiam-server': z.strictObject({
    ...leaf('kiam-server', ['digital signature', 'server auth', 'client auth']),
    dnsNames: exactly(['kiam-server', 'localhost']),
    ipAddresses: exactly(['127.0.0.1']),
  }),
};

const hoursOf = (text: unknown): number => Number.parseInt(String(text), 10);

/** A certificate or issuer that kiam has no use for, and one that is renewed too late, or at once. */
export function certificateViolations({ apiVersion, kind, metadata, spec }: KubeObject) {
  if (!apiVersion.startsWith('cert-manager.io/')) return [];
  const of = `${kind} ${metadata.name}`;
  const parsed = specs[of]?.safeParse(spec);
  if (!parsed?.success) return [`${of}: ${parsed ? z.prettifyError(parsed.error) : 'of no use'}`];
  const left = hoursOf(spec?.duration) - hoursOf(spec?.renewBefore);
  return kind !== 'Certificate' || left > 0 ? [] : [`${of}: renewed before it is made`];
}
