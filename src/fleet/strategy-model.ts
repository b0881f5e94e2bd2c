import type { Cluster } from './cluster-model.ts';

/** How a restart goes about its work, every default filled in. Its meaning: src/plan/strategy.ts. */
export interface Strategy {
  /** Default: `each`. */
  readonly preflight: 'each' | 'all';
  /**
   * In order; each cluster of the restart is in exactly one, none is empty. What the file leaves
   * over is a last one by the name `rest`; a file without waves has one by the name `all`.
   */
  readonly waves: readonly Wave[];
  /** Default: 10. */
  readonly maxConcurrentClusters: number;
  /** In one cluster. Default: 5. */
  readonly maxConcurrentRollouts: number;
  /** Default: none. */
  readonly maxConcurrentRolloutsOverall?: number;
  /** Default: no failure is allowed where there are several waves, else none. */
  readonly failureBudget?: FailureBudget;
  /** For one workload, from patch to proof. Default: `15m`. */
  readonly timeoutSeconds: number;
  /** Default: none. */
  readonly clusterTimeoutSeconds?: number;
  /** Default: none. */
  readonly runTimeoutSeconds?: number;
  /** Default: empty, at any time. */
  readonly windows: readonly Window[];
  /** Default: none. */
  readonly minIntervalSeconds?: number;
  /** Default: none. */
  readonly stormBreaker?: { readonly runs: number; readonly withinSeconds: number };
  /** Default: empty. */
  readonly blockers: readonly Check[];
  /** Default: `15m`. */
  readonly blockerTimeoutSeconds: number;
  /** Default: none. */
  readonly settleSeconds?: number;
  /** Default: false. */
  readonly evictOnDelete: boolean;
  /** Default: false. */
  readonly diagnostics: boolean;
  /** Default: whether a workload is a Rollout. */
  readonly argoRollouts: boolean;
}

export interface Wave {
  readonly name: string;
  /** At least one. */
  readonly clusters: readonly Cluster[];
  /** Default: the strategy's `soak`, which is 0. */
  readonly soakSeconds: number;
  readonly gates: readonly Gate[];
}

export type FailureBudget =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

/** Default timeout: 8 hours for an approval, 30 minutes for the others. */
export type Gate = { readonly timeoutSeconds: number } & (
  | { readonly kind: 'approval' }
  | { readonly kind: 'check'; readonly check: Check }
  | { readonly kind: 'job'; readonly image: string; readonly command: readonly string[] }
);

export type Check =
  | {
      readonly kind: 'condition';
      readonly apiVersion: string;
      readonly resource: string;
      readonly namespace?: string;
      readonly name: string;
      readonly type: string;
      /** Default: `True`. */
      readonly status: 'True' | 'False' | 'Unknown';
    }
  | { readonly kind: 'prometheus'; readonly url: string; readonly query: string };

export interface Window {
  /** Default: the restart's. */
  readonly timeZone: string;
  /** 0 is Sunday. Default: all. */
  readonly days: readonly number[];
  /** Minutes since midnight. Default: 0. */
  readonly from: number;
  /** Minutes since midnight; not after `from` is on the next day. Default: 0, the next midnight. */
  readonly to: number;
}
