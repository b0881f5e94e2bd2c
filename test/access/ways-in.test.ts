import { describe, expect, it } from '@jest/globals';
import type { ClusterAccess } from '../../src/access/graph.ts';
import { admin, golf, golf2, graphWith, hub, one, type Parts } from './support/parts.ts';

const user = 'arn:aws:iam::000000000009:user/people/ann';
const boss = { name: 'boss', role: { name: 'people', trusted: [user], sessionDuration: '12h' } };
const view = { level: 'view' };
const clusters = [hub, golf, { ...golf2, accessControl: 'access-entries' }];

const into = (cluster: string, parts: Parts): ClusterAccess | undefined =>
  graphWith({ clusters, ...parts }).clusters.find((one) => one.cluster.name === cluster);

/** Everyone who can enter: services, and people of each kind. */
const everyone: Parts = {
  services: [
    { ...one, reach: [{ clusters: ['golf', 'golf2'], role: 'app', kubernetesUser: 'sts' }] },
  ],
  users: [
    { name: 'ann', arn: user, clusters: ['golf', 'golf2'], rights: [view], groups: ['on'] },
    { name: 'ops', arn: admin, clusters: ['golf', 'golf2'], username: 'ops:{{SessionName}}' },
    { ...boss, clusters: ['golf', 'golf2'], groups: ['bosses', 'on'] },
  ],
};

describe('principals of IAM become users of a cluster', () => {
  it('by aws-auth: roles and users, sorted, each with the group that its rights are bound to', () => {
    expect(into('golf', everyone)).toMatchObject({
      mappings: [
        { kind: 'role', arn: admin, username: 'ops:{{SessionName}}', groups: [] },
        { kind: 'role', arn: 'arn:aws:iam::000000000002:role/app', username: 'sts', groups: [] },
        {
          kind: 'role',
          arn: 'arn:aws:iam::000000000002:role/people',
          username: 'boss',
          groups: ['bosses', 'on'],
        },
        { kind: 'user', arn: user, username: 'ann', groups: ['rollcall:fleet:ann', 'on'] },
      ],
      entries: [],
      userGrants: [{ user: 'ann', group: 'rollcall:fleet:ann', rights: [{ kind: 'level' }] }],
    });
  });

  it('by access entries: the same, as STANDARD entries', () => {
    const byAuth = into('golf', everyone);
    const byEntries = into('golf2', everyone);
    expect(byEntries?.mappings).toEqual([]);
    expect(byEntries?.entries).toEqual(
      byAuth?.mappings.map(({ arn, username, groups }) => ({
        principalArn: arn,
        username,
        groups,
        policies: [],
      })),
    );
    expect(byEntries?.userGrants).toEqual(byAuth?.userGrants);
  });

  it('by aws-auth a role without its path, which the authenticator does not see; else with it', () => {
    const parts: Parts = {
      iam: { path: '/team/' },
      services: [
        {
          ...one,
          reach: [
            { clusters: ['golf', 'golf2'], role: 'app', existing: true, rolePath: '/apps/a/' },
          ],
        },
      ],
      users: [{ ...boss, clusters: ['golf', 'golf2'] }],
    };
    expect(into('golf', parts)?.mappings.map(({ arn }) => arn)).toEqual([
      'arn:aws:iam::000000000002:role/app',
      'arn:aws:iam::000000000002:role/people',
    ]);
    expect(into('golf2', parts)?.entries.map(({ principalArn }) => principalArn)).toEqual([
      'arn:aws:iam::000000000002:role/apps/a/app',
      'arn:aws:iam::000000000002:role/team/people',
    ]);
  });

  it('a principal outside of Kubernetes is trusted by the ARN that it has, path and all', () => {
    const { roles } = graphWith({
      clusters,
      services: [
        {
          name: 'maker',
          env: 'prd',
          account: 'ours',
          role: 'maker-lambda',
          rolePath: '/service-role/',
          reach: [{ clusters: ['golf'], role: 'app' }],
        },
      ],
    });
    const arn = 'arn:aws:iam::000000000001:role/service-role/maker-lambda';
    expect(roles.map((role) => role.arn)).toContain(arn);
    expect(roles.find(({ name }) => name === 'app')?.trusts).toEqual([
      { kind: 'role', roleArn: arn },
    ]);
  });

  it('access policies are of the cluster’s partition', () => {
    const accessPolicies = [
      { policy: 'AmazonEKSViewPolicy', namespaces: ['a', 'b'] },
      { policy: 'AmazonEKSEditPolicy' },
    ];
    const policies = [
      {
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        namespaces: ['a', 'b'],
      },
      { policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy', namespaces: [] },
    ];
    const users = [{ name: 'ann', arn: user, clusters: ['golf2'], accessPolicies }];
    expect(into('golf2', { users })?.entries[0]?.policies).toEqual(policies);
    const gov = clusters.map((one) => ({ ...one, region: 'us-gov-west-1' }));
    const there = users.map((one) => ({
      ...one,
      arn: user.replace('arn:aws:', 'arn:aws-us-gov:'),
    }));
    expect(into('golf2', { clusters: gov, users: there })?.entries[0]?.policies).toEqual(
      policies.map(({ policyArn, namespaces }) => ({
        policyArn: policyArn.replace('arn:aws:', 'arn:aws-us-gov:'),
        namespaces,
      })),
    );
  });

  it('a cluster that nothing is asked of is left out', () => {
    expect(into('golf', {})).toBeUndefined();
    expect(
      into('golf', { users: [{ name: 'ann', arn: user, clusters: ['golf2'] }] }),
    ).toBeUndefined();
  });
});

describe('a role for people', () => {
  const role = (parts: Parts) =>
    graphWith({ clusters, ...parts }).roles.find(({ name }) => name === 'people');

  it('is in each account once, and may be assumed by those who are named, with a second factor', () => {
    const { roles } = graphWith({
      clusters,
      users: [{ ...boss, clusters: ['hub', 'golf', 'golf2'] }],
    });
    expect(roles.map(({ arn }) => arn)).toEqual([
      'arn:aws:iam::000000000001:role/people',
      'arn:aws:iam::000000000002:role/people',
    ]);
    expect(roles[0]).toMatchObject({
      ownership: 'rollcall',
      trusts: [{ kind: 'people', principalArn: user, mfa: true }],
      permissions: [
        {
          kind: 'describe-cluster',
          clusterArn: 'arn:aws:eks:eu-west-1:000000000001:cluster/hub',
        },
      ],
      maxSessionSeconds: 43_200,
    });
  });

  it('lasts as IAM’s shortest where it asks for less, and asks no second factor only if told so', () => {
    const users = [
      { ...boss, role: { ...boss.role, sessionDuration: '15m', mfa: false }, clusters: ['golf'] },
    ];
    expect(role({ users })).toMatchObject({ trusts: [{ mfa: false }], maxSessionSeconds: 3600 });
  });

  it('has the fleet’s path, where the cluster has access entries', () => {
    const iam = { path: '/team/' };
    expect(role({ iam, users: [{ ...boss, clusters: ['golf2'] }] })?.arn).toBe(
      'arn:aws:iam::000000000002:role/team/people',
    );
  });
});
