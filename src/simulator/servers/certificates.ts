import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM, as node:https takes it. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority whose key lives as long as the process. */
export interface Authority {
  /** The CA's own certificate, PEM. */
  readonly pem: string;
  /** A certificate for 127.0.0.1 and localhost, and for other hosts besides. */
  issue(hosts?: readonly string[]): Promise<ServerIdentity>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function makeAuthority(commonName: string): Promise<Authority> {
  const keys = await makeKeys();
  const name = `CN=${commonName}`;
  const authority = await X509CertificateGenerator.createSelfSigned(
    {
      name,
      keys,
      signingAlgorithm: algorithm,
      ...validity(),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const issue = async (hosts: readonly string[] = []): Promise<ServerIdentity> => {
    const own = await makeKeys();
    const certificate = await X509CertificateGenerator.create(
      {
        subject: 'CN=localhost',
        issuer: name,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        ...validity(),
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension([
            { type: 'ip', value: '127.0.0.1' },
            { type: 'dns', value: 'localhost' },
            ...hosts.map((value) => ({ type: 'dns', value }) as const),
          ]),
          await AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        ],
      },
      webcrypto,
    );
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey));
    return { key: pem('PRIVATE KEY', key), cert: certificate.toString('pem') };
  };
  return { pem: authority.toString('pem'), issue };
}

const makeKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

/** Clients judge by the machine's clock, not by the simulated one. */
function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const hour = 3_600_000;
  const now = Date.now();
  return { notBefore: new Date(now - hour), notAfter: new Date(now + 30 * 24 * hour) };
}

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
