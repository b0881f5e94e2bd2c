import { expect, it } from '@jest/globals';
import {
  KiamCertificates,
  type KiamCertificatesProps,
} from '../../src/constructs/kiam/certificates.ts';
import { labels, made } from './support/own-app.ts';

const certificates = (more: Partial<KiamCertificatesProps> = {}) =>
  made((scope) => {
    new KiamCertificates(scope, 'certificates', { fleet: 'fleet', namespace: 'iam', ...more });
  });

const object = (kind: string, name: string, namespace: string | undefined, spec: object) => ({
  apiVersion: 'cert-manager.io/v1',
  kind,
  metadata: {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labels('kiam', name, 'certificates'),
  },
  spec,
});
const issuerRef = (kind: string, name: string) => ({ group: 'cert-manager.io', kind, name });
const key = (rotationPolicy: string) => ({ algorithm: 'ECDSA', size: 256, rotationPolicy });
const caCertificate = (namespace: string) =>
  object('Certificate', 'kiam-ca', namespace, {
    secretName: 'kiam-ca',
    commonName: 'kiam-ca',
    isCA: true,
    issuerRef: issuerRef('Issuer', 'kiam-self-signed'),
    duration: '87600h0m0s',
    renewBefore: '8760h0m0s',
    privateKey: key('Never'),
    usages: ['cert sign', 'crl sign'],
  });
const leaf = { duration: '2160h0m0s', renewBefore: '720h0m0s', privateKey: key('Always') };

it('makes a CA that signs itself, and with it the agents’ and the servers’ certificates', () => {
  const ref = issuerRef('Issuer', 'kiam-ca');
  expect(certificates()).toEqual({
    'Issuer kiam-self-signed': object('Issuer', 'kiam-self-signed', 'iam', { selfSigned: {} }),
    'Certificate kiam-ca': caCertificate('iam'),
    'Issuer kiam-ca': object('Issuer', 'kiam-ca', 'iam', { ca: { secretName: 'kiam-ca' } }),
    'Certificate kiam-agent': object('Certificate', 'kiam-agent', 'iam', {
      ...leaf,
      secretName: 'kiam-agent-tls',
      commonName: 'kiam-agent',
      issuerRef: ref,
      usages: ['digital signature', 'client auth'],
    }),
    'Certificate kiam-server': object('Certificate', 'kiam-server', 'iam', {
      ...leaf,
      secretName: 'kiam-server-tls',
      commonName: 'kiam-server',
      issuerRef: ref,
      usages: ['digital signature', 'server auth', 'client auth'],
      dnsNames: ['kiam-server', 'localhost'],
      ipAddresses: ['127.0.0.1'],
    }),
  });
});

it.each([
  [{}, 'cert-manager'],
  [{ certManagerNamespace: 'pki' }, 'pki'],
])('keeps the CA where a ClusterIssuer looks for it: %j', (more, namespace) => {
  const objects = certificates({ issuer: 'ClusterIssuer', ...more });
  expect(Object.keys(objects)).toEqual([
    'Issuer kiam-self-signed',
    'Certificate kiam-ca',
    'ClusterIssuer kiam-ca',
    'Certificate kiam-agent',
    'Certificate kiam-server',
  ]);
  expect(objects['Issuer kiam-self-signed']).toMatchObject({ metadata: { namespace } });
  expect(objects['Certificate kiam-ca']).toEqual(caCertificate(namespace));
  expect(objects['ClusterIssuer kiam-ca']).toEqual(
    object('ClusterIssuer', 'kiam-ca', undefined, { ca: { secretName: 'kiam-ca' } }),
  );
  for (const name of ['kiam-agent', 'kiam-server']) {
    expect(objects[`Certificate ${name}`]).toMatchObject({
      metadata: { namespace: 'iam' },
      spec: { issuerRef: issuerRef('ClusterIssuer', 'kiam-ca') },
    });
  }
});
