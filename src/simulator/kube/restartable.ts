import type { KubeObject } from './objects.ts';
import { daemonSets, deployments, rollouts, statefulSets } from './resources.ts';
import type { ResourceType } from './resources.ts';
import { at } from './fields.ts';

/** The kinds that Rollcall restarts. */
export type RestartableKind = 'DaemonSet' | 'Deployment' | 'Rollout' | 'StatefulSet';

const types: Readonly<Record<RestartableKind, ResourceType>> = {
  DaemonSet: daemonSets,
  Deployment: deployments,
  Rollout: rollouts,
  StatefulSet: statefulSets,
};

export const restartableType = (kind: RestartableKind): ResourceType => types[kind];

export const isRestartable = (type: ResourceType): boolean => Object.values(types).includes(type);

/** `kubectl.kubernetes.io/restartedAt` of the pod template; of a Rollout, `spec.restartAt`. */
export function stampOf(object: KubeObject): string | undefined {
  const stamp =
    object.kind === rollouts.kind
      ? at(object.spec, 'restartAt')
      : at(object.spec, 'template', 'metadata', 'annotations', restartedAt);
  return typeof stamp === 'string' ? stamp : undefined;
}

export const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** Where the rollout of the current generation stands: in its middle, or just complete. */
export function rolloutMoment(object: KubeObject): 'midway' | 'complete' | undefined {
  const { metadata, status } = object;
  // Argo's is text.
  if (Number(at(status, 'observedGeneration') ?? 0) < (metadata.generation ?? 0)) return undefined;
  const number = (field: string): number => Number(at(status, field) ?? 0);
  switch (object.kind) {
    case 'StatefulSet': {
      const partition = Number(
        at(object.spec, 'updateStrategy', 'rollingUpdate', 'partition') ?? 0,
      );
      const wanted = Number(at(object.spec, 'replicas') ?? 1);
      const updated = number('updatedReplicas');
      if (updated >= wanted - partition && number('readyReplicas') === wanted) return 'complete';
      return updated > 0 ? 'midway' : undefined;
    }
    case 'DaemonSet': {
      const wanted = number('desiredNumberScheduled');
      const updated = number('updatedNumberScheduled');
      if (updated === wanted && number('numberAvailable') === wanted) return 'complete';
      return updated > 0 ? 'midway' : undefined;
    }
    case 'Rollout':
      if (at(status, 'phase') === 'Healthy') return 'complete';
      return at(status, 'phase') === 'Progressing' ? 'midway' : undefined;
    default: {
      const reason = progressingReason(status);
      if (reason === 'NewReplicaSetAvailable') return 'complete';
      const isUnderWay = reason === 'ReplicaSetUpdated' && number('updatedReplicas') > 0;
      return isUnderWay ? 'midway' : undefined;
    }
  }
}

function progressingReason(status: unknown): unknown {
  const conditions = at(status, 'conditions');
  const found: unknown = Array.isArray(conditions)
    ? conditions.find((one: unknown) => at(one, 'type') === 'Progressing')
    : undefined;
  return at(found, 'reason');
}
