import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClusters } from '../../../../jobs/restart/aws/clusters.ts';
import type { Connection } from '../../../../jobs/restart/ports.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { PlannedTarget } from '../../../../src/plan/restart-plan.ts';
import { verifyToken } from '../support/authenticator.ts';
import {
  eksFailure,
  linkErrorOf,
  stsCredentials,
  stsFailure,
  type AwsFailure,
} from '../support/aws-answers.ts';
import { makeDeployment, makeList, makeStatus } from '../support/deployments.ts';
import {
  json,
  makeKey,
  startServer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { makeJwt } from '../support/secrets.ts';
import { hubRoleArn, identity, makeTarget } from '../support/targets.ts';
import { InstantClock } from '../support/virtual-clock.ts';

const inSts = { kind: 'Deployment', namespace: 'sts' } as const;
const never = new AbortController().signal;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let folder: string;
let key: ServerKey;
let sts: LocalServer;
let eks: LocalServer;
let api: LocalServer;
let clock: InstantClock;
const connections: Connection[] = [];

const cluster = () => ({
  name: 'golf-prd-cluster',
  status: 'ACTIVE',
  endpoint: api.url,
  certificateAuthority: { data: base64(key.certificate) },
});

const connect = async (target: PlannedTarget = makeTarget()): Promise<Connection> => {
  const clusters = createClusters({
    identity,
    env: { AWS_ROLE_ARN: hubRoleArn, AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token') },
    clock,
    restart: 'after-key-creation',
    version: '0.0.0',
  });
  const connection = await clusters.connect(target, never);
  connections.push(connection);
  return connection;
};

beforeAll(async () => {
  key = await makeKey();
  folder = await mkdtemp(join(tmpdir(), 'clusters-'));
  await writeFile(join(folder, 'token'), makeJwt({ sub: 'system:serviceaccount:sts:x' }));
});

beforeEach(async () => {
  clock = new InstantClock();
  sts = await startServer(({ body }, response) => {
    const action = new URLSearchParams(body).get('Action') ?? '';
    stsCredentials(response, action, clock.now() + 3_600_000);
  });
  api = await startServer(json(200, makeList(['a', 'b'])), key);
  eks = await startServer((request, response) => {
    json(200, { cluster: cluster() })(request, response);
  });
  process.env['AWS_ENDPOINT_URL_STS'] = sts.url;
  process.env['AWS_ENDPOINT_URL_EKS'] = eks.url;
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const server of [sts, eks, api]) await server.close();
});

afterAll(() => rm(folder, { recursive: true }));

describe('connect', () => {
  it('goes from the web identity to a list, with a token that the cluster accepts', async () => {
    const { workloads } = await connect();
    const list = await workloads.list(inSts, never);
    expect(list.items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(eks.seen[0]?.url.pathname).toBe('/clusters/golf-prd-cluster');
    expect(eks.seen[0]?.headers['x-amz-security-token']).toBe('token-of-AssumeRole');
    const [, token = ''] = api.seen[0]?.headers.authorization?.split(' ') ?? [];
    const verdict = verifyToken(token, {
      clusterId: 'golf-prd-cluster',
      now: clock.now(),
      secretAccessKey: 'secret-of-AssumeRole',
    });
    expect(verdict).toBe('accepted');
  });

  it('does not describe a cluster whose connection stands in the plan', async () => {
    const connection = { endpoint: `${api.url}/`, certificateAuthority: base64(key.certificate) };
    const { workloads } = await connect(makeTarget({ connection }));
    await workloads.list(inSts, never);
    expect(eks.seen).toEqual([]);
  });

  it('tries again after throttling, and after as long as it was asked to wait', async () => {
    const throttled: AwsFailure = {
      status: 429,
      code: 'TooManyRequestsException',
      message: 'slow down',
      headers: { 'retry-after': '9' },
    };
    eks.answer = (request, response) => {
      if (eks.seen.length < 3) eksFailure(response, throttled);
      else json(200, { cluster: cluster() })(request, response);
    };
    await connect();
    expect(eks.seen).toHaveLength(3);
    expect(clock.slept.map((ms) => ms >= 9000)).toEqual([true, true]);
    expect(sts.seen).toHaveLength(2);
  });

  it.each<[AwsFailure, Link, boolean, RegExp]>([
    [
      { status: 403, code: 'AccessDeniedException', message: 'User: x is not authorized' },
      'describe',
      false,
      /eks:DescribeCluster, and the name golf-prd-cluster with the clusters in eu-west-2/,
    ],
    [
      { status: 404, code: 'ResourceNotFoundException', message: 'No cluster found for name: x.' },
      'describe',
      false,
      /No cluster found for name: x\. Compare/,
    ],
    [
      { status: 500, code: 'ServerException', message: 'oops' },
      'network',
      true,
      /DescribeCluster golf-prd-cluster: Server: oops/,
    ],
  ])('says of %j that it is %s', async (failure, link, transient, message) => {
    eks.answer = (_request, response) => {
      eksFailure(response, failure);
    };
    const error = await linkErrorOf(connect());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toMatch(message);
    expect(eks.seen).toHaveLength(transient ? 5 : 1);
  });

  it.each<[string, object, boolean, RegExp]>([
    ['that is being made', { status: 'CREATING', endpoint: undefined }, true, /status CREATING/],
    ['without a CA', { certificateAuthority: {} }, false, /no certificate authority/],
    ['with a CA that is none', { certificateAuthority: { data: 'eHg=' } }, false, /not PEM/],
    ['that is not https', { endpoint: 'http://10.0.0.1' }, false, /Expected: https/],
    ['with a path', { endpoint: 'https://10.0.0.1/x?y' }, false, /Expected: https/],
  ])('refuses a cluster %s', async (_what, changes, transient, message) => {
    eks.answer = json(200, { cluster: { ...cluster(), ...changes } });
    const error = await linkErrorOf(connect());
    expect([error.link, error.transient]).toEqual(['describe', transient]);
    expect(error.message).toMatch(message);
  });

  it('asks for no cluster where the role is refused', async () => {
    sts.answer = (_request, response) => {
      stsFailure(response, { status: 403, code: 'AccessDenied', message: 'Not authorized' });
    };
    expect((await linkErrorOf(connect())).link).toBe('subject');
    expect(eks.seen).toEqual([]);
  });
});

describe('the connected workloads', () => {
  it('try a get again, but neither a list nor a patch', async () => {
    const { workloads } = await connect();
    const flaky = json(503, makeStatus(503, 'etcd is busy'));
    api.answer = (request, response) => {
      const answer = api.seen.length < 3 ? flaky : json(200, makeDeployment('a'));
      answer(request, response);
    };
    expect((await workloads.get({ ...inSts, name: 'a' }, never))?.name).toBe('a');
    expect(api.seen).toHaveLength(3);
    api.answer = flaky;
    await linkErrorOf(workloads.list(inSts, never));
    const stamp = { instant: '2026-01-05T02:15:00Z', restart: 'r', resourceVersion: '7' };
    await linkErrorOf(workloads.patch({ ...inSts, name: 'a' }, stamp, never));
    expect(api.seen).toHaveLength(5);
  });

  it('do not talk to a server that another authority vouches for', async () => {
    const other = await makeKey();
    const connection = { endpoint: api.url, certificateAuthority: base64(other.certificate) };
    const { workloads } = await connect(makeTarget({ connection }));
    const error = await linkErrorOf(workloads.list(inSts, never));
    expect([error.link, error.transient]).toEqual(['network', false]);
    expect(error.message).toContain('certificate');
    expect(api.seen).toEqual([]);
  });
});
