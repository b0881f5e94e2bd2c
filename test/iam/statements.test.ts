import { describe, expect, it } from '@jest/globals';
import type { Permission, Trust } from '../../src/access/graph.ts';
import { permissionStatements } from '../../src/iam/permission-statements.ts';
import { trustStatements } from '../../src/iam/trust-statements.ts';
import { arnOf, asked, roleOf } from './support/roles.ts';

const clusterArn = 'arn:aws:eks:eu-west-1:000000000001:cluster/hub';
const tags = { clusterArn, namespace: 'n', serviceAccount: 's' };
const podConditions = {
  'aws:RequestTag/eks-cluster-arn': clusterArn,
  'aws:RequestTag/kubernetes-namespace': 'n',
  'aws:RequestTag/kubernetes-service-account': 's',
};
const caller = { kind: 'role', roleArn: arnOf('caller') } as const;
const byCaller = { Sid: 'RollcallATrustsCaller', Principal: { AWS: arnOf('caller') } };

const trusts: readonly (readonly [string, Trust, object])[] = [
  [
    'a ServiceAccount’s token',
    {
      kind: 'web-identity',
      providerArn: 'arn:aws:iam::000000000001:oidc-provider/oidc.example.com/id/1',
      issuer: 'https://oidc.example.com/id/1',
      audience: 'sts.amazonaws.com',
      subject: 'system:serviceaccount:n:s',
    },
    {
      Sid: 'RollcallATrustsNS',
      Principal: {
        Federated: 'arn:aws:iam::000000000001:oidc-provider/oidc.example.com/id/1',
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          'oidc.example.com/id/1:aud': 'sts.amazonaws.com',
          'oidc.example.com/id/1:sub': 'system:serviceaccount:n:s',
        },
      },
    },
  ],
  ['a role', caller, { ...byCaller, Action: 'sts:AssumeRole' }],
  [
    'a role, by external id, pod and name',
    { ...caller, externalId: 'id', podTags: tags, sourceIdentity: 'rollcall-s' },
    {
      ...byCaller,
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition: {
        StringEquals: {
          'sts:ExternalId': 'id',
          ...podConditions,
          'sts:SourceIdentity': 'rollcall-s',
        },
      },
    },
  ],
  [
    'EKS Pod Identity',
    { kind: 'pod-identity', tags, account: '000000000001', sessionTags: true },
    {
      Sid: 'RollcallATrustsNS',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: { 'aws:SourceAccount': '000000000001', ...podConditions },
        ArnEquals: { 'aws:SourceArn': clusterArn },
      },
    },
  ],
  [
    'EKS Pod Identity without tags',
    { kind: 'pod-identity', tags, account: '000000000001', sessionTags: false },
    {
      Sid: 'RollcallATrustsNS',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: { 'aws:SourceAccount': '000000000001' },
        ArnEquals: { 'aws:SourceArn': clusterArn },
      },
    },
  ],
  [
    'people with a second factor',
    { kind: 'people', principalArn: arnOf('caller'), mfa: true },
    {
      ...byCaller,
      Action: 'sts:AssumeRole',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  ],
  [
    'people without one',
    { kind: 'people', principalArn: arnOf('caller'), mfa: false },
    { ...byCaller, Action: 'sts:AssumeRole' },
  ],
];

describe('a trust statement', () => {
  it.each(trusts)('lets in %s', (_, trust, statement) => {
    expect(trustStatements('a', roleOf({ trusts: [trust] }))).toEqual([
      { Effect: 'Allow', ...statement },
    ]);
  });
});

describe('permissions', () => {
  const allows = (permissions: readonly Permission[]) =>
    permissionStatements('a', roleOf({ permissions })).map(({ Sid, Action, Resource }) => [
      Sid.replace('RollcallA', ''),
      Action,
      Resource,
    ]);
  const hop = (name: string, tagSession: boolean, setSourceIdentity: boolean): Permission => ({
    kind: 'assume-role',
    roleArn: arnOf(name),
    tagSession,
    setSourceIdentity,
  });

  it('of hops: those that carry more on are allowed more, and no others', () => {
    expect(allows([hop('b', false, false), hop('c', true, true), hop('a', false, false)])).toEqual([
      ['AssumeTargetRoles', 'sts:AssumeRole', [arnOf('a'), arnOf('b')]],
      [
        'AssumeTargetRolesTaggedNamed',
        ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
        [arnOf('c')],
      ],
    ]);
  });

  it('that were asked for: in order, and as one where they differ in resources alone', () => {
    const conditioned = {
      ...asked(['x']),
      conditions: { Bool: { 'aws:SecureTransport': ['true'] }, StringLike: { k: ['a', 'b'] } },
    } as const;
    const all = [
      asked(['z', 'y']),
      asked(['*'], ['s3:*', 'ssm:*']),
      conditioned,
      asked(['y', 'x']),
      { kind: 'describe-cluster', clusterArn } as const,
    ];
    expect(allows(all)).toEqual([
      ['DescribeClusters', 'eks:DescribeCluster', [clusterArn]],
      ['Asked1', 's3:GetObject', ['z', 'y', 'x']],
      ['Asked2', ['s3:*', 'ssm:*'], ['*']],
      ['Asked3', 's3:GetObject', ['x']],
    ]);
    const [, , , last] = permissionStatements('a', roleOf({ permissions: all }));
    expect(last?.Condition).toEqual({
      Bool: { 'aws:SecureTransport': 'true' },
      StringLike: { k: ['a', 'b'] },
    });
  });
});
