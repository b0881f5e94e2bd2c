import type { AccountId, Region, RoleArn } from '../../../../src/names/arn.ts';
import type { RestartPlan, RestartStrategy } from '../../../../src/plan/restart-plan.ts';

/** The defaults of a fleet file, except the timeout: one wave, failures never halt. */
const strategy: RestartStrategy = {
  preflight: 'each',
  waves: [{ name: 'all', soakSeconds: 0, gates: [] }],
  maxConcurrentClusters: 10,
  maxConcurrentRollouts: 5,
  timeoutSeconds: 300,
  windows: [],
  blockers: [],
  blockerTimeoutSeconds: 900,
  evictOnDelete: false,
  diagnostics: false,
  argoRollouts: false,
};

export type PlanOverrides = Partial<Omit<RestartPlan, 'strategy'>> & {
  /** Put over the default strategy, field by field. */
  readonly strategy?: Partial<RestartStrategy>;
};

/** A plan that restarts the same Deployments of namespace `sts` in each cluster. */
export const makePlan = (
  clusters: readonly string[],
  names: readonly string[],
  overrides: PlanOverrides = {},
): RestartPlan => ({
  version: 2,
  fleet: 'test',
  restart: 'nightly',
  service: 'restarter',
  cronJob: 'nightly',
  identity: {
    kind: 'irsa',
    roleArn: 'arn:aws:iam::111122223333:role/hub' as RoleArn,
    region: 'eu-west-1' as Region,
  },
  record: { namespace: 'sts', configMaps: ['nightly-record-0'], lease: 'nightly-lock' },
  targets: clusters.map((cluster) => ({
    cluster,
    eksCluster: cluster,
    account: '444455556666' as AccountId,
    region: 'eu-west-1' as Region,
    partition: 'aws',
    roleArn: 'arn:aws:iam::444455556666:role/target' as RoleArn,
    wave: 0,
    shard: 0,
    workloads: [{ namespace: 'sts', kind: 'Deployment', names }],
  })),
  ...overrides,
  strategy: { ...strategy, ...overrides.strategy },
});
