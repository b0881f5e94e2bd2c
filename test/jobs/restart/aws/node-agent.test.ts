import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hubSession } from '../../../../jobs/restart/aws/sessions/hub.ts';
import { createSessions } from '../../../../jobs/restart/aws/sessions/sessions.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { Region, RoleArn } from '../../../../src/names/arn.ts';
import { agentCredentials, plain } from '../support/agent-answers.ts';
import { linkErrorOf, stsCredentials } from '../support/aws-answers.ts';
import { json, startServer, type Answer, type LocalServer } from '../support/local-server.ts';
import { plantedSecrets } from '../support/secrets.ts';
import { hubRoleArn, makeTarget } from '../support/targets.ts';
import { InstantClock } from '../support/virtual-clock.ts';

type Kind = 'kiam' | 'kube2iam';
const kinds: readonly Kind[] = ['kiam', 'kube2iam'];
const minute = 60_000;
const list = '/latest/meta-data/iam/security-credentials/';

let agent: LocalServer;
let sts: LocalServer;
let clock: InstantClock;

const makeSession = (kind: Kind, endpoint = agent.url, roleArn: RoleArn = hubRoleArn) =>
  createSessions(
    { kind, roleArn, region: 'eu-west-1' as Region },
    {
      environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint },
      clock,
      restart: 'after-key-creation',
      version: '0.0.0',
    },
  )(makeTarget());

/** The name of a role, and its credentials. */
const gives =
  (name: string): Answer =>
  (request, response) => {
    const answer =
      request.url.pathname === list
        ? plain(200, name)
        : json(200, agentCredentials(clock.now() + 15 * minute));
    answer(request, response);
  };

/** Refuses credentials, after it has named the role. */
const refuses =
  (status: number, text: string): Answer =>
  (request, response) => {
    const answer = request.url.pathname === list ? plain(200, hubRoleArn) : plain(status, text);
    answer(request, response);
  };

beforeEach(async () => {
  clock = new InstantClock();
  agent = await startServer(gives(hubRoleArn));
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

describe.each(kinds)('%s', (kind) => {
  it("gives the hub's session without a token of IMDSv2, and STS the target's from it", async () => {
    expect((await makeSession(kind)()).sessionToken).toBe('token-of-AssumeRole');
    expect(agent.seen.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      `GET ${list}`,
      `GET ${list}${hubRoleArn}`,
    ]);
    expect(sts.seen[0]?.headers['x-amz-security-token']).toBe('token-of-the-agent');
  });

  it.each([
    ['eks-key-restarter-prd', hubRoleArn],
    ['team/restarter', 'arn:aws:iam::903716715040:role/team/restarter' as RoleArn],
    ['restarter', 'arn:aws:iam::903716715040:role/team/restarter' as RoleArn],
    ['/team/restarter', 'arn:aws:iam::903716715040:role/team/restarter' as RoleArn],
    ['b/c', 'arn:aws:iam::903716715040:role/a/b/c' as RoleArn],
  ])('may name the role as %s, and is asked for the one ARN', async (name, roleArn) => {
    agent.answer = gives(name);
    await makeSession(kind, agent.url, roleArn)();
    expect(agent.seen[1]?.url.pathname).toBe(`${list}${roleArn}`);
  });

  it('gives no credentials of another role by the same name', async () => {
    agent.answer = (request, response) => {
      const { pathname } = request.url;
      const refused = plain(403, `Invalid role ${hubRoleArn}`);
      const answer = pathname === `${list}${hubRoleArn}` ? refused : gives('eks-key-restarter-prd');
      answer(request, response);
    };
    const error = await linkErrorOf(makeSession(kind)());
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toContain(`Compare: the annotation iam.amazonaws.com/role`);
  });

  it('may stand at an address with a path', async () => {
    agent.answer = (request, response) => {
      gives(hubRoleArn)({ ...request, url: new URL(request.url.href.replace('/x', '')) }, response);
    };
    await makeSession(kind, `${agent.url}/x/`)();
    expect(agent.seen[0]?.url.pathname).toBe(`/x${list}`);
  });

  it.each([404, 403, 500])(
    'is asked again after %i, while it learns of the pod',
    async (status) => {
      agent.answer = (request, response) => {
        const answer = agent.seen.length < 4 ? plain(status, 'empty role') : gives(hubRoleArn);
        answer(request, response);
      };
      expect((await makeSession(kind)()).accessKeyId).toMatch(/^ASIA/);
      expect(clock.slept).toHaveLength(3);
      expect(Math.max(...clock.slept)).toBeLessThanOrEqual(4000);
    },
  );

  it.each(['nodes', 'arn:aws:iam::111122223333:role/eks-key-restarter-prd', '', 'a\nb', '<html>'])(
    'is not what gives the role %j',
    async (name) => {
      agent.answer = gives(name);
      const error = await linkErrorOf(makeSession(kind)());
      expect([error.link, error.transient]).toEqual(['identity', false]);
      expect(error.message).toContain(`Expected: ${hubRoleArn}.`);
      expect(error.message).toContain(`whether ${kind}'s agent runs on the pod's node`);
      expect(agent.seen.map(({ url }) => url.pathname)).toEqual(Array(5).fill(list));
    },
  );

  it('that does not run is the network', async () => {
    await agent.close();
    const error = await linkErrorOf(makeSession(kind)());
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(error.message).toMatch(new RegExp(`ECONNREFUSED.*whether ${kind}'s agent runs`));
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of its text', async (_what, { text }) => {
    for (const answer of [plain(200, text), refuses(200, text), refuses(500, text)]) {
      agent.answer = answer;
      await linkErrorOf(makeSession(kind)());
    }
  });

  it('that restarts while its credentials still hold is not missed', async () => {
    const options = {
      environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: agent.url },
      clock,
      restart: 'r',
      version: '0',
    };
    const identity = { kind, roleArn: hubRoleArn, region: 'eu-west-1' as Region };
    const session = hubSession(identity, options);
    const first = await session();
    agent.answer = plain(404, 'pod with specificed IP not found');
    await clock.advance(11 * minute);
    expect(await session()).toBe(first);
    expect(agent.seen).toHaveLength(2 + 5);
    await clock.advance(4 * minute);
    expect((await linkErrorOf(session())).link).toBe('identity');
  });

  it('gives credentials that have not ended', async () => {
    agent.answer = (request, response) => {
      const old = json(200, agentCredentials(clock.now() - minute));
      (request.url.pathname === list ? plain(200, hubRoleArn) : old)(request, response);
    };
    const error = await linkErrorOf(makeSession(kind)());
    expect([error.link, error.transient]).toEqual(['identity', false]);
    expect(error.message).toContain('expired at');
  });

  it.each(['https://example.com', 'http://x@127.0.0.1', 'metadata'])(
    'stands at no such place as %s',
    async (endpoint) => {
      const error = await linkErrorOf(makeSession(kind, endpoint)());
      expect([error.link, error.transient]).toEqual(['identity', false]);
      expect(error.message).toContain('Expected: http://HOST');
    },
  );
});

describe('a refusal', () => {
  const denied =
    'AccessDenied: User: arn:aws:sts::1:assumed-role/a/b is not authorized to perform: sts:AssumeRole on resource: x';

  it.each<[Kind, number, string, Link, number, RegExp]>([
    [
      'kube2iam',
      404,
      'role requested arn:x not valid for namespace of pod at 10.0.0.1 with namespace sts',
      'identity',
      5,
      /Compare: the annotation iam\.amazonaws\.com\/allowed-roles of the pod's namespace with arn:/,
    ],
    [
      'kube2iam',
      404,
      'unable to find role for IP 10.0.0.1',
      'identity',
      5,
      /Compare: the annotation iam\.amazonaws\.com\/role of the CronJob's pods \(spec\.jobTemplate\.spec\.template\)/,
    ],
    ['kube2iam', 500, `operation error STS: ${denied}`, 'subject', 1, /with the role of the node,/],
    [
      'kiam',
      500,
      'error fetching credentials: forbidden by policy',
      'identity',
      5,
      /Compare: the annotation iam\.amazonaws\.com\/permitted of the pod's namespace with arn:/,
    ],
    [
      'kiam',
      403,
      "namespace policy expression '(empty)' forbids role 'x'",
      'identity',
      5,
      /iam\.amazonaws\.com\/permitted/,
    ],
    ['kiam', 404, 'empty role', 'identity', 5, /Compare: the annotation iam\.amazonaws\.com\/role/],
    [
      'kiam',
      500,
      `error fetching credentials: rpc error: code = Unknown desc = ${denied}`,
      'subject',
      1,
      /the trust policy of .* with the role of kiam's server, and that role's permissions/,
    ],
    ['kiam', 500, 'context deadline exceeded', 'network', 1, /500: context deadline exceeded/],
    ['kiam', 401, '', 'identity', 5, /only the node's own service asks for a token/],
    ['kube2iam', 404, '<h1>Not Found</h1>', 'identity', 5, /template\) with .*; whether kube2iam/],
  ])('of %s: %i %s', async (kind, status, text, link, tries, message) => {
    agent.answer = refuses(status, text);
    const error = await linkErrorOf(makeSession(kind)());
    expect([error.link, error.transient]).toEqual([link, link === 'network']);
    expect(error.message).toMatch(message);
    expect(agent.seen).toHaveLength(2 * tries);
  });
});
