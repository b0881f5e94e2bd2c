import type { KubeObject } from '../objects.ts';
import { isRecord, timestamp } from '../objects.ts';
import { nameSuffix } from '../pods/pod-state.ts';
import { deployments, rollouts } from '../resources.ts';
import { formatSelector } from '../selector-text.ts';
import type { SetKind, SetPod, SetView } from './set-kind.ts';
import { countOf, nonZero, readyCount } from './set-kind.ts';
import type { SetSpec } from './sets.ts';
import { specOf } from './sets.ts';

interface RolloutSpec extends SetSpec {
  readonly paused?: boolean;
  readonly restartAt?: string;
  readonly workloadRef?: { readonly kind?: string; readonly name?: string };
}

const rolloutSpec = (object: KubeObject): RolloutSpec => specOf(object);

const restartedAtOf = ({ status }: KubeObject): string | undefined =>
  isRecord(status) && typeof status.restartedAt === 'string' ? status.restartedAt : undefined;

/** A restart is asked for, its time has come, and it has not been carried out (`NeedsRestart`). */
function needsRestart(object: KubeObject, now: number): number | undefined {
  const { restartAt } = rolloutSpec(object);
  if (restartAt === undefined) return undefined;
  const at = Date.parse(restartAt);
  const done = restartedAtOf(object);
  if (done !== undefined && Date.parse(done) === at) return undefined;
  return now >= at ? at : undefined;
}

/** creationTimestamp has whole seconds, and one that is equal is not restarted. */
const isOlder = ({ createdAt }: SetPod, restartAt: number): boolean =>
  Date.parse(timestamp(createdAt)) < restartAt;

/**
 * Argo Rollouts' controller, played (argo-rollouts rollout/restart.go, utils/rollout/rolloututil.go):
 * pods older than `spec.restartAt` are evicted one by one, paused or not; once none is left,
 * `status.restartedAt` is set. A new template sets it at once, since it renews the pods anyway.
 * Updates have no steps.
 */
export const argoRolloutKind: SetKind = {
  type: rollouts,
  wanted: (object) => rolloutSpec(object).replicas ?? 1,
  template(object, store) {
    const { workloadRef, template } = rolloutSpec(object);
    if (workloadRef?.kind !== deployments.kind || workloadRef.name === undefined) return template;
    const deployment = store.get(deployments, object.metadata.namespace, workloadRef.name);
    return deployment && specOf(deployment).template;
  },
  parallel: () => true,
  stale(object, pod, { update, changed, now }) {
    if (pod.revision.hash !== update.hash) return rolloutSpec(object).paused !== true;
    const restartAt = changed ? undefined : needsRestart(object, now);
    return restartAt !== undefined && isOlder(pod, restartAt);
  },
  revisionAt: (_, __, { update }) => update,
  completes: (_, view) => countOf(view, view.update) === view.wanted,
  status(object, view) {
    const restartedAt = restartedAtNow(object, view);
    const ready = readyCount(view);
    const counts = nonZero({
      replicas: view.pods.length,
      HPAReplicas: view.pods.length,
      updatedReplicas: countOf(view, view.update),
      readyReplicas: ready,
      availableReplicas: ready,
    });
    return {
      blueGreen: {},
      canary: {},
      ...counts,
      currentPodHash: view.update.hash,
      stableRS: view.current.hash,
      observedGeneration: String(view.observedGeneration),
      selector: formatSelector(rolloutSpec(object).selector),
      ...(restartedAt !== undefined && { restartedAt }),
      ...phaseOf(object, view, restartedAt),
    };
  },
  podName: ({ metadata }, { serial, revision }) =>
    `${metadata.name}-${revision.hash}-${nameSuffix(`${metadata.uid ?? ''}/${serial}`)}`,
  podLabels: (_, { revision }) => ({ 'rollouts-pod-template-hash': revision.hash }),
  goal: (object, { hash }) => `${hash} ${rolloutSpec(object).restartAt ?? ''}`,
  wakeAfter(object, now) {
    const { restartAt } = rolloutSpec(object);
    const after = restartAt === undefined ? 0 : Date.parse(restartAt) - now;
    return after > 0 ? after : undefined;
  },
};

function restartedAtNow(object: KubeObject, { changed, pods, now }: SetView): string | undefined {
  const { restartAt } = rolloutSpec(object);
  if (changed) return restartAt;
  const at = needsRestart(object, now);
  const isDone = at !== undefined && !pods.some((pod) => isOlder(pod, at));
  return isDone ? restartAt : restartedAtOf(object);
}

type Phase = 'Degraded' | 'Healthy' | 'Paused' | 'Progressing';

/** `CalculateRolloutPhase`, in its order. */
function phaseOf(
  object: KubeObject,
  view: SetView,
  restartedAt: string | undefined,
): { readonly phase: Phase; readonly message?: string } {
  const { paused, restartAt } = rolloutSpec(object);
  const updated = countOf(view, view.update);
  if (view.overdue) {
    const replicaSet = `${object.metadata.name}-${view.update.hash}`;
    const message = `ProgressDeadlineExceeded: ReplicaSet "${replicaSet}" has timed out progressing.`;
    return { phase: 'Degraded', message };
  }
  if (paused) return { phase: 'Paused', message: 'manually paused' };
  const progressing = (message: string) => ({ phase: 'Progressing', message }) as const;
  if (restartAt !== undefined && restartAt !== restartedAt)
    return progressing('rollout is restarting');
  if (updated < view.wanted) return progressing('more replicas need to be updated');
  if (readyCount(view) < updated)
    return progressing('updated replicas are still becoming available');
  if (view.pods.length > updated) return progressing('old replicas are pending termination');
  return { phase: 'Healthy' };
}
