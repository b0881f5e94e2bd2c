import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSessions } from '../../../../jobs/restart/aws/sessions.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { AccountId, RoleArn } from '../../../../src/names/arn.ts';
import {
  linkErrorOf,
  stsCredentials,
  stsFailure,
  type AwsFailure,
} from '../support/aws-answers.ts';
import { startServer, type LocalServer } from '../support/local-server.ts';
import { makeJwt, plantedSecrets } from '../support/secrets.ts';
import { hubRoleArn, identity, makeTarget } from '../support/targets.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const claims = {
  iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  sub: 'system:serviceaccount:sts:key-restarter',
  aud: ['sts.amazonaws.com'],
};
const web = 'AssumeRoleWithWebIdentity';
const chained = 'AssumeRole';

let folder: string;
let tokenFile: string;
let sts: LocalServer;
let clock: VirtualClock;
/** By action: what STS says from now on; absent: credentials for an hour. */
let failures: Partial<Record<string, AwsFailure>>;

const asked = (action: string) =>
  sts.seen
    .map(({ body, headers }) => ({ form: new URLSearchParams(body), headers }))
    .filter(({ form }) => form.get('Action') === action);

const makeSessions = (environment: Record<string, string> = {}) =>
  createSessions({
    identity,
    environment: {
      AWS_ROLE_ARN: hubRoleArn,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      ...environment,
    },
    clock,
    restart: 'after-key-creation',
    version: '0.0.0',
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sessions-'));
  tokenFile = join(folder, 'token');
  // What must not shadow the role.
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIASHADOWSHADOWSHAD';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'shadow';
});

beforeEach(async () => {
  await writeFile(tokenFile, `${makeJwt(claims)}\n`);
  clock = new VirtualClock();
  failures = {};
  sts = await startServer(({ body }, response) => {
    const action = new URLSearchParams(body).get('Action') ?? '';
    const failure = failures[action];
    if (failure) stsFailure(response, failure);
    else stsCredentials(response, action, clock.now() + 60 * minute);
  });
  process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
});

afterEach(() => sts.close());

afterAll(() => rm(folder, { recursive: true }));

describe('the sessions', () => {
  it('come by web identity, unsigned, and then by the hub role, each asked once', async () => {
    const sessions = makeSessions();
    const external = makeTarget({ externalId: 'rollcall:golf' });
    const all = [sessions.target(external)(), sessions.target(external)(), sessions.hub()];
    const [session] = await Promise.all(all);
    expect(session?.secretAccessKey).toBe('secret-of-AssumeRole');

    const [first, ...more] = asked(web);
    expect(more).toEqual([]);
    expect(first?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(first?.form ?? [])).toMatchObject({
      RoleArn: hubRoleArn,
      RoleSessionName: 'rollcall-after-key-creation',
      WebIdentityToken: makeJwt(claims),
      DurationSeconds: '3600',
    });
    const [second, ...others] = asked(chained);
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

  it('send no external id where there is none', async () => {
    await makeSessions().target(makeTarget())();
    expect(asked(chained)[0]?.form.has('ExternalId')).toBe(false);
  });

  it('are kept for each target, and renewed some minutes before they expire', async () => {
    const sessions = makeSessions();
    const other = makeTarget({
      cluster: 'hotel-prd',
      account: '111122223333' as AccountId,
      roleArn: 'arn:aws:iam::111122223333:role/other' as RoleArn,
    });
    const counts = () => [asked(web).length, asked(chained).length];
    for (const target of [makeTarget(), other, makeTarget()]) await sessions.target(target)();
    expect(counts()).toEqual([1, 2]);
    await clock.advance(54 * minute);
    await sessions.target(makeTarget())();
    expect(counts()).toEqual([1, 2]);
    await clock.advance(2 * minute);
    await sessions.target(makeTarget())();
    expect(counts()).toEqual([2, 3]);
  });

  it('read the token file afresh, since kubelet exchanges it', async () => {
    const { hub } = makeSessions();
    await hub();
    const exchanged = makeJwt({ ...claims, iat: 2 });
    await writeFile(tokenFile, exchanged);
    await clock.advance(56 * minute);
    await hub();
    expect(asked(web)[1]?.form.get('WebIdentityToken')).toBe(exchanged);
  });

  it('fall back on what still holds when renewing fails for a while, and not after that', async () => {
    const { hub } = makeSessions();
    const first = await hub();
    failures = { [web]: { status: 503, code: 'ServiceUnavailable', message: 'later' } };
    await clock.advance(56 * minute);
    expect(await hub()).toBe(first);
    expect(await hub()).toBe(first);
    expect(asked(web)).toHaveLength(2);
    await clock.advance(4 * minute);
    expect((await linkErrorOf(hub())).link).toBe('network');
  });

  it('are asked for again after a failure', async () => {
    const { hub } = makeSessions();
    failures = { [web]: { status: 403, code: 'AccessDenied', message: 'no' } };
    await linkErrorOf(hub());
    failures = {};
    expect((await hub()).accessKeyId).toMatch(/^ASIA/);
  });
});

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
    failures = { [web]: failure };
    const error = await linkErrorOf(makeSessions().hub());
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
    failures = { [chained]: failure };
    const error = await linkErrorOf(makeSessions().target(makeTarget())());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toContain(failure.message);
  });

  it('names the two ends to compare', async () => {
    failures = { [chained]: denied(' because no role trust policy allows the action') };
    const { message } = await linkErrorOf(makeSessions().target(makeTarget())());
    expect(message).toMatch(
      /Compare: the trust policy of .*sts-prd-js-encryption-role with the principal .*eks-key-restarter-prd and no external id\.$/,
    );
  });

  it('keeps how long to wait', async () => {
    failures = {
      [web]: { ...say('Throttling', 'slow down', 400), headers: { 'retry-after': '7' } },
    };
    expect((await linkErrorOf(makeSessions().hub())).retryAfterMs).toBe(7000);
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of its text', async (_what, { text }) => {
    failures = { [web]: say('AccessDenied', text), [chained]: say('AccessDenied', text) };
    expect((await linkErrorOf(makeSessions().hub())).link).toBe('subject');
    failures = { [chained]: say('AccessDenied', text) };
    await linkErrorOf(makeSessions().target(makeTarget())());
  });

  it('that is no answer is the network', async () => {
    await sts.close();
    const error = await linkErrorOf(makeSessions().hub());
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(error.message).toContain('ECONNREFUSED');
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
    const error = await linkErrorOf(makeSessions(environment).hub());
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toMatch(message);
    expect(sts.seen).toEqual([]);
  });

  it('may be there in a moment when the file is empty', async () => {
    await writeFile(tokenFile, '');
    const error = await linkErrorOf(makeSessions().hub());
    expect([error.link, error.transient]).toEqual(['identity', true]);
  });
});
