import { describe, expect, it } from '@jest/globals';
import { accessCodes } from '../../src/access/codes.ts';
import { clusterCases, type Case } from './support/cluster-conflicts.ts';
import {
  admin,
  app,
  byKiam,
  golf,
  golf2,
  hub,
  hub2,
  kiam,
  one,
  problemsOf,
  shared,
  two,
} from './support/parts.ts';

const cases: readonly Case[] = [
  [
    'access/account-partition',
    'clusters.1.region',
    { clusters: [golf, { ...golf2, region: 'us-gov-west-1' }] },
    /account golf in partition aws-us-gov, which is in aws by cluster golf$/,
  ],
  [
    'access/partition-crossed',
    'services.0.reach.0.clusters',
    { services: [{ ...one, reach: [{ clusters: ['golf', 'china'] }] }] },
    /cluster china in partition aws-cn, reached from hub in aws$/,
  ],
  [
    'access/namespace-owner',
    'services.1',
    { services: [one, { ...two, namespace: 'n1', existingNamespace: true }] },
    /namespace n1 of cluster hub/,
  ],
  [
    'access/namespace-reserved',
    'services.0.namespace',
    { services: [{ ...one, namespace: 'kube-system' }] },
    /namespace kube-system/,
  ],
  [
    'access/namespace-reserved',
    'services.0.namespace',
    { services: [{ ...one, namespace: 'default' }] },
    /namespace default/,
  ],
  [
    'access/service-account-reserved',
    'services.0.serviceAccount',
    { services: [{ ...one, serviceAccount: 'default' }] },
    /ServiceAccount default, which Kubernetes makes/,
  ],
  [
    'access/role-shared',
    'services.1',
    { services: [one, { ...two, role: 'eks-one-prd' }] },
    /arn:aws:iam::000000000001:role\/eks-one-prd/,
  ],
  [
    // The name of one service and env, read as another's.
    'access/role-shared',
    'services.1',
    {
      services: [
        { ...one, name: 'a-b', env: 'c' },
        { ...two, name: 'a', env: 'b-c' },
      ],
    },
    /role\/eks-a-b-c/,
  ],
  [
    'access/role-collision',
    'services.0.reach.0',
    { services: [{ ...one, reach: [{ clusters: ['hub2'] }] }] },
    /role\/eks-one-prd as a target role, which is a service's own/,
  ],
  [
    'access/role-collision',
    'services.0.reach.0',
    { services: [{ ...one, reach: [{ clusters: ['hub'], role: 'eks-two-prd' }] }, two] },
    /role\/eks-two-prd as a target role, which is a service's own/,
  ],
  [
    'access/role-ownership',
    'services.1.reach.0',
    {
      services: [
        { ...one, reach: [{ ...shared, kubernetesUser: 'app' }] },
        { ...two, reach: [{ ...shared, existing: true, kubernetesUser: 'app' }] },
      ],
    },
    /role\/app, said to be existing/,
  ],
  [
    'access/role-case',
    'services.0.reach.1',
    { services: [{ ...one, reach: [shared, { clusters: ['golf2'], role: 'App' }] }] },
    /role\/App, which differs from role \S+app by case or path alone$/,
  ],
  [
    'access/role-case',
    'services.0.reach.0',
    { services: [{ ...one, reach: [{ clusters: ['hub2'], role: 'EKS-one-prd' }] }] },
    /role\/EKS-one-prd, which differs from role \S+eks-one-prd/,
  ],
  [
    'access/external-id-conflict',
    'services.0.reach.1',
    {
      services: [{ ...one, reach: [shared, { ...shared, clusters: ['golf2'], externalId: 'x1' }] }],
    },
    /arn:aws:iam::000000000002:role\/app/,
  ],
  [
    'access/user-conflict',
    'services.1.reach.0',
    {
      services: [
        { ...one, reach: [shared] },
        { ...two, reach: [shared] },
      ],
    },
    /user rollcall:fleet:two-prd for \S+app, which is user rollcall:fleet:one-prd in cluster golf/,
  ],
  [
    'access/user-shared',
    'services.1.reach.0',
    {
      services: [
        { ...one, reach: [{ ...shared, kubernetesUser: 'sts' }] },
        { ...two, reach: [{ ...shared, role: 'other', kubernetesUser: 'sts' }] },
      ],
    },
    /user sts for \S+other, who is \S+app in cluster golf already/,
  ],
  [
    'access/partition-crossed',
    'services.0.reach.0.clusters',
    {
      services: [
        {
          name: 'lambda',
          env: 'prd',
          account: 'ours',
          role: 'fn',
          reach: [{ clusters: ['china'] }],
        },
      ],
    },
    /cluster china in partition aws-cn, reached from ours in aws$/,
  ],
  [
    'access/role-collision',
    'clusters.0.agents',
    {
      clusters: [{ ...hub, agents: { kiam: { ...kiam.kiam, serverRole: 'eks-one-prd' } } }],
      services: [{ ...one, ...byKiam }],
    },
    /eks-one-prd as an agent's or a node's role, which is a service's own role already/,
  ],
  [
    'access/role-collision',
    'clusters.0.agents',
    {
      clusters: [{ ...hub, agents: { kube2iam: { nodeRoles: ['nodes'] } } }, hub2],
      services: [
        { ...one, podIdentity: 'kube2iam', reach: [{ clusters: ['hub2'], role: 'nodes' }] },
      ],
    },
    /role\/nodes as an agent's or a node's role, which is a target role already/,
  ],
  [
    'access/role-collision',
    'users.0',
    {
      services: [{ ...one, reach: [shared] }],
      users: [{ name: 'admins', role: { name: 'app', trusted: [admin] }, clusters: ['golf2'] }],
    },
    /role\/app as people's role, which is a target role already/,
  ],
  [
    'access/role-ownership',
    'clusters.1.agents',
    {
      clusters: [
        { ...hub, agents: kiam },
        { ...hub2, agents: { kiam: { ...kiam.kiam, existingServerRole: true } } },
      ],
      services: [
        { ...one, ...byKiam },
        { ...two, ...byKiam, cluster: 'hub2' },
      ],
    },
    /role\/kiam-server, said to be existing/,
  ],
  [
    'access/role-case',
    'services.0.reach.1',
    {
      iam: { path: '/team/' },
      clusters: [hub, golf, { ...golf2, accessControl: 'access-entries' }],
      services: [
        {
          ...one,
          reach: [
            { ...shared, existing: true },
            { clusters: ['golf2'], role: 'app' },
          ],
        },
      ],
    },
    /role\/team\/app, which differs from role \S+role\/app by case or path alone$/,
  ],
  [
    'access/user-conflict',
    'users.0',
    {
      services: [{ ...one, reach: [shared] }],
      users: [{ name: 'admins', arn: app, clusters: ['golf'] }],
    },
    /user admins for \S+app, which is user rollcall:fleet:one-prd in cluster golf/,
  ],
  [
    'access/user-conflict',
    'users.1',
    {
      users: [
        { name: 'a', arn: admin, username: 'u', groups: ['g'], clusters: ['golf'] },
        { name: 'b', arn: admin, username: 'u', groups: ['g', 'h'], clusters: ['golf'] },
      ],
    },
    /user u in g, h for \S+admin, which is user u in g in cluster golf/,
  ],
  [
    'access/user-shared',
    'users.0',
    {
      services: [{ ...one, reach: [{ ...shared, kubernetesUser: 'sts' }] }],
      users: [{ name: 'sts', arn: admin, clusters: ['golf'] }],
    },
    /user sts for \S+admin, who is \S+app in cluster golf already/,
  ],
  ...clusterCases,
];

describe('each conflict is one problem, at its path', () => {
  it.each(cases)('%s at %s', (code, path, parts, found) => {
    const problems = problemsOf(parts);
    expect(problems.map((problem) => [problem.code, problem.path.join('.')])).toEqual([
      [code, path],
    ]);
    expect(problems[0]?.found).toMatch(found);
    expect(problems[0]?.expected && problems[0].next).toBeTruthy();
  });

  it('every code has a case', () => {
    const codes = new Set([...cases.map(([code]) => code), 'access/migration']);
    expect([...codes].sort()).toEqual([...accessCodes].sort());
  });
});

it('a reach says what is wrong once for each role, however many clusters it has', () => {
  const both = { clusters: ['golf', 'golf2'], role: 'app', kubernetesUser: 'app' };
  const services = [
    { ...one, reach: [both] },
    { ...two, reach: [{ ...both, existing: true }] },
  ];
  expect(problemsOf({ services }).map(({ code }) => code)).toEqual(['access/role-ownership']);
});
