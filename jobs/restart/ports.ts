import type { PlannedCheck, PlannedTarget, WorkloadKind } from '../../src/plan/restart-plan.ts';
import type { Observed } from './observed.ts';

export type { FieldManager, Observed } from './observed.ts';

/** Time, injected. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Milliseconds since some moment of this process: it never jumps. */
  monotonic(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A workload within its cluster. */
export interface WorkloadId {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/**
 * A namespace's workloads of one kind; narrowed to one name (a field selector, which RBAC can
 * authorise). Never by labels: what has lost its label would seem to be gone.
 */
export interface WorkloadQuery {
  readonly kind: WorkloadKind;
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
  get(id: WorkloadId, signal: AbortSignal): Promise<Observed | undefined>;
  patch(id: WorkloadId, stamp: Stamp, signal: AbortSignal): Promise<PatchResult>;
}

/** One right, as RBAC has it. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** Plural, with a subresource after a slash: `pods/eviction`. */
  readonly resource: string;
  readonly namespace: string;
  /** Absent: without a name, as a list is asked for. */
  readonly name?: string;
}

/** A rule of a namespace, as a SelfSubjectRulesReview gives it. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
}

/** What the caller may do in a cluster. Every call may throw `LinkError`. */
export interface Reviews {
  /** Where `incomplete`, what is not in the rules may be allowed all the same. */
  rules(
    namespace: string,
    signal: AbortSignal,
  ): Promise<{ readonly rules: readonly Rule[]; readonly incomplete: boolean }>;
  allowed(right: Right, signal: AbortSignal): Promise<boolean>;
}

/** Why the pods of a workload are not ready. */
export interface Diagnosis {
  /** One line: the most telling reason, with the pods that have it. Empty: nothing found. */
  readonly summary: string;
  /** A crash loop or an image that can't be pulled, on pods made after the stamp. */
  readonly hopeless: boolean;
}

export type Eviction =
  | { readonly kind: 'evicted'; readonly pod: string }
  /** A PodDisruptionBudget allows none just now (429). */
  | { readonly kind: 'blocked'; readonly message: string }
  /** No pod of an older revision is left. */
  | { readonly kind: 'none' };

/** Pods of one workload: only where the plan's options allow to touch them. May throw `LinkError`. */
export interface Pods {
  /** @param since RFC 3339: pods made before do not make a diagnosis hopeless */
  diagnose(workload: Observed, since: string, signal: AbortSignal): Promise<Diagnosis>;
  /** Evicts one pod that is not of the workload's newest revision. */
  evictOne(workload: Observed, signal: AbortSignal): Promise<Eviction>;
  /** An Event on the workload that says which run restarted it. */
  announce(workload: Observed, stamp: Stamp, signal: AbortSignal): Promise<void>;
}

export interface Connection {
  readonly workloads: Workloads;
  readonly reviews: Reviews;
  readonly pods: Pods;
  close(): Promise<void>;
}

/** The way into a target: every identity hop, describe, and a client that keeps its token fresh. */
export interface Clusters {
  connect(target: PlannedTarget, signal: AbortSignal): Promise<Connection>;
}

/** One ConfigMap of the run record. */
export interface RecordShard {
  readonly data: Readonly<Record<string, string>>;
  /** What operators have written: `rollcall.dev/stop` and its like. */
  readonly annotations: Readonly<Record<string, string>>;
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

/** A `coordination.k8s.io/v1` Lease, as far as it matters. */
export interface Lease {
  /** Empty: nobody's. */
  readonly holder: string;
  readonly durationSeconds: number;
  readonly transitions: number;
  /** Changes with each renewal; never compared with a clock. */
  readonly resourceVersion: string;
}

/** The Lease in the hub, made beforehand. Calls may throw `LinkError` with link `record`. */
export interface LeaseStore {
  read(signal: AbortSignal): Promise<Lease>;
  /** Writes holder, duration, transitions and the moment, on the precondition of `resourceVersion`. */
  write(lease: Lease, now: number, signal: AbortSignal): Promise<Lease | 'conflict'>;
}

/** What a check has found. For a blocker, `holds` of a condition and `quiet: false` block. */
export type CheckAnswer =
  | { readonly kind: 'yes'; readonly message: string }
  | { readonly kind: 'no'; readonly message: string };

export interface GateJob {
  /** The Job's name: the same for every attempt at a run, so that it is made once. */
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
}

export type GateJobState =
  | { readonly kind: 'running' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly message: string };

/** The hub's side of a run. */
export interface Hub {
  readonly store: RecordStore;
  readonly lease: LeaseStore;
  /** `yes`: the condition holds, or the query answers with something. Throws `LinkError` with link `check`. */
  check(check: PlannedCheck, signal: AbortSignal): Promise<CheckAnswer>;
  /** Makes the Job if it is not there, and says how it stands. Throws `LinkError` with link `check`. */
  gateJob(job: GateJob, signal: AbortSignal): Promise<GateJobState>;
  close(): Promise<void>;
}
