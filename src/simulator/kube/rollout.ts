import type { Condition, DeploymentStatus } from './deployments.ts';

/** How many pods there are at one moment of a rollout. */
export interface PodCounts {
  readonly replicas: number;
  readonly updated: number;
  readonly available: number;
}

/**
 * The steps of a rolling update with 25 % surge and 25 % unavailable, from the moment in which the
 * controller sees the new template to the last old pod's end. At most seven, whatever the size.
 * One that fails stays at its first batch.
 */
export function rolloutSteps(replicas: number, failing: boolean): readonly PodCounts[] {
  if (replicas === 0) return [];
  const surge = Math.ceil(replicas / 4);
  const available = replicas - Math.floor(replicas / 4);
  const batch = (updated: number): PodCounts => ({
    replicas: replicas + surge,
    updated,
    available,
  });
  const seen = { replicas, updated: 0, available: replicas };
  if (failing) return [seen, batch(surge)];
  const batches: PodCounts[] = [];
  for (let updated = surge; updated < replicas; updated += surge) batches.push(batch(updated));
  return [
    seen,
    ...batches,
    batch(replicas),
    // Old pods are gone, and the last new one is not ready yet: where one may be unavailable.
    ...(available < replicas ? [{ replicas, updated: replicas, available: replicas - 1 }] : []),
  ];
}

/** Of the strategy `Recreate`: the old pods go before any new one comes. */
export function recreateSteps(replicas: number, failing: boolean): readonly PodCounts[] {
  if (replicas === 0) return [];
  const seen = { replicas, updated: 0, available: replicas };
  const made = { replicas, updated: replicas, available: 0 };
  return failing ? [seen, made] : [seen, { replicas: 0, updated: 0, available: 0 }, made];
}

/** The first pods of a Deployment: there are no old ones to wait for. */
export const firstSteps = (replicas: number, available: number): readonly PodCounts[] =>
  replicas === 0 ? [] : [{ replicas, updated: replicas, available: Math.min(available, replicas) }];

/** Of a change in number alone: pods of the same template come or go. */
export const scalingSteps = (replicas: number, available: number): readonly PodCounts[] =>
  replicas <= available ? [] : [{ replicas, updated: replicas, available }];

export const complete = (replicas: number): PodCounts => ({
  replicas,
  updated: replicas,
  available: replicas,
});

export type Progress = 'progressing' | 'complete' | 'deadline exceeded' | 'paused';

/** Reasons and messages: pkg/controller/deployment/util/deployment_util.go and progress.go. */
export function statusOf(
  counts: PodCounts,
  progress: Progress,
  at: {
    readonly observedGeneration: number;
    readonly replicaSet: string;
    readonly time: string;
    readonly wanted: number;
  },
  previous: DeploymentStatus | undefined,
): DeploymentStatus {
  const enough = counts.available >= at.wanted - Math.floor(at.wanted / 4);
  const condition = (next: Omit<Condition, 'lastUpdateTime' | 'lastTransitionTime'>): Condition => {
    const before = previous?.conditions?.find(({ type }) => type === next.type);
    const same = before?.reason === next.reason && before.message === next.message;
    return {
      ...next,
      lastUpdateTime: same && next.type === 'Available' ? before.lastUpdateTime : at.time,
      lastTransitionTime: before?.status === next.status ? before.lastTransitionTime : at.time,
    };
  };
  return {
    observedGeneration: at.observedGeneration,
    ...nonZero({
      replicas: counts.replicas,
      updatedReplicas: counts.updated,
      readyReplicas: counts.available,
      availableReplicas: counts.available,
      unavailableReplicas: counts.replicas - counts.available,
    }),
    conditions: [
      condition({
        type: 'Available',
        status: enough ? 'True' : 'False',
        reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        message: enough
          ? 'Deployment has minimum availability.'
          : 'Deployment does not have minimum availability.',
      }),
      condition({ type: 'Progressing', ...progressing(progress, at.replicaSet) }),
    ],
  };
}

function progressing(progress: Progress, replicaSet: string) {
  switch (progress) {
    case 'progressing':
      return {
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${replicaSet}" is progressing.`,
      } as const;
    case 'complete':
      return {
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${replicaSet}" has successfully progressed.`,
      } as const;
    case 'deadline exceeded':
      return {
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${replicaSet}" has timed out progressing.`,
      } as const;
    case 'paused':
      return {
        status: 'Unknown',
        reason: 'DeploymentPaused',
        message: 'Deployment is paused',
      } as const;
  }
}

const nonZero = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
