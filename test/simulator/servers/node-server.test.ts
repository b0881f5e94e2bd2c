import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { issueServiceAccountToken } from '../../../src/simulator/identity/service-account-tokens.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { startServers, type Servers } from '../../../src/simulator/servers/start.ts';
import { hubAccount } from '../support/aws.ts';
import { loadFleet, priorState } from '../support/fleet.ts';
import type { Json } from '../support/aws.ts';

const nodes = `arn:aws:iam::${hubAccount}:role/nodes`;
const trust = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};
const list = 'latest/meta-data/iam/security-credentials/';

let world: World;
let servers: Servers;
beforeAll(async () => {
  const prior = priorState() as { accounts: Json[]; clusters: Json[] };
  world = await loadFleet({
    prior: {
      ...prior,
      accounts: prior.accounts.map((one) =>
        one.id === hubAccount ? { ...one, roles: [{ name: 'nodes', trust }] } : one,
      ),
      clusters: prior.clusters.map((one) =>
        one.name === 'ci' ? { ...one, nodeRole: nodes } : one,
      ),
    },
  });
  servers = await startServers(world);
  const pod = { namespace: 'sts', name: 'job', uid: 'u', serviceAccount: 's', annotations: {} };
  world.clusters.get('ci')?.pods.set('sts/job', pod);
});
afterAll(async () => {
  await servers.close();
  world.close();
});

const get = async (url: string, headers: Record<string, string> = {}) => {
  const { statusCode, headers: received, body } = await request(url, { headers });
  return { status: statusCode, type: received['content-type'], text: await body.text() };
};

describe('the agents of nodes, in clear text on the loopback', () => {
  it('answer a pod as its metadata service', async () => {
    const base = servers.metadataService('ci', { namespace: 'sts', name: 'job' });
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(await get(`${base}/${list}`)).toEqual({
      status: 200,
      type: 'text/plain',
      text: 'nodes',
    });
    const { type, text } = await get(`${base}/${list}nodes`);
    expect(type).toBe('application/json');
    expect(JSON.parse(text)).toMatchObject({ Code: 'Success', Type: 'AWS-HMAC' });
  });

  it('answer a pod as the agent of EKS Pod Identity', async () => {
    const url = `${servers.podIdentityAgent('ci')}/v1/credentials`;
    expect((await get(url)).status).toBe(400);
    const audience = 'pods.eks.amazonaws.com';
    const token = issueServiceAccountToken(world, 'ci', 'sts', 'key-restarter', audience, 600);
    const { status, text } = await get(url, { authorization: token });
    expect([status, text]).toEqual([404, expect.stringContaining('No association found')]);
  });

  it.each([
    () => servers.metadataService('ci', { namespace: 'sts', name: 'other' }) + `/${list}`,
    () => servers.metadataService('lima', { namespace: 'sts', name: 'job' }) + `/${list}`,
    () => `${servers.metadataService('ci', { namespace: 'sts', name: 'job' })}/latest/user-data`,
    () => `${servers.podIdentityAgent('lima')}/v1/credentials`,
    () => new URL('/', servers.podIdentityAgent('ci')).href,
  ])('know nothing else: %#', async (place) => {
    expect((await get(place())).status).toBe(404);
  });
});
