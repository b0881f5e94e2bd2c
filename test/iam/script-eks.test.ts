import { describe, expect, it } from '@jest/globals';
import type { AccessGraph, ClusterAccess } from '../../src/access/graph.ts';
import { account, arnOf, graphOfRoles } from './support/roles.ts';
import { named, run } from './support/run-account.ts';
import { missingPrograms, type Answer } from './support/run-script.ts';

const missing = missingPrograms();
const itRuns = missing === undefined ? it : it.skip;

describe(`an account’s script in EKS${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const pod = { namespace: 'n', serviceAccount: 's' };
  const association = { ...pod, roleArn: arnOf('role'), disableSessionTags: false };
  const entry = { principalArn: arnOf('role'), username: 'u', groups: ['b', 'a'], policies: [] };
  const told = (parts: Partial<ClusterAccess>): AccessGraph => ({
    ...graphOfRoles([]),
    clusters: [
      {
        cluster: {
          name: 'c',
          eksCluster: 'C',
          region: 'eu-west-1',
          partition: 'aws',
          account: { id: account },
        } as unknown as ClusterAccess['cluster'],
        ...{ namespaces: [], pods: [], restarts: [], mappings: [], grants: [], userGrants: [] },
        ...{ entries: [], associations: [] },
        ...parts,
      },
    ],
  });
  const found = (parts: object): readonly Answer[] => [
    {
      call: 'eks describe-access-entry',
      answer: {
        accessEntry: { type: 'STANDARD', username: 'u', kubernetesGroups: ['a', 'b'], ...parts },
      },
    },
    {
      call: 'eks list-pod-identity-associations',
      answer: { associations: [{ associationId: 'a-1' }] },
    },
    {
      call: 'eks describe-pod-identity-association',
      answer: { association: { roleArn: arnOf('role'), ...parts } },
    },
  ];
  const ours = { tags: { 'rollcall.dev/fleet': 'fleet' } };
  const cases = [
    ['an access entry', told({ entries: [entry] }), { username: 'v' }, 'eks update-access-entry'],
    [
      'an association',
      told({ associations: [association] }),
      { roleArn: arnOf('other'), targetRoleArn: arnOf('gone') },
      'eks update-pod-identity-association',
    ],
  ] as const;

  itRuns.each(cases)(
    '%s is left as it is, changed, or someone else’s',
    (_, graph, other, update) => {
      expect(run(graph, found({}))).toMatchObject({ code: 0, changes: [] });
      const changed = run(graph, found({ ...other, ...ours }));
      expect({ code: changed.code, calls: named(changed) }).toEqual({ code: 0, calls: [update] });
      const refused = run(graph, found({ ...other, tags: { 'rollcall.dev/fleet': 'other' } }));
      expect(refused).toMatchObject({ code: 1, changes: [] });
      expect(refused.stderr).toContain('someone else');
    },
  );

  describe('access policies', () => {
    const policyOf = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
    const view = policyOf('AmazonEKSViewPolicy');
    const admin = policyOf('AmazonEKSClusterAdminPolicy');
    const associated = (...arns: readonly string[]): Answer => ({
      call: 'eks list-associated-access-policies',
      input: { clusterName: 'C', principalArn: entry.principalArn },
      answer: {
        associatedAccessPolicies: arns.map((policyArn) => ({
          policyArn,
          accessScope: { type: 'cluster', namespaces: [] },
        })),
      },
    });
    const wanting = (...policyArns: readonly string[]) =>
      told({
        entries: [
          { ...entry, policies: policyArns.map((policyArn) => ({ policyArn, namespaces: ['n'] })) },
        ],
      });
    const add = 'eks associate-access-policy';
    const takeOff = 'eks disassociate-access-policy';

    itRuns.each([
      ['a policy in place of another', wanting(view), [admin], [add, view], [takeOff, admin]],
      ['none any more', wanting(), [admin, view], [takeOff, admin], [takeOff, view]],
      ['what there is', wanting(view), [view], [add, view]],
    ] as const)('of an entry of ours: %s', (_, graph, before, ...calls) => {
      const end = run(graph, [...found(ours), associated(...before)]);
      expect(end.code).toBe(0);
      expect(end.changes.map(({ call, input }) => [call, input.policyArn])).toEqual(calls);
      for (const { input } of end.changes) {
        expect(input).toMatchObject({ clusterName: 'C', principalArn: entry.principalArn });
      }
    });

    itRuns.each([
      ['untagged', {}],
      ['of another fleet', { tags: { 'rollcall.dev/fleet': 'other' } }],
    ])('of an entry that is %s: all stay', (_, parts) => {
      const end = run(wanting(view), [...found(parts), associated(admin, view)]);
      expect({ code: end.code, calls: named(end) }).toEqual({ code: 0, calls: [add] });
    });

    itRuns('a failed question is no empty list', () => {
      const failing = { call: 'eks list-associated-access-policies', error: '(AccessDenied): no' };
      const end = run(wanting(view), [...found(ours), failing]);
      expect({ code: end.code, calls: named(end) }).toEqual({ code: 1, calls: [add] });
      expect(end.stderr).toContain('AccessDenied');
    });
  });

  itRuns('a target role that is no longer wanted is taken away', () => {
    const before = found({ targetRoleArn: arnOf('gone'), ...ours });
    expect(run(told({ associations: [association] }), before).changes).toMatchObject([
      { input: { associationId: 'a-1', targetRoleArn: '', roleArn: arnOf('role') } },
    ]);
  });
});
