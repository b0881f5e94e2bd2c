import type { AccountId, Region, RoleArn } from '../../../../src/names/arn.ts';
import type { RestartPlan } from '../../../../src/plan/restart-plan.ts';

/** A plan that restarts the same Deployments of namespace `sts` in each cluster. */
export const makePlan = (
  clusters: readonly string[],
  names: readonly string[],
  overrides: Partial<RestartPlan> = {},
): RestartPlan => ({
  version: 1,
  fleet: 'test',
  restart: 'nightly',
  service: 'restarter',
  cronJob: 'nightly',
  identity: {
    kind: 'irsa',
    roleArn: 'arn:aws:iam::111122223333:role/hub' as RoleArn,
    region: 'eu-west-1' as Region,
  },
  record: { namespace: 'sts', configMaps: ['nightly-record-0'], perShard: 2000 },
  strategy: { maxConcurrentClusters: 10, maxConcurrentRollouts: 5, timeoutSeconds: 300 },
  targets: clusters.map((cluster) => ({
    cluster,
    eksCluster: cluster,
    account: '444455556666' as AccountId,
    region: 'eu-west-1' as Region,
    partition: 'aws',
    roleArn: 'arn:aws:iam::444455556666:role/target' as RoleArn,
    workloads: [{ namespace: 'sts', kind: 'Deployment', names }],
  })),
  ...overrides,
});
