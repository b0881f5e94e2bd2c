import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildJob } from '../../../jobs/restart/build.ts';
import { startJob } from '../../../src/demo/job-process.ts';
import { startSimulatedFleet } from '../../../src/demo/simulated-fleet.ts';
import { makePod } from '../../../src/demo/simulated-pod.ts';
import type { AwsCall } from '../../../src/simulator/aws/calls.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { evaluatedText } from './support/fleet.ts';
import { fleetOf, type Shape } from './support/identity-shapes.ts';
import { unusedActions } from './support/unused-actions.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'rollcall-unused-'));
const bundle = join(folder, 'restart.mjs');
beforeAll(() => buildJob(bundle));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const minute = 60_000;
const lastMinute = Math.floor(Date.now() / minute) * minute - minute;
const workers = ['workers', 'spot-workers'].map((name) => `arn:aws:iam::000000000010:role/${name}`);

/** Every call for AWS while the job runs, on a node of each role. Its exit codes must be 0. */
async function callsOf(shape: Shape, name: string): Promise<readonly AwsCall[]> {
  const home = join(folder, name);
  const fleetFile = join(home, 'fleet.yaml');
  const { fleet: text, prior } = fleetOf(shape);
  mkdirSync(home);
  writeFileSync(fleetFile, text);
  writeFileSync(join(home, 'fleet.prior.yaml'), prior);
  const fleet = await startSimulatedFleet({ fleetFile, folder: home, bundle });
  const calls: AwsCall[] = [];
  const { sts, eks } = fleet.world;
  for (const service of [sts, eks]) service.calls.listen((call) => calls.push(call));
  try {
    for (const [index, nodeRole] of (shape.by === 'kube2iam' ? workers : ['']).entries()) {
      runOn(fleet.world, nodeRole);
      const pod = makePod(fleet, lastMinute + index * minute, `pod-${index}`);
      const { code, stderr } = await startJob({ bundle, pod }).ended;
      if (code !== 0) throw new Error(stderr);
    }
  } finally {
    await fleet.close();
  }
  return calls;
}

function runOn({ clusters }: World, nodeRole: string): void {
  if (nodeRole === '') return;
  const hub = clusters.get('hub-kube2iam');
  if (hub) Object.assign(hub, { nodes: { ...hub.nodes, nodeRole } });
}

const externalId = { externalId: 'every-way:prd' };
const without = { 'eks-pod-identity': { sessionTags: false } };
const targetWithout = { 'eks-pod-identity': { targetRole: true, sessionTags: false } };
const carried = { reach: externalId, sourceIdentity: true } as const;

const shapes: readonly (readonly [string, Shape])[] = [
  ['IRSA in two hops', { by: 'irsa' }],
  ['IRSA in two hops, and all that a hop may carry', { by: 'irsa', ...carried }],
  ['IRSA in two hops, and one role for two clusters', { by: 'irsa', oneAccount: true }],
  ['IRSA without the webhook', { by: 'irsa', podIdentity: { irsa: { webhook: false } } }],
  ['IRSA in one hop', { by: 'token' }],
  ['IRSA in one hop, and one role for two clusters', { by: 'token', oneAccount: true }],
  ['EKS Pod Identity', { by: 'pod' }],
  ['EKS Pod Identity, and all that a hop may carry', { by: 'pod', ...carried }],
  ['EKS Pod Identity without session tags', { by: 'pod', podIdentity: without }],
  ['a target role', { by: 'target' }],
  ['a target role without session tags', { by: 'target', podIdentity: targetWithout }],
  ['kiam', { by: 'kiam' }],
  ['kiam, and all that a hop may carry', { by: 'kiam', ...carried }],
  ['kube2iam', { by: 'kube2iam' }],
];

/** What somebody else than the job needs, and is not simulated. */
const ofOthers: readonly RegExp[] = [
  // kube2iam asks for the regions before its first session (iam/iam.go).
  /\/(?:spot-)?workers may ec2:DescribeRegions on \*$/,
];
/** EKS wants it in the trust, tags or not (EKS user guide, "Create IAM role with trust policy"). */
const ofTags = / lets pods\.eks\.amazonaws\.com sts:TagSession$/;

describe('a run of the job calls for everything that the documents allow', () => {
  it.each(shapes)('%s', async (name, shape) => {
    const calls = await callsOf(shape, name.replaceAll(/\W/g, '-'));
    const { roles } = evaluatedText(fleetOf(shape).fleet);
    const isTagless = /sessionTags":false/.test(JSON.stringify(shape));
    const expected = isTagless ? [...ofOthers, ofTags] : ofOthers;
    const unused = unusedActions(roles, calls).filter(
      (one) => !expected.some((form) => form.test(one)),
    );
    expect(roles.size).toBeGreaterThan(0);
    expect(unused).toEqual([]);
  });
});

const lambda = 'arn:aws:iam::000000000010:role/keys';

it('a principal outside of Kubernetes may do what it takes to enter the clusters, and no more', () => {
  const { roles } = evaluatedText(outside);
  const hops = [...roles.keys()].filter((arn) => arn !== lambda);
  expect(hops).toHaveLength(2);
  const calls = hops.flatMap((target) => [
    { action: 'sts:AssumeRole', resource: target, caller: lambda },
    ...clustersOf(target).map((resource) => ({
      action: 'eks:DescribeCluster',
      resource,
      caller: target,
    })),
  ]);
  expect(unusedActions(roles, calls)).toEqual([]);
});

const clustersOf = (role: string): readonly string[] =>
  role.includes(':000000000020:')
    ? ['shop', 'till'].map((name) => `arn:aws:eks:eu-west-1:000000000020:cluster/${name}`)
    : ['arn:aws:eks:eu-west-1:000000000030:cluster/books'];

const outside = `
apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: outside
accounts: { keys: '000000000010', shop: '000000000020', books: '000000000030' }
clusters:
  - { name: shop, account: shop, region: eu-west-1 }
  - { name: till, account: shop, region: eu-west-1, accessControl: access-entries }
  - { name: books, account: books, region: eu-west-1 }
services:
  - name: keys
    env: prd
    account: keys
    role: keys
    reach: [{ clusters: [shop, till, books], externalId: 'id:1' }]
`;
