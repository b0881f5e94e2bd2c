import type { PlannedTarget } from '../../src/plan/restart-plan.ts';

/** Time, injected. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A workload as the decision core sees it: the few facts of a Deployment that it needs. */
export interface Observed {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly paused: boolean;
  /** `spec.replicas`; the API server defaults it to 1. */
  readonly replicas: number;
  readonly status: ObservedStatus;
  /** `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`. */
  readonly stamp?: string;
  /** `metadata.annotations["rollcall.dev/run"]`: `<instant>/<restart>`. */
  readonly run?: string;
  /** Who wrote, from `metadata.managedFields`; writers of subresources (status, scale) left out. */
  readonly managers: readonly FieldManager[];
}

export interface ObservedStatus {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly availableReplicas: number;
  /** Reason of the Progressing condition, when there is one. */
  readonly progressing?: { readonly reason: string; readonly message: string };
}

export interface FieldManager {
  readonly manager: string;
  readonly operation: string;
  /** RFC 3339. */
  readonly time: string;
  /** The stamp in the pod template is its own. */
  readonly ownsStamp?: true;
}

/** A namespace's workloads, or one of them by name (a field selector that RBAC can authorise). */
export interface WorkloadQuery {
  readonly namespace: string;
  readonly name?: string;
}

export type WatchEvent =
  | { readonly type: 'changed'; readonly object: Observed }
  | { readonly type: 'deleted'; readonly object: Observed }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

export interface Stamp {
  /** RFC 3339, second resolution: the run's instant. */
  readonly instant: string;
  readonly restart: string;
  /** The precondition: the version on which the decision to patch was taken. */
  readonly resourceVersion: string;
}

export type PatchResult =
  | { readonly kind: 'patched'; readonly object: Observed }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'notFound' };

/** Workloads of one cluster. Every call may throw `LinkError`. */
export interface Workloads {
  list(
    query: WorkloadQuery,
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly Observed[]; readonly resourceVersion: string }>;
  /** Ends when the server ends it or falls silent; throws `WatchExpired` on 410. */
  watch(
    query: WorkloadQuery,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent>;
  get(namespace: string, name: string, signal: AbortSignal): Promise<Observed | undefined>;
  patch(namespace: string, name: string, stamp: Stamp, signal: AbortSignal): Promise<PatchResult>;
}

export interface Connection {
  readonly workloads: Workloads;
  close(): Promise<void>;
}

/** The way into a target: every identity hop, describe, and a client that keeps its token fresh. */
export interface Clusters {
  connect(target: PlannedTarget, signal: AbortSignal): Promise<Connection>;
}

/** One ConfigMap of the run record. */
export interface RecordShard {
  readonly data: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
}

/** The run record's ConfigMaps in the hub. Calls may throw `LinkError` with link `record`. */
export interface RecordStore {
  read(configMap: string, signal: AbortSignal): Promise<RecordShard>;
  /** Replaces `data` on the precondition that `resourceVersion` is still current. */
  write(
    configMap: string,
    data: Readonly<Record<string, string>>,
    resourceVersion: string,
    signal: AbortSignal,
  ): Promise<RecordShard | 'conflict'>;
}
