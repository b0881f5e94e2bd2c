import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSessions } from '../../../../jobs/restart/aws/sessions/sessions.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { Region } from '../../../../src/names/arn.ts';
import { agentCredentials, plain } from '../support/agent-answers.ts';
import { linkErrorOf, stsCredentials } from '../support/aws-answers.ts';
import { json, startServer, type LocalServer } from '../support/local-server.ts';
import { makeJwt, plantedSecrets } from '../support/secrets.ts';
import { hubRoleArn, makeTarget } from '../support/targets.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const minute = 60_000;
const claims = {
  iss: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  sub: 'system:serviceaccount:sts:key-restarter',
  aud: ['pods.eks.amazonaws.com'],
};

let folder: string;
let tokenFile: string;
let agent: LocalServer;
let sts: LocalServer;
let clock: VirtualClock;

const makeSessions = (environment: Record<string, string> = {}, targetRole = false) =>
  createSessions(
    {
      kind: 'eks-pod-identity',
      roleArn: hubRoleArn,
      region: 'eu-west-1' as Region,
      targetRole,
    },
    {
      environment: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
        ...environment,
      },
      clock,
      restart: 'after-key-creation',
      version: '0.0.0',
    },
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'container-'));
  tokenFile = join(folder, 'token');
});

beforeEach(async () => {
  await writeFile(tokenFile, `${makeJwt(claims)}\n`);
  clock = new VirtualClock();
  agent = await startServer((request, response) => {
    json(200, agentCredentials(clock.now() + 360 * minute))(request, response);
  });
  sts = await startServer(({ body }, response) => {
    const action = new URLSearchParams(body).get('Action') ?? '';
    stsCredentials(response, action, clock.now() + 60 * minute);
  });
  process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
});

afterEach(async () => {
  await agent.close();
  await sts.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe('the agent of EKS Pod Identity', () => {
  it("gives the hub's session for the pod's token, and STS each target's from it", async () => {
    const session = await makeSessions()(makeTarget())();
    expect(session.sessionToken).toBe('token-of-AssumeRole');
    expect(agent.seen).toHaveLength(1);
    expect(agent.seen[0]?.url.pathname).toBe('/v1/credentials');
    expect(agent.seen[0]?.headers.authorization).toBe(makeJwt(claims));
    expect(sts.seen[0]?.headers['x-amz-security-token']).toBe('token-of-the-agent');
    expect(new URLSearchParams(sts.seen[0]?.body).get('RoleArn')).toBe(makeTarget().roleArn);
  });

  it("gives the target's own session where the association has a target role", async () => {
    const session = await makeSessions({}, true)(makeTarget())();
    expect(session.sessionToken).toBe('token-of-the-agent');
    expect(sts.seen).toEqual([]);
  });

  it('is shown the token as it stands by then, when its credentials end', async () => {
    const sessions = makeSessions({}, true);
    await sessions(makeTarget())();
    await clock.advance(354 * minute);
    await sessions(makeTarget())();
    expect(agent.seen).toHaveLength(1);
    const exchanged = makeJwt({ ...claims, iat: 2 });
    await writeFile(tokenFile, exchanged);
    await clock.advance(2 * minute);
    await sessions(makeTarget())();
    expect(agent.seen[1]?.headers.authorization).toBe(exchanged);
  });

  it('renews short credentials at half of what is left', async () => {
    agent.answer = (request, response) => {
      json(200, agentCredentials(clock.now() + 4 * minute))(request, response);
    };
    const session = makeSessions({}, true)(makeTarget());
    for (const passed of [0, 1, 2]) {
      await clock.advance(passed * minute);
      await session();
    }
    expect(agent.seen).toHaveLength(2);
  });
});

describe('the token goes to no other host', () => {
  it.each([
    'http://169.254.170.23.example.com/v1/credentials',
    'http://169.254.170.23@example.com/',
    'http://someone@169.254.170.23/',
    'http://[fd00:ec2::24]/v1/credentials',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.nip.io/',
    'http://localhost/',
    'https://example.com/',
    'file:///etc/passwd',
    'credentials',
  ])('%s', async (uri) => {
    const error = await linkErrorOf(
      makeSessions({ AWS_CONTAINER_CREDENTIALS_FULL_URI: uri })(makeTarget())(),
    );
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toContain('Expected: http://169.254.170.23/v1/credentials');
  });

  it('by a redirect neither', async () => {
    const other = await startServer(plain(200, 'here'));
    agent.answer = (_request, response) => {
      response.writeHead(302, { location: other.url }).end();
    };
    expect((await linkErrorOf(makeSessions()(makeTarget())())).link).toBe('identity');
    expect(other.seen).toEqual([]);
    await other.close();
  });
});

describe('a pod without the identity', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'no variables',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: '', AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '' },
      /FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE not set.*associations with the pod's/,
    ],
    [
      'no token file',
      { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '' },
      /: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE not set/,
    ],
    [
      'a file that is not there',
      { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/nowhere/token' },
      /can't be read: .*ENOENT.*volume eks-pod-identity-token/,
    ],
  ])('for %s says what to compare', async (_what, environment, message) => {
    const error = await linkErrorOf(makeSessions(environment)(makeTarget())());
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toMatch(message);
    expect(agent.seen).toEqual([]);
  });

  it.each([
    ['', true],
    [`${makeJwt(claims)}\r\nX-Other: 1`, false],
  ])('whose token file holds %j sends nothing', async (text, transient) => {
    await writeFile(tokenFile, text);
    const error = await linkErrorOf(makeSessions()(makeTarget())());
    expect([error.link, error.transient]).toEqual(['identity', transient]);
    expect(error.message).not.toContain(makeJwt(claims).slice(0, 20));
    expect(agent.seen).toEqual([]);
  });

  it('whose agent does not run says so', async () => {
    await agent.close();
    const error = await linkErrorOf(makeSessions()(makeTarget())());
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(error.message).toMatch(/ECONNREFUSED.*eks-pod-identity-agent runs on the pod's node/);
  });
});

describe('a refusal', () => {
  const eksAuth = (code: string, message: string): string =>
    `[3c09f7b4]: (${code}): ${message}, fault: client`;

  it.each<[number, string, Link, boolean, RegExp]>([
    [
      404,
      eksAuth('ResourceNotFoundException', 'No association found'),
      'identity',
      false,
      /associations with system:serviceaccount:sts:key-restarter and arn:/,
    ],
    [
      400,
      eksAuth(
        'AccessDeniedException',
        'Unauthorized Exception! EKS does not have permissions to assume the associated role.',
      ),
      'subject',
      false,
      /the trust policy of .*eks-key-restarter-prd with the principal pods.eks.amazonaws.com, .*sts:TagSession/,
    ],
    [
      400,
      eksAuth('AccessDeniedException', 'not authorized: eks-auth:AssumeRoleForPodIdentity'),
      'identity',
      false,
      /the node's role with eks-auth/,
    ],
    [
      400,
      eksAuth('InvalidTokenException', 'The audience of the token is wrong'),
      'audience',
      false,
      /aud pods\.eks\.amazonaws\.com with pods\.eks\.amazonaws\.com/,
    ],
    [400, eksAuth('ExpiredTokenException', 'Token expired'), 'identity', true, /expired/],
    [429, 'rate', 'network', true, /429: rate/],
    [500, 'oops', 'network', true, /500: oops/],
    [400, 'Service account token cannot be empty', 'identity', false, /association of system/],
  ])('%i %s is %s', async (status, text, link, transient, message) => {
    agent.answer = plain(status, text);
    const error = await linkErrorOf(makeSessions()(makeTarget())());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain(makeJwt(claims).slice(0, 20));
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of its text', async (_what, { text }) => {
    for (const status of [200, 400, 404, 500]) {
      agent.answer = plain(status, text);
      await linkErrorOf(makeSessions()(makeTarget())());
      agent.answer = json(status, { Message: text, Code: text, Token: text });
      await linkErrorOf(makeSessions()(makeTarget())());
    }
  });

  it.each<[string, (now: number) => unknown, boolean, RegExp]>([
    ['are not there', () => ({}), true, /no whole credentials/],
    ['are a list', () => [], true, /no whole credentials/],
    ['lack the token', (now) => agentCredentials(now + minute, { Token: '' }), true, /no whole/],
    [
      'would break a header',
      (now) => agentCredentials(now + minute, { Token: 'a\r\nb: c' }),
      true,
      /no whole credentials/,
    ],
    ['never end', (now) => agentCredentials(now, { Expiration: 'never' }), true, /no whole/],
    ['have ended', (now) => agentCredentials(now - minute), true, /expired at 2026-01-05T02:14:00/],
    [
      'the service refused',
      (now) => agentCredentials(now + minute, { Code: 'AssumeRoleUnauthorizedAccess' }),
      true,
      /answers with AssumeRoleUnauthorizedAccess/,
    ],
  ])('is an answer whose credentials %s', async (_what, answer, transient, message) => {
    agent.answer = json(200, answer(clock.now()));
    const error = await linkErrorOf(makeSessions()(makeTarget())());
    expect([error.link, error.transient]).toEqual(['identity', transient]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('-of-the-agent');
  });

  it('is an answer without end', async () => {
    agent.answer = plain(200, '"'.padEnd(100_000, 'x'));
    expect((await linkErrorOf(makeSessions()(makeTarget())())).link).toBe('network');
  });
});
