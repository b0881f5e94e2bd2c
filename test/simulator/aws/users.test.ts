import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import { allow, hubAccount, hubSession, makeAws, policy, roleTrust } from '../support/aws.ts';
import { hubRole, targetAccount } from '../support/aws.ts';
import type { AwsParts, Json } from '../support/aws.ts';
import type { UserSession } from '../../../src/simulator/aws/sessions.ts';
import type { AssumeRole } from '../../../src/simulator/aws/sts.ts';
import { verifySignature } from '../../../src/simulator/aws/sigv4.ts';
import { signedForm } from '../support/requests.ts';

const alice = `arn:aws:iam::${hubAccount}:user/people/alice`;
const admin = `arn:aws:iam::${targetAccount}:role/admin`;
const serialNumber = `arn:aws:iam::${hubAccount}:mfa/alice`;
const code = '123456';
const denied = `AccessDenied: User: ${alice} is not authorized to perform: sts:AssumeRole on resource: ${admin} because no role trust policy allows the sts:AssumeRole action`;

interface People extends AwsParts {
  readonly key: UserSession;
  readonly become: (actor: UserSession, over?: Partial<AssumeRole>) => string;
}

/** A user who may assume a role of another account, under a condition of its trust. */
function people(Condition: Json, maxSessionDuration = 3600, trusted = [alice]): People {
  const aws = makeAws();
  const user = aws.iam.createUser({ arn: alice, mfaDevice: { serialNumber, code } });
  aws.iam.putPolicy(alice, 'own', policy(allow('sts:AssumeRole', admin)));
  const trust = policy(roleTrust(alice, { Principal: { AWS: trusted }, Condition }));
  aws.iam.createRole({ arn: admin, trust, maxSessionDuration });
  const become = (actor: UserSession, over: Partial<AssumeRole> = {}): string =>
    outcome(() => aws.sts.assumeRole(actor, { roleArn: admin, roleSessionName: 'alice', ...over }));
  return { ...aws, key: aws.sessions.createAccessKey(user), become };
}

const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const young = { NumericLessThan: { 'aws:MultiFactorAuthAge': '900' } };

describe('a person who assumes a role', () => {
  it('needs no MFA where none is asked for', () => {
    const { become, key } = people({ StringEquals: { 'aws:username': 'alice' } });
    expect(become(key)).toBe('issued');
  });

  it.each<[string, Partial<AssumeRole>, string]>([
    ['with the device’s code', { serialNumber, tokenCode: code }, 'issued'],
    ['without', {}, denied],
    [
      'with another code',
      { serialNumber, tokenCode: '654321' },
      'AccessDenied: MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    ],
    [
      'with another device',
      { serialNumber: `${serialNumber}2`, tokenCode: code },
      'AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    ],
    [
      'without the code',
      { serialNumber },
      'ValidationError: Both SerialNumber and TokenCode must be given for MFA.',
    ],
  ])('proves MFA %s', (_, proof, expected) => {
    const { become, key } = people({ ...mfa, ...young });
    expect(become(key, proof)).toBe(expected);
  });

  it('proves it once for a session, which grows old', () => {
    const { become, key, sts, clock } = people({ ...mfa, ...young });
    const session = sts.getSessionToken(key, { serialNumber, tokenCode: code });
    expect(become(session)).toBe('issued');
    expect(become(sts.getSessionToken(key, {}))).toBe(denied);
    clock.advance(899_000);
    expect(become(session)).toBe('issued');
    clock.advance(1000);
    expect(become(session)).toBe(denied);
    expect(outcome(() => sts.getSessionToken(session, {}))).toBe(
      'AccessDenied: Cannot call GetSessionToken with session credentials',
    );
  });

  it('is no role, whose sessions prove nothing', () => {
    const aws = people(mfa, 3600, [alice, hubRole]);
    aws.iam.putPolicy(hubRole, 'own', policy(allow('sts:AssumeRole', `${admin}*`)));
    const assume = (over: Partial<AssumeRole>) =>
      outcome(() =>
        aws.sts.assumeRole(hubSession(aws), { roleArn: admin, roleSessionName: 'x-', ...over }),
      );
    expect(assume({ serialNumber, tokenCode: code })).toMatch(/unable to validate MFA code/);
    expect(assume({})).toMatch(/because no role trust policy allows the sts:AssumeRole action$/);
    aws.iam.createRole({ arn: `${admin}-open`, trust: policy(roleTrust(hubRole)) });
    expect(assume({ roleArn: `${admin}-open` })).toBe('issued');
  });

  it.each([
    [3600, 3600, 'issued'],
    [7200, 7200, 'issued'],
    [
      7201,
      7200,
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
  ])('for %i s of the role’s %i: %s', (durationSeconds, most, expected) => {
    const { become, key } = people({}, most);
    expect(become(key, { durationSeconds })).toBe(expected);
  });

  it('is bounded, though a policy allows more', () => {
    const { become, key, iam } = people({});
    const boundary = `arn:aws:iam::${hubAccount}:policy/boundary`;
    iam.createPolicy(boundary, policy(allow('s3:*', '*')));
    iam.putBoundary(alice, boundary);
    expect(become(key)).toMatch(
      /because no permissions boundary allows the sts:AssumeRole action$/,
    );
    const deny = `${boundary}-deny`;
    iam.createPolicy(deny, policy(allow('*', '*'), { ...allow('sts:*', '*'), Effect: 'Deny' }));
    iam.putBoundary(alice, deny);
    expect(become(key)).toMatch(/with an explicit deny in a permissions boundary$/);
  });

  it('by a managed policy as by an inline one', () => {
    const { key, iam, sts } = people({});
    const managed = `arn:aws:iam::${hubAccount}:policy/managed`;
    iam.putPolicy(alice, 'own', policy(allow('s3:*', '*')));
    const become = () => sts.assumeRole(key, { roleArn: admin, roleSessionName: 'alice' });
    expect(outcome(become)).toMatch(/no identity-based policy/);
    iam.createPolicy(managed, policy(allow('sts:AssumeRole', admin)));
    iam.attachPolicy(alice, managed);
    expect(outcome(become)).toBe('issued');
  });

  it('signs with an access key that has no session token', async () => {
    const { key, sessions, clock, sts } = people({});
    const { accessKeyId, secretAccessKey } = key.credentials;
    expect(accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    const form = 'Action=GetCallerIdentity&Version=2011-06-15';
    const credentials = { accessKeyId, secretAccessKey } as never;
    const request = await signedForm(form, { credentials, at: clock.now() });
    const { session } = await verifySignature(request, { service: 'sts', sessions, clock });
    expect(session).toBe(key);
    expect(sts.getCallerIdentity(session)).toEqual({
      Account: hubAccount,
      Arn: alice,
      UserId: key.user.id,
    });
    expect(key.user.id).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });
});
