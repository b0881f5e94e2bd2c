import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../../../charts/pipeline.ts';
import { renderTree } from '../../../charts/render.ts';
import { writeOutput } from '../../../charts/write.ts';
import { mergeOrThrow } from '../../../src/demo/generate.ts';
import { checkPriorState } from '../../../src/simulator/load/prior-state.ts';
import { loadWorld, type World } from '../../../src/simulator/load/world.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';

export const hubIssuer = 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLEMOVING';
const hubAccount = '000000000010';
const region = 'eu-central-1';
export const ownRole = `arn:aws:iam::${hubAccount}:role/eks-mover-prd`;
export const targetRole = 'arn:aws:iam::000000000020:role/mover-target';
export const pod = { namespace: 'moves', serviceAccount: 'mover' } as const;

/** A hub with an agent, a service in it that reaches one target, and what it says of its identity. */
export const movingFleet = (agent: 'kiam' | 'kube2iam', identity: object): string =>
  JSON.stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'moving',
    accounts: { hubs: hubAccount, shop: '000000000020' },
    clusters: [
      {
        name: 'hub',
        account: 'hubs',
        region,
        oidcIssuer: hubIssuer,
        agents:
          agent === 'kiam'
            ? { kiam: { serverRole: 'kiam-server', nodeRole: 'servers' } }
            : { kube2iam: { nodeRoles: ['workers'] } },
      },
      { name: 'shop', account: 'shop', region },
    ],
    services: [
      {
        name: 'mover',
        env: 'prd',
        cluster: 'hub',
        ...pod,
        ...identity,
        reach: [{ clusters: ['shop'], role: 'mover-target', externalId: 'moving:mover' }],
      },
    ],
  });

const ec2 = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};
const node = (name: string) => `arn:aws:iam::${hubAccount}:role/${name}`;

const prior = {
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'PriorState',
  accounts: [
    { id: hubAccount, roles: ['servers', 'workers'].map((name) => ({ name, trust: ec2 })) },
    { id: '000000000020' },
  ],
  clusters: [
    {
      name: 'hub',
      account: hubAccount,
      region,
      oidcIssuer: hubIssuer,
      nodeRole: node('workers'),
      kiamServerNodeRole: node('servers'),
    },
    { name: 'shop', account: '000000000020', region },
  ],
};

/** The world with all applied that is generated from the fleet file. */
export async function appliedWorld(text: string): Promise<World> {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
  const outputDir = await mkdtemp(join(tmpdir(), 'rollcall-moving-'));
  try {
    writeOutput(renderTree(prepared), outputDir);
    return await loadWorld({
      outputDir,
      prior: checkPriorState(prior),
      clock: new VirtualClock(),
      mergeAwsAuth: mergeOrThrow,
    });
  } finally {
    await rm(outputDir, { recursive: true });
  }
}
