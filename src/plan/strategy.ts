/** How much at once, in which order, when, and when to stop. All defaults are filled in. */
export interface RestartStrategy {
  /**
   * `each`: a cluster is examined just before its own first change, and holds back nobody else.
   * `all`: every cluster is examined before the first change to any, and one that fails holds back all.
   */
  readonly preflight: 'each' | 'all';
  /** In order, at least one. */
  readonly waves: readonly PlannedWave[];
  /** Clusters at work at once; one that soaks is not at work. */
  readonly maxConcurrentClusters: number;
  /** Rollouts under way at once in one cluster. */
  readonly maxConcurrentRollouts: number;
  /** Rollouts under way at once in all clusters together. Absent: no limit of its own. */
  readonly maxConcurrentRolloutsOverall?: number;
  /** How many workloads may fail, time out or be reverted. Absent: failures never halt the run. */
  readonly failureBudget?: FailureBudget;
  /** How long one workload may take from its patch to its proof. Seconds. */
  readonly timeoutSeconds: number;
  /** How long one cluster may take, from its connection. Seconds. Absent: no limit of its own. */
  readonly clusterTimeoutSeconds?: number;
  /** How long a pod of the run may work, gates and soaks included. Seconds. Absent: none of its own. */
  readonly runTimeoutSeconds?: number;
  /** New restarts begin in one of these only. Empty: at any time. */
  readonly windows: readonly PlannedWindow[];
  /** A workload that was restarted less than so long before the run's instant is left. Seconds. */
  readonly minIntervalSeconds?: number;
  readonly stormBreaker?: StormBreaker;
  /** Nothing begins while one of these blocks, or can't be asked. */
  readonly blockers: readonly PlannedCheck[];
  /** How long blockers are waited for before the run ends as refused. Seconds. */
  readonly blockerTimeoutSeconds: number;
  /** So long after the last proof every stamp is looked at once more. Seconds. Absent: not at all. */
  readonly settleSeconds?: number;
  /** Pods of `OnDelete` workloads are evicted one by one. False: such workloads are left and reported. */
  readonly evictOnDelete: boolean;
  /** Pods and events may be read and events be written, to say why a rollout does not come up. */
  readonly diagnostics: boolean;
  /** Rollouts may be listed, to find the Deployments that stand behind one. */
  readonly argoRollouts: boolean;
}

/** Clusters that are restarted together: the next wave begins when this one is proved. */
export interface PlannedWave {
  readonly name: string;
  /** After its last proof, so long must everything stay healthy. Seconds. */
  readonly soakSeconds: number;
  /** What must hold before the wave begins. */
  readonly gates: readonly PlannedGate[];
}

/** More failures than this halt the run. */
export type FailureBudget =
  | { readonly kind: 'count'; readonly count: number }
  /** Of the workloads that are known, rounded down. */
  | { readonly kind: 'percent'; readonly percent: number };

export type PlannedGate = {
  /** Not passed after so long, the run halts. Seconds. */
  readonly timeoutSeconds: number;
} & (
  | { readonly kind: 'approval' }
  /** A condition must hold; a query must be quiet. */
  | { readonly kind: 'check'; readonly check: PlannedCheck }
  /** A Job in the hub, which must succeed. */
  | {
      readonly kind: 'job';
      readonly image: string;
      readonly command: readonly string[];
    }
);

/** Something to be asked of the world outside the targets. */
export type PlannedCheck =
  | {
      /** A condition in the status of one object of the hub. */
      readonly kind: 'condition';
      /** Such as `apps/v1`. */
      readonly apiVersion: string;
      /** Plural, lower case: `deployments`. */
      readonly resource: string;
      /** Absent for what has no namespace. */
      readonly namespace?: string;
      readonly name: string;
      readonly type: string;
      readonly status: 'True' | 'False' | 'Unknown';
    }
  /** Quiet when it answers with nothing, as a query over `ALERTS` does. */
  | { readonly kind: 'prometheus'; readonly url: string; readonly query: string };

/** A time of the week by the clocks of a zone. Open from `from` up to, not including, `to`. */
export interface PlannedWindow {
  /** IANA name. */
  readonly timeZone: string;
  /** On which `from` lies; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since midnight. */
  readonly from: number;
  /** Minutes since midnight; not after `from` means on the next day. */
  readonly to: number;
}

/** No more than so many runs may begin within so long. */
export interface StormBreaker {
  readonly runs: number;
  readonly withinSeconds: number;
}
