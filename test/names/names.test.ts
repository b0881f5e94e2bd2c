import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type AccountId,
  isRoleName,
  parseRoleArn,
  partitions,
  roleArn,
} from '../../src/names/arn.ts';
import { isApiEndpoint, isCertificateAuthority, isIssuer } from '../../src/names/endpoint.ts';
import { isImageReference } from '../../src/names/image.ts';
import { isLabelKey, isMappedUser } from '../../src/names/kubernetes.ts';
import { isExternalId } from '../../src/names/sts.ts';

describe('role ARNs', () => {
  const accounts = fc.stringMatching(/^\d{12}$/).map((id) => id as AccountId);
  const names = fc.stringMatching(/^[\w+=,.@-]{1,64}$/).filter((name) => isRoleName(name));

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...partitions), accounts, names, (partition, account, name) => {
        const parsed = parseRoleArn(roleArn(partition, account, name));
        expect(parsed).toEqual({ partition, account, path: '/', name });
      }),
    );
  });

  it.each([
    ['arn:aws:iam::012345678901:role/team/x', '/team/'],
    ['arn:aws:iam::012345678901:role/a/b/x', '/a/b/'],
    ['arn:aws:iam::12345678901:role/x', undefined],
    ['arn:aws:iam::012345678901:role/..', undefined],
    ['arn:aws:iam::012345678901:user/x', undefined],
    ['arn:aws:sts::012345678901:assumed-role/x/y', undefined],
    ['arn:aws:iam::012345678901:role/x\n', undefined],
  ])('%j has the path %s', (text, path) => {
    expect(parseRoleArn(text)?.path).toBe(path);
  });
});

const sha = `sha256:${'0'.repeat(64)}`;
const pem = (text: string) => Buffer.from(text).toString('base64');
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';

const tables: [string, (text: string) => boolean, string[], string[]][] = [
  [
    'role name',
    isRoleName,
    ['a', 'eks-x_y+=,.@-', '...'],
    ['', '.', '..', 'a/b', 'a b', 'x'.repeat(65), 'é'],
  ],
  [
    'external id',
    isExternalId,
    ['id', 'a:/b@c=', 'x'.repeat(1224)],
    ['i', 'a b', 'x'.repeat(1225), 'a#'],
  ],
  [
    'image',
    isImageReference,
    [
      'rollcall',
      'a/b:1',
      'localhost:5000/a@' + sha,
      'Reg.example.com/a__b/c-d:V1@' + sha,
      '[::1]:5000/a',
    ],
    [
      '',
      'a/B',
      'a b',
      'a:1\n',
      'a:',
      '-a',
      'a//b',
      'https://a/b',
      'a@sha256:0',
      'a\u202e',
      'a'.repeat(513),
    ],
  ],
  [
    'issuer',
    isIssuer,
    ['https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE', 'https://a', 'https://a:8443/b'],
    [
      'http://a',
      'https://a/',
      'https://a?b',
      'https://u@a',
      'https://A',
      'https://',
      'https://a/b#',
      'https://a b',
    ],
  ],
  [
    'endpoint',
    isApiEndpoint,
    ['https://ABC.gr7.eu-west-1.eks.amazonaws.com', 'https://127.0.0.1:6443', 'https://[::1]:6443'],
    ['http://a', 'https://a/', 'https://u:p@a', 'https://a/api', 'https://a:99999', 'a'],
  ],
  [
    'certificate authority',
    isCertificateAuthority,
    [pem(certificate), pem(certificate + certificate)],
    ['', certificate, pem(key), pem(certificate + key), pem('x'), `${pem(certificate)}\n`],
  ],
  [
    'mapped user',
    isMappedUser,
    ['sts', 'rollcall:a-b', 'a@b'],
    ['', 'a b', 'system:masters', 'a{{SessionName}}', 'é', 'x'.repeat(254)],
  ],
  [
    'label key',
    isLabelKey,
    ['env', 'a.b/c', 'A_b.c'],
    ['', '-a', 'a/', '/a', 'a/b/c', 'A.b/c', 'x'.repeat(64)],
  ],
];

describe.each(tables)('%s', (_, test, good, bad) => {
  it.each(good)('takes %j', (text) => {
    expect(test(text)).toBe(true);
  });
  it.each(bad)('refuses %j', (text) => {
    expect(test(text)).toBe(false);
  });
});
