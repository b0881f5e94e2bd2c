import { DescribeClusterCommand } from '@aws-sdk/client-eks';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { Agent } from 'undici';
import { realClock } from '../../../src/simulator/clock.ts';
import {
  apiServerAudience,
  issueServiceAccountToken,
} from '../../../src/simulator/identity/service-account-tokens.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { startServers } from '../../../src/simulator/servers/start.ts';
import type { Servers } from '../../../src/simulator/servers/start.ts';
import { hubRole } from '../support/aws.ts';
import {
  crossChain,
  eksClient,
  hubCredentials,
  kube,
  stsClient,
  targetCredentials,
} from '../support/chain.ts';
import { loadFleet } from '../support/fleet.ts';
import { presignedUrl } from '../support/requests.ts';

let world: World;
let servers: Servers;
beforeAll(async () => {
  world = await loadFleet({ clock: realClock });
  servers = await startServers(world);
});
afterAll(async () => {
  await servers.close();
  world.close();
});

const cluster = (name: string) => {
  const found = world.clusters.get(name);
  if (!found) throw new Error(`no cluster ${name}`);
  return found;
};

describe('the unmodified AWS SDK', () => {
  it('crosses every link to a workload', async () => {
    expect(await crossChain(world, servers, 'golf-prd')).toMatchObject({
      status: 200,
      body: { kind: 'Deployment', metadata: { name: 'encrypter' } },
    });
  });

  it('reads every field of an assumed role', async () => {
    const client = stsClient(servers, await hubCredentials(world, servers));
    const [mapping] = cluster('golf-prd').fragment?.mapRoles ?? [];
    const input = { RoleArn: mapping?.rolearn, RoleSessionName: 'restart', DurationSeconds: 900 };
    const before = Date.now();
    const { Credentials, AssumedRoleUser } = await client.send(new AssumeRoleCommand(input));
    const life = (Credentials?.Expiration?.getTime() ?? 0) - before;
    expect(life).toBeGreaterThanOrEqual(900_000);
    expect(life).toBeLessThan(960_000);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA.*:restart$/);
    client.destroy();
  });

  it('asks who it is', async () => {
    const client = stsClient(servers, await hubCredentials(world, servers));
    const { Arn, Account, UserId } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::903716715040:assumed-role/eks-key-restarter-prd/job');
    expect(Account).toBe('903716715040');
    expect(UserId).toMatch(/^AROA/);
    client.destroy();
  });

  const wrong = { accessKeyId: 'ASIAX', secretAccessKey: 'x', sessionToken: 'x' };
  const role = { RoleArn: hubRole, RoleSessionName: 'job' };

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'STS, an invalid web identity',
      () =>
        stsClient(servers).send(
          new AssumeRoleWithWebIdentityCommand({ ...role, WebIdentityToken: 'xxxx' }),
        ),
      'InvalidIdentityTokenException',
    ],
    [
      'STS, a bad session name',
      () =>
        stsClient(servers).send(
          new AssumeRoleWithWebIdentityCommand({
            ...role,
            RoleSessionName: 'a b',
            WebIdentityToken: 'xxxx',
          }),
        ),
      'ValidationError',
    ],
    [
      'STS, unknown credentials',
      () => stsClient(servers, wrong).send(new GetCallerIdentityCommand({})),
      'InvalidClientTokenId',
    ],
    [
      'STS, a session policy',
      async () =>
        stsClient(servers, await hubCredentials(world, servers)).send(
          new AssumeRoleCommand({ ...role, Policy: '{}' }),
        ),
      'ValidationError',
    ],
    [
      'STS, a wrong secret',
      async () =>
        stsClient(servers, {
          ...(await hubCredentials(world, servers)),
          secretAccessKey: 'x',
        }).send(new GetCallerIdentityCommand({})),
      'SignatureDoesNotMatch',
    ],
    [
      'EKS, unknown credentials',
      () =>
        eksClient(servers, wrong, { region: 'eu-west-1' }).send(
          new DescribeClusterCommand({ name: 'x' }),
        ),
      'UnrecognizedClientException',
    ],
    [
      'EKS, no permission',
      async () =>
        eksClient(servers, await hubCredentials(world, servers), cluster('ci')).send(
          new DescribeClusterCommand({ name: 'x' }),
        ),
      'AccessDeniedException',
    ],
  ])('gets the right name for %s', async (_, send, name) => {
    await expect(send()).rejects.toMatchObject({ name });
  });

  it('is told that a cluster which it may describe is not there', async () => {
    const target = cluster('golf-prd');
    const arn = target.fragment?.mapRoles[0]?.rolearn ?? '';
    const everything = { Effect: 'Allow', Action: 'eks:*', Resource: '*' };
    world.iam.putPolicy(arn, 'all', { Version: '2012-10-17', Statement: everything });
    const hub = await hubCredentials(world, servers);
    const eks = eksClient(servers, await targetCredentials(servers, hub, target), target);
    await expect(eks.send(new DescribeClusterCommand({ name: 'lima' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: lima.',
    });
    eks.destroy();
    const elsewhere = eksClient(servers, await targetCredentials(servers, hub, target), {
      region: 'eu-west-2',
    });
    await expect(
      elsewhere.send(new DescribeClusterCommand({ name: target.eksCluster })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    elsewhere.destroy();
  });
});

describe('the STS server', () => {
  it('answers a presigned GET in JSON, as the authenticator asks', async () => {
    const credentials = await hubCredentials(world, servers);
    const dispatcher = new Agent({ connect: { ca: servers.ca } });
    const host = new URL(servers.sts).host;
    const url = await presignedUrl({ credentials, at: Date.now(), cluster: 'c', host });
    const headers = { accept: 'application/json', 'x-k8s-aws-id': 'c' };
    const answer = await request(url, { dispatcher, headers });
    expect(await answer.body.json()).toMatchObject({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: '903716715040' },
      },
    });
    const refused = await request(url, {
      dispatcher,
      headers: { ...headers, 'x-k8s-aws-id': 'd' },
    });
    expect(refused.statusCode).toBe(403);
    expect(await refused.body.json()).toMatchObject({ Error: { Code: 'SignatureDoesNotMatch' } });
    await dispatcher.close();
  });
});

describe('the API servers', () => {
  const shard = { path: '/api/v1/namespaces/sts/configmaps/after-key-creation-record-1' };
  const token = (audience: string) =>
    issueServiceAccountToken(world, 'ci', 'sts', 'key-restarter', audience, 600);
  const ask = (name: string, bearer: string, ca = servers.apiServerCa(name)) =>
    kube(servers.apiServer(name), ca, bearer, shard);

  it.each<[string, () => ReturnType<typeof kube>, number]>([
    ["the hub's own ServiceAccount", () => ask('ci', token(apiServerAudience)), 200],
    ['a web identity token', () => ask('ci', token('sts.amazonaws.com')), 401],
    ["the hub's ServiceAccount elsewhere", () => ask('golf-prd', token(apiServerAudience)), 401],
    ['nobody', () => ask('ci', 'x'), 401],
  ])('know %s', async (_, send, status) => {
    expect((await send()).status).toBe(status);
  });

  it('have each a CA of their own', async () => {
    await expect(ask('ci', 'x', servers.apiServerCa('golf-prd'))).rejects.toThrow();
    await expect(ask('ci', 'x', servers.ca)).rejects.toThrow();
    expect(() => servers.apiServer('lima')).toThrow('no cluster lima; there are ci, golf-prd');
  });

  it('stream a watch, and end it when they close', async () => {
    const fleet = await loadFleet({ clock: realClock });
    const own = await startServers(fleet);
    const bearer = issueServiceAccountToken(
      fleet,
      'ci',
      'sts',
      'key-restarter',
      apiServerAudience,
      600,
    );
    fleet.clusters.get('ci')?.kube.apply(listerOfDeployments);
    const dispatcher = new Agent({ connect: { ca: own.apiServerCa('ci') } });
    const { body, statusCode } = await request(
      `${own.apiServer('ci')}/apis/apps/v1/namespaces/sts/deployments?watch=1`,
      { dispatcher, headers: { authorization: `Bearer ${bearer}` } },
    );
    expect(statusCode).toBe(200);
    const lines = body[Symbol.asyncIterator]();
    fleet.clusters
      .get('ci')
      ?.kube.addDeployment({ namespace: 'sts', name: 'new', replicas: 1, rolloutSeconds: 0 });
    const { value } = (await lines.next()) as { value: Buffer };
    expect(JSON.parse(value.toString().split('\n')[0] ?? '')).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'new' } },
    });
    fleet.close();
    await own.close();
    await expect(
      lines.next().then(
        () => 'ended',
        () => 'ended',
      ),
    ).resolves.toBe('ended');
    await dispatcher.destroy();
  });
});

const listerOfDeployments = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'view', namespace: 'sts' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', name: 'key-restarter', namespace: 'sts' }],
};
