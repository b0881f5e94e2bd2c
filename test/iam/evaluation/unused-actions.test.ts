import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { AwsCall } from '../../../src/simulator/aws/calls.ts';
import { TestFleets } from '../../contract/support/fleets.ts';
import { simulatedLaboratory } from '../../contract/support/simulated-laboratory.ts';
import { evaluatedFleet } from './support/fleet.ts';
import { document } from './support/scenario.ts';
import { unusedActions } from './support/unused-actions.ts';

jest.setTimeout(60_000);

const hub = 'arn:aws:iam::903716715040:role/hub';
const target = 'arn:aws:iam::508208880112:role/target';
const provider = 'arn:aws:iam::903716715040:oidc-provider/oidc.example.com/id/A';

describe('actions that nobody calls for', () => {
  const roles = new Map([
    [
      hub,
      {
        trust: [
          document({
            Effect: 'Allow',
            Principal: { Federated: provider },
            Action: 'sts:AssumeRoleWithWebIdentity',
          }),
        ],
        permissions: [
          document({
            Effect: 'Allow',
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Resource: [target, `${target}-2`],
          }),
        ],
      },
    ],
    [
      target,
      {
        trust: [
          document({
            Effect: 'Allow',
            Principal: { AWS: ['arn:aws:iam::903716715040:root', hub] },
            Action: 'sts:AssumeRole',
          }),
        ],
        permissions: [document({ Effect: 'Deny', Action: '*', Resource: '*' })],
      },
    ],
  ]);
  const login = { action: 'sts:AssumeRoleWithWebIdentity', resource: hub, caller: provider };
  const hop = { action: 'sts:AssumeRole', resource: target, caller: hub };

  it('are told one by one', () => {
    expect(unusedActions(roles, [login, hop])).toEqual([
      `${hub} may sts:AssumeRole on ${target}-2`,
      `${hub} may sts:TagSession on ${target}`,
      `${hub} may sts:TagSession on ${target}-2`,
    ]);
  });

  it.each<[string, readonly AwsCall[], string]>([
    ['another caller', [{ ...hop, caller: `${hub}-2` }], `${target} lets ${hub} sts:AssumeRole`],
    [
      'another role',
      [{ ...hop, resource: `${target}-2` }],
      `${hub} may sts:AssumeRole on ${target}`,
    ],
    ['nobody', [hop], `${hub} lets ${provider} sts:AssumeRoleWithWebIdentity`],
  ])('are those that %s calls for', (_, calls, unused) => {
    expect(unusedActions(roles, calls)).toContain(unused);
  });
});

describe('a run of the job', () => {
  const fleets = new TestFleets(simulatedLaboratory);
  afterAll(() => fleets.close());

  it('calls for everything that the documents of seed-000 allow, and each call is one of theirs', async () => {
    const fleet = await fleets.start();
    const calls: AwsCall[] = [];
    const { sts, eks } = fleet.lab.world;
    for (const service of [sts, eks]) service.calls.listen((call) => calls.push(call));
    const { code } = await fleet.run(fleet.nextRun());
    expect(code).toBe(0);

    const { roles } = evaluatedFleet('seed-000');
    expect(unusedActions(roles, calls)).toEqual([]);
    // All but what nobody needs a permission for.
    expect(new Set(calls.map(({ action }) => action))).toEqual(
      new Set([
        'sts:AssumeRoleWithWebIdentity',
        'sts:AssumeRole',
        'sts:GetCallerIdentity',
        'eks:DescribeCluster',
      ]),
    );
  });
});
