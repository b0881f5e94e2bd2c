import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createSessions } from '../../../../jobs/restart/aws/sessions/sessions.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { AccountId, Region, RoleArn } from '../../../../src/names/arn.ts';
import {
  linkErrorOf,
  stsCredentials,
  stsFailure,
  type AwsFailure,
} from '../support/aws-answers.ts';
import { startServer, type LocalServer } from '../support/local-server.ts';
import { makeJwt } from '../support/secrets.ts';
import { makeTarget } from '../support/targets.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const hour = 3_600_000;
const claims = {
  iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  sub: 'system:serviceaccount:sts:key-restarter',
  aud: ['sts.amazonaws.com'],
};
const golf = makeTarget();
const hotel = makeTarget({
  cluster: 'hotel-prd',
  account: '111122223333' as AccountId,
  roleArn: 'arn:aws:iam::111122223333:role/other' as RoleArn,
});

let folder: string;
let sts: LocalServer;
let clock: VirtualClock;
/** By role: what STS says from now on; absent: credentials. */
let failures: Partial<Record<string, AwsFailure>>;

const forms = () => sts.seen.map(({ body }) => new URLSearchParams(body));
const makeSessions = (environment: Record<string, string> = {}) =>
  createSessions(
    { kind: 'irsa-direct', region: 'eu-west-1' as Region, sessionSeconds: 43_200 },
    {
      environment: { AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'), ...environment },
      clock,
      restart: 'after-key-creation',
      version: '0.0.0',
    },
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'direct-'));
  await writeFile(join(folder, 'token'), makeJwt(claims));
});

beforeEach(async () => {
  clock = new VirtualClock();
  failures = {};
  sts = await startServer(({ body }, response) => {
    const form = new URLSearchParams(body);
    const failure = failures[form.get('RoleArn') ?? ''];
    if (failure) stsFailure(response, failure);
    else stsCredentials(response, form.get('Action') ?? '', clock.now() + 12 * hour);
  });
  process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
});

afterEach(() => sts.close());
afterAll(() => rm(folder, { recursive: true }));

it("becomes each target's role by the token, unsigned, and for as long as the plan says", async () => {
  const sessions = makeSessions();
  for (const target of [golf, hotel, golf]) {
    expect((await sessions(target)()).sessionToken).toBe('token-of-AssumeRoleWithWebIdentity');
  }
  expect(forms().map((form) => Object.fromEntries(form))).toMatchObject(
    [golf, hotel].map(({ roleArn, cluster }) => ({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: roleArn,
      RoleSessionName: `rollcall-after-key-creation-${cluster}`,
      WebIdentityToken: makeJwt(claims),
      DurationSeconds: '43200',
    })),
  );
  expect(sts.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  await clock.advance(11 * hour);
  await sessions(golf)();
  expect(sts.seen).toHaveLength(2);
  await clock.advance(hour - 60_000);
  await sessions(golf)();
  expect(sts.seen).toHaveLength(3);
});

it.each<[string, AwsFailure, Link, string]>([
  [
    'an account without the provider',
    { status: 400, code: 'InvalidIdentityToken', message: 'No OpenIDConnect provider found' },
    'provider',
    `an IAM OIDC provider in the role's account 111122223333 with the token's iss ${claims.iss}.`,
  ],
  [
    'a provider for another audience',
    { status: 400, code: 'InvalidIdentityToken', message: 'Incorrect token audience' },
    'audience',
    "the client ids of the OIDC provider in account 111122223333 with the token's aud sts.amazonaws.com.",
  ],
  [
    'a trust of another ServiceAccount',
    { status: 403, code: 'AccessDenied', message: 'Not authorized' },
    'subject',
    `the trust policy of ${hotel.roleArn} with the token's iss ${claims.iss}, sub ${claims.sub}`,
  ],
  [
    'a role whose sessions are shorter',
    {
      status: 400,
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    },
    'identity',
    'MaxSessionDuration',
  ],
])('says of %s where it is, and the other target goes on', async (_what, failure, link, text) => {
  failures = { [hotel.roleArn]: failure };
  const sessions = makeSessions();
  const error = await linkErrorOf(sessions(hotel)());
  expect([error.link, error.transient]).toEqual([link, false]);
  expect(error.message).toContain(text);
  expect(error.message).not.toContain(makeJwt(claims).slice(0, 20));
  expect((await sessions(golf)()).accessKeyId).toMatch(/^ASIA/);
});

it('needs the token alone: whatever role the ServiceAccount is annotated with', async () => {
  await makeSessions({ AWS_ROLE_ARN: 'arn:aws:iam::903716715040:role/x' })(golf)();
  const error = await linkErrorOf(makeSessions({ AWS_WEB_IDENTITY_TOKEN_FILE: '' })(golf)());
  expect([error.link, error.transient]).toEqual(['identity', false]);
  expect(error.message).toMatch(
    /^The pod has no web identity: AWS_WEB_IDENTITY_TOKEN_FILE not set/,
  );
});
