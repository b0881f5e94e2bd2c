import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { AccountId, RoleArn } from '../../../../src/names/arn.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { chained, claims, IrsaPod, web } from '../support/irsa-pod.ts';
import { makeJwt } from '../support/secrets.ts';
import { hubRoleArn, makeTarget } from '../support/targets.ts';

const minute = 60_000;
const irsa = new IrsaPod();

describe('the sessions', () => {
  it('come by web identity, unsigned, and then by the hub role, each asked once', async () => {
    const sessions = irsa.makeSessions();
    const external = makeTarget({ externalId: 'rollcall:golf' });
    const all = [sessions.target(external)(), sessions.target(external)()];
    const [session] = await Promise.all(all);
    expect(session?.secretAccessKey).toBe('secret-of-AssumeRole');

    const [first, ...more] = irsa.asked(web);
    expect(more).toEqual([]);
    expect(first?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(first?.form ?? [])).toMatchObject({
      RoleArn: hubRoleArn,
      RoleSessionName: 'rollcall-after-key-creation',
      WebIdentityToken: makeJwt(claims),
      DurationSeconds: '3600',
    });
    const [second, ...others] = irsa.asked(chained);
    expect(others).toEqual([]);
    expect(second?.headers.authorization).toContain('Credential=ASIAASSUMEROLEWITHWE/');
    expect(second?.headers['x-amz-security-token']).toBe(`token-of-${web}`);
    expect(second?.headers['user-agent']).toContain('rollcall/0.0.0');
    expect(Object.fromEntries(second?.form ?? [])).toMatchObject({
      RoleArn: external.roleArn,
      RoleSessionName: 'rollcall-after-key-creation-golf-prd',
      DurationSeconds: '3600',
      ExternalId: 'rollcall:golf',
    });
  });

  it('send neither external id nor source identity where there is none', async () => {
    await irsa.makeSessions().target(makeTarget())();
    expect(irsa.asked(chained)[0]?.form.has('ExternalId')).toBe(false);
    expect(irsa.asked(chained)[0]?.form.has('SourceIdentity')).toBe(false);
  });

  it('carry the source identity of the plan into each target, and not into the hub role', async () => {
    await irsa.makeSessions({}, { sourceIdentity: 'key-restarter-prd' }).target(makeTarget())();
    expect(irsa.asked(chained)[0]?.form.get('SourceIdentity')).toBe('key-restarter-prd');
    expect(irsa.asked(web)[0]?.form.has('SourceIdentity')).toBe(false);
  });

  it('are kept for each target, and renewed some minutes before they expire', async () => {
    const sessions = irsa.makeSessions();
    const other = makeTarget({
      cluster: 'hotel-prd',
      account: '111122223333' as AccountId,
      roleArn: 'arn:aws:iam::111122223333:role/other' as RoleArn,
    });
    const counts = () => [irsa.asked(web).length, irsa.asked(chained).length];
    for (const target of [makeTarget(), other, makeTarget()]) await sessions.target(target)();
    expect(counts()).toEqual([1, 2]);
    await irsa.clock.advance(54 * minute);
    await sessions.target(makeTarget())();
    expect(counts()).toEqual([1, 2]);
    await irsa.clock.advance(2 * minute);
    await sessions.target(makeTarget())();
    expect(counts()).toEqual([2, 3]);
  });

  it('read the token file afresh, since kubelet exchanges it', async () => {
    const { hub } = irsa.makeSessions();
    await hub();
    const exchanged = makeJwt({ ...claims, iat: 2 });
    await writeFile(irsa.tokenFile, exchanged);
    await irsa.clock.advance(56 * minute);
    await hub();
    expect(irsa.asked(web)[1]?.form.get('WebIdentityToken')).toBe(exchanged);
  });

  it('fall back on what still holds when renewing fails for a while, and not after that', async () => {
    const { hub } = irsa.makeSessions();
    const first = await hub();
    irsa.failures = { [web]: { status: 503, code: 'ServiceUnavailable', message: 'later' } };
    await irsa.clock.advance(56 * minute);
    expect(await hub()).toBe(first);
    expect(await hub()).toBe(first);
    expect(irsa.asked(web)).toHaveLength(2);
    await irsa.clock.advance(4 * minute);
    expect((await linkErrorOf(hub())).link).toBe('network');
  });

  it('are asked for again after a failure', async () => {
    const { hub } = irsa.makeSessions();
    irsa.failures = { [web]: { status: 403, code: 'AccessDenied', message: 'no' } };
    await linkErrorOf(hub());
    irsa.failures = {};
    expect((await hub()).accessKeyId).toMatch(/^ASIA/);
  });
});

describe('a web identity that is not there', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'no variables',
      { AWS_ROLE_ARN: '', AWS_WEB_IDENTITY_TOKEN_FILE: '' },
      /AWS_ROLE_ARN and AWS_WEB/,
    ],
    ['no role', { AWS_ROLE_ARN: '' }, /AWS_ROLE_ARN not set.*role-arn with arn:aws:iam::9037/],
    [
      'another role',
      { AWS_ROLE_ARN: 'arn:aws:iam::903716715040:role/x' },
      /role\/x\. Expected: arn/,
    ],
    ['no file', { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' }, /can't be read: .*ENOENT/],
  ])('for %s says what to compare', async (_what, environment, message) => {
    const error = await linkErrorOf(irsa.makeSessions(environment).hub());
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toMatch(message);
    expect(irsa.sts.seen).toEqual([]);
  });

  it('may be there in a moment when the file is empty', async () => {
    await writeFile(irsa.tokenFile, '');
    const error = await linkErrorOf(irsa.makeSessions().hub());
    expect([error.link, error.transient]).toEqual(['identity', true]);
  });
});
