import type { PlannedWorkloads } from '../plan/restart-plan.ts';

/**
 * Workloads in one ConfigMap of the run record. Each write carries the whole of one, so that small
 * ones keep the cost of a large run linear: some 20 kB here.
 */
export const workloadsPerRecordShard = 250;

/** How many workloads a selector is taken to find: only the cluster knows. */
export const workloadsPerSelector = 100;

/** The workloads of a cluster, as far as a plan knows them. */
export const workloadsInCluster = (workloads: readonly PlannedWorkloads[]): number =>
  workloads.reduce(
    (sum, { names, selector }) => sum + (selector ? workloadsPerSelector : names.length),
    0,
  );

/**
 * Which ConfigMap the nth cluster is in, when each has these workloads: they are filled in order, and
 * a cluster is never split, however many it has.
 */
export function shardsOf(workloads: readonly PlannedWorkloads[]): (cluster: number) => number {
  const clusters = Math.floor(workloadsPerRecordShard / workloadsInCluster(workloads));
  return (cluster) => Math.floor(cluster / Math.max(1, clusters));
}
