import { describe, expect, it } from '@jest/globals';
import { assumeForPod } from '../../../src/simulator/aws/pod-identity.ts';
import type { PodIdentityAssociation } from '../../../src/simulator/aws/pod-identity.ts';
import type { AwsCall } from '../../../src/simulator/aws/calls.ts';
import { outcome } from '../support/outcome.ts';
import { allow, hubAccount, makeAws, policy, roleTrust, targetAccount } from '../support/aws.ts';
import type { AwsParts, Json } from '../support/aws.ts';

const clusterArn = `arn:aws:eks:eu-west-1:${hubAccount}:cluster/ci-cluster`;
const roleArn = `arn:aws:iam::${hubAccount}:role/pods/key-restarter`;
const targetRoleArn = `arn:aws:iam::${targetAccount}:role/target`;
const externalId = `eu-west-1/${hubAccount}/ci-cluster/sts/key-restarter`;
const pod = {
  namespace: 'sts',
  serviceAccount: 'key-restarter',
  name: 'key-restarter-29384756-abcde',
  uid: '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9',
};
const association: PodIdentityAssociation = {
  clusterArn,
  namespace: 'sts',
  serviceAccount: 'key-restarter',
  roleArn,
};
const withTarget = { ...association, targetRoleArn, externalId };
const both = ['sts:AssumeRole', 'sts:TagSession'];
const byTags = {
  StringEquals: {
    'aws:SourceAccount': hubAccount,
    'aws:RequestTag/eks-cluster-arn': clusterArn,
    'aws:RequestTag/kubernetes-namespace': 'sts',
    'aws:RequestTag/kubernetes-service-account': 'key-restarter',
  },
  ArnEquals: { 'aws:SourceArn': clusterArn },
};
const service = { Principal: { Service: 'pods.eks.amazonaws.com' } };
const unauthorized =
  'AccessDeniedException: Unauthorized Exception! EKS does not have permissions to assume the associated role.';

interface Sides {
  readonly trust?: Json;
  readonly targetTrust?: Json;
  readonly permissions?: readonly string[];
}

/** A pod's role, and a target role that trusts it as the EKS user guide has it. */
function podAws({ trust = {}, targetTrust = {}, permissions = both }: Sides = {}): AwsParts {
  const aws = makeAws();
  const own = { ...service, Effect: 'Allow', Action: both, Condition: byTags, ...trust };
  aws.iam.createRole({ arn: roleArn, trust: policy(own) });
  aws.iam.putPolicy(roleArn, 'own', policy(...permissions.map((one) => allow(one, targetRoleArn))));
  const Condition = {
    ArnEquals: { 'aws:PrincipalArn': roleArn },
    StringEquals: {
      'sts:ExternalId': externalId,
      'aws:RequestTag/kubernetes-namespace': 'sts',
      'aws:PrincipalTag/kubernetes-service-account': 'key-restarter',
    },
  };
  const root = `arn:aws:iam::${hubAccount}:root`;
  const of = roleTrust(root, { Action: both, Condition, ...targetTrust });
  aws.iam.createRole({ arn: targetRoleArn, trust: policy(of) });
  return aws;
}

describe('EKS Pod Identity', () => {
  it('gives a pod its role for six hours, with six transitive tags', () => {
    const aws = podAws();
    const session = assumeForPod(aws.sts, association, pod);
    expect(session.role.arn).toBe(roleArn);
    expect(session.expiration - aws.clock.now()).toBe(6 * 3_600_000);
    expect(Object.fromEntries(session.tags ?? [])).toEqual({
      'eks-cluster-arn': clusterArn,
      'eks-cluster-name': 'ci-cluster',
      'kubernetes-namespace': 'sts',
      'kubernetes-service-account': 'key-restarter',
      'kubernetes-pod-name': pod.name,
      'kubernetes-pod-uid': pod.uid,
    });
    expect(session.transitiveTagKeys).toEqual([...(session.tags ?? new Map()).keys()]);
    expect(session.name).toMatch(/^eks-[\w+=,.@-]{2,60}$/);
  });

  it('and the target role for one', () => {
    const aws = podAws();
    const calls: AwsCall[] = [];
    const stop = aws.sts.calls.listen((call) => calls.push(call));
    const session = assumeForPod(aws.sts, withTarget, pod);
    stop();
    assumeForPod(aws.sts, withTarget, pod);
    expect(session.role.arn).toBe(targetRoleArn);
    expect(session.expiration - aws.clock.now()).toBe(3_600_000);
    expect(session.tags?.size).toBe(6);
    expect(calls).toEqual([
      { action: 'sts:AssumeRole', resource: roleArn, caller: 'pods.eks.amazonaws.com' },
      { action: 'sts:TagSession', resource: roleArn, caller: 'pods.eks.amazonaws.com' },
      { action: 'sts:AssumeRole', resource: targetRoleArn, caller: roleArn },
      { action: 'sts:TagSession', resource: targetRoleArn, caller: roleArn },
    ]);
  });

  it.each<[string, Sides, Partial<PodIdentityAssociation>, string]>([
    ['all is well', {}, {}, 'issued'],
    ['the trust lacks sts:TagSession', { trust: { Action: both[0] } }, {}, unauthorized],
    [
      'the trust lacks it, and tags are off',
      {
        trust: { Action: both[0], Condition: {} },
        permissions: both.slice(0, 1),
        targetTrust: {
          Action: both[0],
          Condition: { StringEquals: { 'sts:ExternalId': externalId } },
        },
      },
      { disableSessionTags: true },
      'issued',
    ],
    ['tags are off, and the trust tests them', {}, { disableSessionTags: true }, unauthorized],
    [
      'the trust is for another service',
      { trust: { Principal: { Service: 'ec2.amazonaws.com' } } },
      {},
      unauthorized,
    ],
    ['another cluster', {}, { clusterArn: `${clusterArn}-2` }, unauthorized],
    ['its own role may not go on', { permissions: ['sts:GetCallerIdentity'] }, {}, unauthorized],
    ['it may not tag', { permissions: both.slice(0, 1) }, {}, unauthorized],
    ['the target lacks sts:TagSession', { targetTrust: { Action: both[0] } }, {}, unauthorized],
    ['another external id', {}, { externalId: `${externalId}-2` }, unauthorized],
    ['no such role', {}, { roleArn: `${roleArn}-2` }, unauthorized],
    [
      'a role of another account',
      {},
      { roleArn: targetRoleArn },
      `InvalidParameterException: The role ${targetRoleArn} is not of the cluster's account ${hubAccount}.`,
    ],
    [
      'another ServiceAccount’s pod',
      {},
      { serviceAccount: 'default' },
      'ResourceNotFoundException: No association found for ServiceAccount sts/key-restarter.',
    ],
  ])('%s', (_, sides, over, expected) => {
    const { sts } = podAws(sides);
    expect(outcome(() => assumeForPod(sts, { ...withTarget, ...over }, pod))).toBe(expected);
  });

  it('says in the cause which hop was refused, and for which action', () => {
    const { sts } = podAws({ targetTrust: { Action: both[0] } });
    const assume = () => assumeForPod(sts, withTarget, pod);
    expect(assume).toThrow(
      expect.objectContaining({
        cause: expect.objectContaining({
          message: expect.stringMatching(`sts:TagSession on resource: ${targetRoleArn}`) as unknown,
        }) as unknown,
      }),
    );
  });
});
