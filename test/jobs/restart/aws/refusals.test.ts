import { describe, expect, it } from '@jest/globals';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import { linkErrorOf, type AwsFailure } from '../support/aws-answers.ts';
import { chained, claims, IrsaPod, web } from '../support/irsa-pod.ts';
import { makeJwt, plantedSecrets } from '../support/secrets.ts';
import { makeTarget } from '../support/targets.ts';

const irsa = new IrsaPod();

describe('a refusal', () => {
  const say = (code: string, message: string, status = 403): AwsFailure => ({
    status,
    code,
    message,
  });
  const denied = (why: string) =>
    say(
      'AccessDenied',
      `User: arn:aws:sts::903716715040:assumed-role/eks-key-restarter-prd/rollcall is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::508208880112:role/sts-prd-js-encryption-role${why}`,
    );

  it.each<[AwsFailure, Link, boolean, string]>([
    [
      say('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for X', 400),
      'provider',
      false,
      claims.iss,
    ],
    [
      say('InvalidIdentityToken', "Couldn't retrieve verification key from your provider", 400),
      'provider',
      true,
      claims.iss,
    ],
    [
      say('InvalidIdentityToken', 'Incorrect token audience', 400),
      'audience',
      false,
      claims.aud[0] ?? '',
    ],
    [say('InvalidIdentityToken', 'The ID Token is not a valid JWT', 400), 'identity', false, 'JWT'],
    [
      say('AccessDenied', `Not authorized to perform sts:${web}`),
      'subject',
      false,
      `iss ${claims.iss}, sub ${claims.sub}, aud sts.amazonaws.com`,
    ],
    [say('ExpiredTokenException', 'Token expired', 400), 'identity', true, 'expired'],
    [say('IDPCommunicationError', 'unreachable', 400), 'network', true, 'unreachable'],
    [say('RegionDisabledException', 'STS is not activated'), 'network', false, 'activated'],
    [say('ValidationError', 'duration', 400), 'identity', false, 'duration'],
    [say('Throttling', 'Rate exceeded', 400), 'network', true, 'Rate exceeded'],
    [say('InternalFailure', 'oops', 500), 'network', true, 'oops'],
  ])('%j of the web identity is %s', async (failure, link, transient, text) => {
    irsa.failures = { [web]: failure };
    const error = await linkErrorOf(irsa.makeSessions().hub());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toContain(text);
    expect(error.message).not.toContain(makeJwt(claims).slice(0, 20));
  });

  it.each<[AwsFailure, Link, boolean]>([
    [
      denied(' because no identity-based policy allows the sts:AssumeRole action'),
      'hub-policy',
      false,
    ],
    [denied(' with an explicit deny in an identity-based policy'), 'hub-policy', false],
    [denied(' with an explicit deny in a service control policy'), 'hub-policy', false],
    [
      denied(' because no permissions boundary allows the sts:AssumeRole action'),
      'hub-policy',
      false,
    ],
    [denied(' because no role trust policy allows the sts:AssumeRole action'), 'trust', false],
    [denied(' because no resource-based policy allows the sts:AssumeRole action'), 'trust', false],
    [denied(' with an explicit deny in a resource-based policy'), 'trust', false],
    [denied(' because no VPC endpoint policy allows the sts:AssumeRole action'), 'network', false],
    [denied(''), 'hub-policy-or-trust', false],
    [say('ExpiredToken', 'The security token is expired'), 'identity', true],
    [say('InvalidClientTokenId', 'The security token is invalid'), 'identity', false],
    [say('ValidationError', 'exceeds the 1 hour session limit', 400), 'hub-policy-or-trust', false],
    [say('ThrottlingException', 'Rate exceeded', 429), 'network', true],
  ])('%j of the target role is %s', async (failure, link, transient) => {
    irsa.failures = { [chained]: failure };
    const error = await linkErrorOf(irsa.makeSessions().target(makeTarget())());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toContain(failure.message);
  });

  it('names the two ends to compare', async () => {
    irsa.failures = { [chained]: denied(' because no role trust policy allows the action') };
    const { message } = await linkErrorOf(irsa.makeSessions().target(makeTarget())());
    expect(message).toMatch(
      /Compare: the trust policy of .*sts-prd-js-encryption-role with the principal .*eks-key-restarter-prd and no external id\.$/,
    );
  });

  it.each<[string, string, Link, RegExp]>([
    [
      'TagSession',
      'identity-based',
      'hub-policy',
      /Compare: the permissions of .*eks-key-restarter-prd with sts:TagSession on .*sts-prd-js-encryption-role\.$/,
    ],
    [
      'TagSession',
      'role trust',
      'trust',
      /Compare: the trust policy of .* with sts:TagSession beside sts:AssumeRole, the principal .*eks-key-restarter-prd, the source identity me and no external id\.$/,
    ],
    [
      'SetSourceIdentity',
      'identity-based',
      'hub-policy',
      /the permissions of .* with sts:SetSourceIdentity on/,
    ],
    [
      'SetSourceIdentity',
      'role trust',
      'trust',
      /with sts:SetSourceIdentity beside sts:AssumeRole, .* the source identity me and/,
    ],
  ])('of %s by the %s policy is %s', async (action, side, link, message) => {
    const text = `User: x is not authorized to perform: sts:${action} on resource: y because no ${side} policy allows the sts:${action} action`;
    irsa.failures = { [chained]: say('AccessDenied', text) };
    const sessions = irsa.makeSessions({}, { sourceIdentity: 'me' });
    const error = await linkErrorOf(sessions.target(makeTarget())());
    expect([error.link, error.transient]).toEqual([link, false]);
    expect(error.message).toMatch(message);
  });

  it('keeps how long to wait', async () => {
    irsa.failures = {
      [web]: { ...say('Throttling', 'slow down', 400), headers: { 'retry-after': '7' } },
    };
    expect((await linkErrorOf(irsa.makeSessions().hub())).retryAfterMs).toBe(7000);
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of its text', async (_what, { text }) => {
    irsa.failures = { [web]: say('AccessDenied', text), [chained]: say('AccessDenied', text) };
    expect((await linkErrorOf(irsa.makeSessions().hub())).link).toBe('subject');
    irsa.failures = { [chained]: say('AccessDenied', text) };
    await linkErrorOf(irsa.makeSessions().target(makeTarget())());
  });

  it('that is no answer is the network', async () => {
    await irsa.sts.close();
    const error = await linkErrorOf(irsa.makeSessions().hub());
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(error.message).toContain('ECONNREFUSED');
  });
});
