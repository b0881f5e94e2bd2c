import type { AccountId, Partition, Region, RoleArn } from '../../../../src/names/arn.ts';
import type { ChainedWebIdentity, PlannedTarget } from '../../../../src/plan/restart-plan.ts';

export const hubRoleArn = 'arn:aws:iam::903716715040:role/eks-key-restarter-prd' as RoleArn;

export const identity: ChainedWebIdentity = {
  kind: 'irsa',
  roleArn: hubRoleArn,
  region: 'eu-west-1' as Region,
};

export const makeTarget = (changes: Partial<PlannedTarget> = {}): PlannedTarget => ({
  cluster: 'golf-prd',
  eksCluster: 'golf-prd-cluster',
  account: '508208880112' as AccountId,
  region: 'eu-west-2' as Region,
  partition: 'aws',
  roleArn: 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role' as RoleArn,
  wave: 0,
  shard: 0,
  workloads: [],
  ...changes,
});

export const regionsOf: readonly (readonly [Partition, string])[] = [
  ['aws', 'eu-west-1'],
  ['aws', 'us-east-1'],
  ['aws', 'ap-southeast-4'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
];
