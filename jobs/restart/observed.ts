/** A workload as the decision core sees it: the few facts that it needs, by kind. */
export type Observed =
  ObservedDeployment | ObservedStatefulSet | ObservedDaemonSet | ObservedRollout;

interface ObservedObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly labels: Readonly<Record<string, string>>;
  /** `spec.replicas`; the API server defaults it to 1. Of a DaemonSet the nodes that should have a pod. */
  readonly replicas: number;
  /** When its pods were last told to restart: see `stampOf` in the adapter for where it stands. */
  readonly stamp?: string;
  /** `metadata.annotations["rollcall.dev/run"]`: `<instant>/<restart>`. */
  readonly run?: string;
  /** `metadata.annotations["rollcall.dev/restart"]` is `never`: its owner does not want it. */
  readonly optedOut?: true;
  /** The GitOps agent that owns it, by its labels and annotations: `Flux Kustomization apps/web`. */
  readonly gitOps?: string;
  /** `spec.selector` as a label selector's text: which pods are its own. */
  readonly podSelector: string;
  /** Who wrote, from `metadata.managedFields`; writers of subresources (status, scale) left out. */
  readonly managers: readonly FieldManager[];
}

/** The stamp is `spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]`. */
export interface ObservedDeployment extends ObservedObject {
  readonly kind: 'Deployment';
  readonly paused: boolean;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly updatedReplicas: number;
    readonly availableReplicas: number;
    /** Reason of the Progressing condition, when there is one. */
    readonly progressing?: { readonly reason: string; readonly message: string };
  };
}

/** The stamp as of a Deployment. */
export interface ObservedStatefulSet extends ObservedObject {
  readonly kind: 'StatefulSet';
  readonly strategy: 'RollingUpdate' | 'OnDelete';
  /** Pods with a lower ordinal are never updated. Default: 0. */
  readonly partition: number;
  readonly status: {
    readonly observedGeneration: number;
    readonly replicas: number;
    readonly readyReplicas: number;
    readonly availableReplicas: number;
    readonly updatedReplicas: number;
    readonly currentRevision: string;
    readonly updateRevision: string;
  };
}

/** The stamp as of a Deployment. */
export interface ObservedDaemonSet extends ObservedObject {
  readonly kind: 'DaemonSet';
  readonly strategy: 'RollingUpdate' | 'OnDelete';
  readonly status: {
    readonly observedGeneration: number;
    readonly desiredNumberScheduled: number;
    readonly updatedNumberScheduled: number;
    readonly numberAvailable: number;
  };
}

/** Argo's. The stamp is `spec.restartAt`. */
export interface ObservedRollout extends ObservedObject {
  readonly kind: 'Rollout';
  /** Its updates are held; a restart is not (argo-rollouts, rollout/canary.go). */
  readonly paused: boolean;
  /** The Deployment whose template it runs (`spec.workloadRef`), where it has none of its own. */
  readonly workloadRef?: string;
  readonly status: {
    /** `status.restartedAt`: the last `restartAt` of which no older pod is left. */
    readonly restartedAt?: string;
    /** The controller has not seen the spec yet, or brings out another template: its pods are of two. */
    readonly updating?: true;
    /** `Healthy`, `Progressing`, `Paused`, `Degraded`. */
    readonly phase: string;
    readonly message: string;
    readonly availableReplicas: number;
  };
}

export interface FieldManager {
  readonly manager: string;
  readonly operation: string;
  /** RFC 3339. */
  readonly time: string;
  /** The stamp is its own. */
  readonly ownsStamp?: true;
}
