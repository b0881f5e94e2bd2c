import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import {
  hubAccount,
  hubRole,
  issuer,
  issuerHost,
  makeAws,
  makeToken,
  otherIssuer,
  subject,
  targetAccount,
  webIdentityTrust,
} from '../support/aws.ts';
import type { AwsOptions, AwsParts, Json } from '../support/aws.ts';

const notAuthorized = 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity';
const noKey =
  "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

const condition = (values: Json): Json => webIdentityTrust({ Condition: { StringEquals: values } });

describe('AssumeRoleWithWebIdentity', () => {
  interface Case {
    readonly aws?: AwsOptions;
    readonly token?: (aws: AwsParts) => string;
    readonly request?: Json;
  }

  it.each<[string, Case, string]>([
    ['the generated form', {}, 'issued'],
    [
      'no provider in the account',
      { aws: { providerIn: targetAccount } },
      `InvalidIdentityToken: No OpenIDConnect provider found in your account for ${issuer}`,
    ],
    [
      "the Federated principal of another account's provider",
      {
        aws: {
          hubTrust: webIdentityTrust({
            Principal: { Federated: `arn:aws:iam::${targetAccount}:oidc-provider/${issuerHost}` },
          }),
        },
      },
      notAuthorized,
    ],
    [
      'the issuer with its parts swapped in the condition key',
      { aws: { hubTrust: condition({ 'oidc.eu-west-1.eks.amazonaws.com/id/X:sub': subject }) } },
      notAuthorized,
    ],
    [
      "the provider's ARN in the condition key",
      {
        aws: {
          hubTrust: condition({
            [`arn:aws:iam::${hubAccount}:oidc-provider/${issuerHost}:sub`]: subject,
          }),
        },
      },
      notAuthorized,
    ],
    [
      'a wildcard under StringEquals',
      { aws: { hubTrust: condition({ [`${issuerHost}:sub`]: 'system:serviceaccount:sts:*' }) } },
      notAuthorized,
    ],
    [
      'another ServiceAccount',
      { token: (aws) => makeToken(aws, { sub: 'system:serviceaccount:sts:other' }) },
      notAuthorized,
    ],
    [
      'an aud condition that differs',
      { aws: { hubTrust: condition({ [`${issuerHost}:aud`]: 'sts' }) } },
      notAuthorized,
    ],
    [
      'no sub condition lets every pod in',
      {
        aws: { hubTrust: webIdentityTrust({ Condition: {} }) },
        token: (aws) => makeToken(aws, { sub: 'system:serviceaccount:x:y' }),
      },
      'issued',
    ],
    [
      'Principal * is no web identity',
      { aws: { hubTrust: webIdentityTrust({ Principal: '*' }) } },
      notAuthorized,
    ],
    [
      'a trust for AssumeRole alone',
      { aws: { hubTrust: webIdentityTrust({ Action: 'sts:AssumeRole' }) } },
      notAuthorized,
    ],
    ['a role that is not there', { request: { roleArn: `${hubRole}x` } }, notAuthorized],
    [
      "an audience that the provider doesn't know",
      { token: (aws) => makeToken(aws, { aud: ['sts'] }) },
      'InvalidIdentityToken: Incorrect token audience',
    ],
    ['no client id', { aws: { clientIds: [] } }, 'InvalidIdentityToken: Incorrect token audience'],
    [
      'one audience of several',
      { token: (aws) => makeToken(aws, { aud: ['x', 'sts.amazonaws.com'] }) },
      'issued',
    ],
    [
      'an expired token',
      { token: (aws) => makeToken(aws, { exp: aws.clock.now() / 1000 }) },
      'ExpiredTokenException: Token expired: current date/time 1704067200 must be before the expiration date/time1704067200',
    ],
    [
      'not a JWT',
      { token: () => 'x.y.z' },
      'InvalidIdentityToken: The ID Token provided is not a valid JWT.',
    ],
    [
      'a changed payload',
      {
        token: (aws) => {
          const [head, , signature] = makeToken(aws).split('.');
          const [, payload] = makeToken(aws, { exp: 9e9 }).split('.');
          return `${head}.${payload}.${signature}`;
        },
      },
      noKey,
    ],
    [
      "another cluster's signature",
      {
        token: (aws) => {
          const [head, payload] = makeToken(aws).split('.');
          const [, , signature] = makeToken(aws, { iss: otherIssuer }).split('.');
          return `${head}.${payload}.${signature}`;
        },
      },
      noKey,
    ],
    [
      'no signature at all',
      {
        token: (aws) => {
          const none = Buffer.from('{"alg":"none"}').toString('base64url');
          return `${none}.${makeToken(aws).split('.')[1]}.`;
        },
      },
      'InvalidIdentityToken: The ID Token provided is not a valid JWT.',
    ],
    [
      "another cluster's token",
      { token: (aws) => makeToken(aws, { iss: otherIssuer }) },
      `InvalidIdentityToken: No OpenIDConnect provider found in your account for ${otherIssuer}`,
    ],
    [
      "more than the role's longest session",
      { request: { durationSeconds: 3601 } },
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'not a role',
      { request: { roleArn: 'arn:aws:iam::1:role/x' } },
      'ValidationError: arn:aws:iam::1:role/x is invalid',
    ],
  ])('%s', (_, { aws: options, token = makeToken, request }, expected) => {
    const aws = makeAws(options);
    const base = { roleArn: hubRole, roleSessionName: 'job', webIdentityToken: token(aws) };
    const run = () => aws.sts.assumeRoleWithWebIdentity({ ...base, ...request });
    expect(outcome(run)).toBe(expected);
  });

  it('gives a session of the role', () => {
    const aws = makeAws();
    const session = aws.sts.assumeRoleWithWebIdentity({
      roleArn: hubRole,
      roleSessionName: 'job',
      webIdentityToken: makeToken(aws),
    });
    expect(session.role.arn).toBe(hubRole);
    expect(session.expiration - aws.clock.now()).toBe(3_600_000);
    expect(session.credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(aws.sessions.find(session.credentials.accessKeyId)).toMatchObject({
      role: session.role,
    });
    expect(aws.sts.getCallerIdentity(session)).toEqual({
      Account: hubAccount,
      Arn: `arn:aws:sts::${hubAccount}:assumed-role/eks-key-restarter-prd/job`,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:job$/) as unknown,
    });
  });
});
