import { describe, expect, it } from '@jest/globals';
import { accessCodes } from '../../src/access/codes.ts';
import { planAccess } from '../../src/access/plan-access.ts';
import { fleetOf } from './support/plan.ts';

interface Parts {
  readonly clusters?: readonly object[];
  readonly services?: readonly object[];
}

const issuer = (id: number) => `https://oidc.example.com/id/${id}`;
const region = 'eu-west-1';
const hub = { name: 'hub', account: 'ours', region, oidcIssuer: issuer(1) };
const hub2 = { name: 'hub2', account: 'ours', region, oidcIssuer: issuer(2) };
const golf = { name: 'golf', account: 'golf', region };
const golf2 = { name: 'golf2', account: 'golf', region };
const china = { name: 'china', account: 'china', region: 'cn-north-1' };
const one = { name: 'one', env: 'prd', cluster: 'hub', namespace: 'n1' };
const two = { name: 'two', env: 'prd', cluster: 'hub', namespace: 'n2' };
const shared = { clusters: ['golf'], role: 'app' };

const problemsOf = ({ clusters, services }: Parts) => {
  const planned = planAccess(
    fleetOf(
      JSON.stringify({
        apiVersion: 'rollcall.dev/v1alpha1',
        kind: 'Fleet',
        name: 'fleet',
        accounts: { ours: '000000000001', golf: '000000000002', china: '000000000003' },
        clusters: clusters ?? [hub, hub2, golf, golf2, china],
        services: services ?? [],
      }),
    ),
  );
  return planned.kind === 'graph' ? [] : planned.problems;
};

type Case = readonly [code: string, path: string, parts: Parts, found: RegExp];

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
    /role\/eks-one-prd, which is a service's own/,
  ],
  [
    'access/role-collision',
    'services.0.reach.0',
    { services: [{ ...one, reach: [{ clusters: ['hub'], role: 'eks-two-prd' }] }, two] },
    /role\/eks-two-prd, which is a service's own/,
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
    /role\/App, which differs from role app by case alone/,
  ],
  [
    'access/role-case',
    'services.0.reach.0',
    { services: [{ ...one, reach: [{ clusters: ['hub2'], role: 'EKS-one-prd' }] }] },
    /role\/EKS-one-prd, which differs from role eks-one-prd/,
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
    /user rollcall:two-prd for role \S+app, which is rollcall:one-prd in cluster golf/,
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
    /user sts for role \S+other, who is role \S+app in cluster golf already/,
  ],
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
    expect([...new Set(cases.map(([code]) => code))].sort()).toEqual([...accessCodes].sort());
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

it('is no conflict: what only looks like one', () => {
  const sound: Parts = {
    services: [
      { ...one, namespace: 'kube-system', existingNamespace: true },
      { ...two, namespace: 'kube-system', existingNamespace: true },
      // a namespace of the same name in another cluster, and a role of the same name in another account
      { ...two, name: 'three', cluster: 'hub2', namespace: 'n2', reach: [{ clusters: ['golf'] }] },
      // a role of someone else's that two services use
      { ...two, name: 'four', reach: [{ ...shared, existing: true, kubernetesUser: 'app' }] },
      { ...two, name: 'five', reach: [{ ...shared, existing: true, kubernetesUser: 'app' }] },
    ],
  };
  expect(problemsOf(sound)).toEqual([]);
});
