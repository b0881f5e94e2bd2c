import { EKSClient, ListClustersCommand, paginateListClusters } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { realClock } from '../../../src/simulator/clock.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { startAwsServers, type AwsServers } from '../../../src/simulator/servers/start.ts';
import { loadFleet } from '../support/fleet.ts';

let world: World;
let servers: AwsServers;
let client: EKSClient;
let denied: EKSClient;
const account = '508208880112';

beforeAll(async () => {
  world = await loadFleet({ clock: realClock });
  servers = await startAwsServers(world);
  const as = (name: string, actions: readonly string[]): EKSClient => {
    const arn = `arn:aws:iam::${account}:user/${name}`;
    const user = world.iam.createUser({ arn });
    const Statement = { Effect: 'Allow', Action: actions, Resource: '*' };
    world.iam.putPolicy(arn, 'p', { Version: '2012-10-17', Statement });
    const { accessKeyId, secretAccessKey } = world.sessions.createAccessKey(user).credentials;
    return new EKSClient({
      region: 'eu-west-1',
      endpoint: servers.eks,
      maxAttempts: 1,
      requestHandler: { httpsAgent: { ca: servers.ca } },
      credentials: { accessKeyId, secretAccessKey },
    });
  };
  client = as('lister', ['eks:ListClusters']);
  denied = as('describer', ['eks:DescribeCluster']);
  const [golf] = [...world.clusters.values()].filter((one) => one.account === account);
  if (!golf) throw new Error('no cluster');
  const clusters = world.clusters as Map<string, typeof golf>;
  // Those of another region and of another account are not listed.
  clusters.set('elsewhere', { ...golf, name: 'elsewhere', region: 'eu-west-2', eksCluster: 'x-1' });
  for (const name of ['c', 'a', 'b', 'd']) {
    clusters.set(name, { ...golf, name, eksCluster: `${name}-cluster` });
  }
});
afterAll(async () => {
  client.destroy();
  denied.destroy();
  await servers.close();
  world.close();
});

const all = ['a-cluster', 'b-cluster', 'c-cluster', 'd-cluster', 'golf-prd-cluster'];

describe('ListClusters', () => {
  it.each([undefined, 1, 2, 4, 5, 100])(
    'gives every name once, in pages of %s',
    async (pageSize) => {
      const pages: (readonly string[])[] = [];
      const config = { client, ...(pageSize !== undefined && { pageSize }) };
      for await (const { clusters = [] } of paginateListClusters(config, {})) pages.push(clusters);
      expect(pages.flat()).toEqual(all);
      expect(pages).toHaveLength(Math.ceil(all.length / (pageSize ?? 100)));
    },
  );

  it.each([
    ['no page', { maxResults: 0 }, 'InvalidParameterException'],
    ['too large a page', { maxResults: 101 }, 'InvalidParameterException'],
    ['a token of its own making', { nextToken: 'bm9wZQ' }, 'InvalidParameterException'],
    ['ALL', { include: ['ALL'] }, 'InvalidParameterException'],
  ])('refuses %s', async (_, input, name) => {
    await expect(client.send(new ListClustersCommand(input))).rejects.toMatchObject({ name });
  });

  it('refuses the token of another region', async () => {
    const { nextToken } = await client.send(new ListClustersCommand({ maxResults: 1 }));
    const other = new EKSClient({
      region: 'eu-west-2',
      endpoint: servers.eks,
      maxAttempts: 1,
      requestHandler: { httpsAgent: { ca: servers.ca } },
      credentials: client.config.credentials,
    });
    const refused = other.send(new ListClustersCommand({ nextToken }));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { clusters } = await other.send(new ListClustersCommand({}));
    expect(clusters).toEqual(['x-1']);
    other.destroy();
  });

  it('needs its own right', async () => {
    await expect(denied.send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('eks:ListClusters on resource: *') as unknown,
    });
  });
});
