import type { WorkloadKind } from '../../../src/plan/restart-plan.ts';
import type { FieldManager, Observed } from '../../../jobs/restart/observed.ts';

/** The wall clock at virtual time 0: the scheduled minute of the first run, a Monday. */
export const epoch = Date.UTC(2026, 10, 23, 2, 15);

/** RFC 3339 at a whole second, as API servers write times. */
export const rfc3339 = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');

export interface Pod {
  readonly ordinal: number;
  readonly revision: number;
  /** Its template's stamp, as a time; of an Argo Rollout's pod the moment it was made. */
  readonly restarted: number;
  ready: boolean;
}

/** A workload as its cluster has it: spec, pods, and what its controller has seen. */
export interface SimWorkload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly workloadRef: string | undefined;
  readonly gitOps: string | undefined;
  /** `Recreate` of Deployments, `OnDelete` of sets. */
  readonly otherStrategy: boolean;
  readonly partition: number;
  resourceVersion: number;
  generation: number;
  replicas: number;
  stamp: string | undefined;
  run: string | undefined;
  optedOut: boolean;
  paused: boolean;
  managers: readonly FieldManager[];
  /** Of the template: counts its changes. */
  revision: number;
  currentRevision: number;
  observedGeneration: number;
  restartedAt: string | undefined;
  pods: Pod[];
  /** New pods don't come up. */
  broken: boolean;
  /** When its rollout last came on. Virtual milliseconds. */
  progressAt: number;
  stalled: boolean;
}

export const timeOf = (stamp: string | undefined): number =>
  stamp === undefined ? -Infinity : Date.parse(stamp);

export const newPod = (
  { kind, stamp, revision }: SimWorkload,
  ordinal: number,
  now: number,
): Pod => ({
  ordinal,
  revision,
  restarted: kind === 'Rollout' ? epoch + now : timeOf(stamp),
  ready: false,
});

/**
 * Since when all pods are newer: the oldest stamp that a pod was made with, where all are there and
 * ready. What a proof is checked against, and known to no adapter.
 */
export function renewedSince(one: SimWorkload): number {
  const { replicas, partition } = one;
  const pods = wantedPods(one);
  if (pods.filter(({ ready }) => ready).length < replicas) return -Infinity;
  return Math.min(
    ...pods.filter(({ ordinal }) => ordinal >= partition).map(({ restarted }) => restarted),
  );
}

/** Those of a set that lie beyond its size are on their way out. */
const wantedPods = ({ kind, pods, replicas }: SimWorkload): readonly Pod[] =>
  kind === 'DaemonSet' || kind === 'StatefulSet'
    ? pods.filter(({ ordinal }) => ordinal < replicas)
    : pods;

/** What the API shows of it. */
export function observedOf(one: SimWorkload): Observed {
  const { kind, namespace, name, uid, labels, generation, replicas, pods, observedGeneration } =
    one;
  const common = {
    namespace,
    name,
    uid,
    resourceVersion: String(one.resourceVersion),
    generation,
    labels,
    replicas,
    podSelector: `app=${name}`,
    managers: one.managers,
    ...(one.stamp !== undefined && { stamp: one.stamp }),
    ...(one.run !== undefined && { run: one.run }),
    ...(one.optedOut && { optedOut: true as const }),
    ...(one.gitOps !== undefined && { gitOps: one.gitOps }),
  };
  const wanted = wantedPods(one);
  const ready = pods.filter((pod) => pod.ready).length;
  const updated = pods.filter(({ revision }) => revision === one.revision).length;
  switch (kind) {
    case 'Deployment':
      return {
        kind,
        ...common,
        paused: one.paused,
        strategy: one.otherStrategy ? 'Recreate' : 'RollingUpdate',
        status: {
          observedGeneration,
          replicas: pods.length,
          updatedReplicas: updated,
          availableReplicas: ready,
          progressing: one.stalled
            ? { reason: 'ProgressDeadlineExceeded', message: 'has timed out progressing' }
            : { reason: 'NewReplicaSetAvailable', message: 'has progressed' },
        },
      };
    case 'StatefulSet':
      return {
        kind,
        ...common,
        strategy: one.otherStrategy ? 'OnDelete' : 'RollingUpdate',
        partition: one.partition,
        status: {
          observedGeneration,
          replicas: pods.length,
          readyReplicas: ready,
          availableReplicas: ready,
          updatedReplicas: updated,
          currentRevision: `r${one.currentRevision}`,
          updateRevision: `r${one.revision}`,
        },
      };
    case 'DaemonSet':
      return {
        kind,
        ...common,
        strategy: one.otherStrategy ? 'OnDelete' : 'RollingUpdate',
        status: {
          observedGeneration,
          desiredNumberScheduled: replicas,
          updatedNumberScheduled: wanted.filter(({ revision }) => revision === one.revision).length,
          numberAvailable: wanted.filter((pod) => pod.ready).length,
        },
      };
    case 'Rollout':
      return {
        kind,
        ...common,
        paused: one.paused,
        ...(one.workloadRef !== undefined && { workloadRef: one.workloadRef }),
        status: {
          phase: one.stalled ? 'Degraded' : ready < replicas ? 'Progressing' : 'Healthy',
          message: one.stalled ? 'ProgressDeadlineExceeded: has timed out progressing' : '',
          availableReplicas: ready,
          ...(one.restartedAt !== undefined && { restartedAt: one.restartedAt }),
        },
      };
  }
}
