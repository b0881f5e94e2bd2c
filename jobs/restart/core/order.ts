import { isWell } from './outcome.ts';
import { clusterAt, groupsOf, type ClusterState, type Run, type WorkloadState } from './state.ts';

/** Makes a workload part of one more group: what comes after the group waits for it too. */
export function join(cluster: ClusterState, workload: WorkloadState, group: number): void {
  if (workload.groups.includes(group)) return;
  workload.groups.push(group);
  const { phase } = workload;
  if (phase.kind === 'proved' || phase.kind === 'dissolved') return;
  if (phase.kind !== 'ended') cluster.unproved[group] = (cluster.unproved[group] ?? 0) + 1;
  else if (!isWell(phase.outcome)) cluster.broken.add(group);
}

/** It is proved, or well without a proof: nothing in its groups waits for it any more. */
export function release(cluster: ClusterState, { groups }: WorkloadState): void {
  for (const group of groups) cluster.unproved[group] = (cluster.unproved[group] ?? 0) - 1;
}

/** It did not end well: what comes after its groups is not begun. */
export function breakGroups(cluster: ClusterState, { groups }: WorkloadState): void {
  for (const group of groups) cluster.broken.add(group);
}

/** The groups that a workload comes after; never one of its own, which would be itself. */
export const comesAfter = (run: Run, { cluster, groups }: WorkloadState): readonly number[] =>
  groups
    .flatMap((group) => groupsOf(run, cluster)[group]?.after ?? [])
    .filter((group) => !groups.includes(group));

/** Whether something that it comes after did not end well in its cluster. */
export const isAfterBroken = (run: Run, workload: WorkloadState): boolean =>
  comesAfter(run, workload).some((group) => clusterAt(run, workload.cluster).broken.has(group));

/** Whether all that it comes after is proved in its cluster. */
export const isItsTurn = (run: Run, workload: WorkloadState): boolean =>
  comesAfter(run, workload).every(
    (group) => clusterAt(run, workload.cluster).unproved[group] === 0,
  );
