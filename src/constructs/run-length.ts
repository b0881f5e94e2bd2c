import type { RestartPlan } from '../plan/restart-plan.ts';

/** For connecting, the run record and the final look. Seconds. */
const overhead = 600;
const oneDay = 24 * 3600;

/**
 * The longest that a run of this plan can take when every workload uses up its timeout: a Job that
 * is still active then is stuck. Seconds, at most a day.
 */
export function longestRunSeconds(plan: RestartPlan): number {
  const { maxConcurrentClusters, maxConcurrentRollouts, timeoutSeconds } = plan.strategy;
  const perCluster = plan.targets.map((target) =>
    target.workloads.reduce((sum, workloads) => sum + workloads.names.length, 0),
  );
  const rounds =
    Math.ceil(plan.targets.length / maxConcurrentClusters) *
    Math.ceil(Math.max(1, ...perCluster) / maxConcurrentRollouts);
  return Math.min(oneDay, rounds * timeoutSeconds + overhead);
}
