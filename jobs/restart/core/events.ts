import type { Diagnosis, Eviction, Observed, WorkloadQuery } from '../ports.ts';
import type { Memory } from './judge.ts';
import type { Trouble } from './outcome.ts';

/** What a timer is for. One of a kind, cluster, wave or workload runs at a time. */
export type TimerId =
  /** From a workload's patch to its proof, or in a soak from bad to good. */
  | { readonly kind: 'workload'; readonly workload: number }
  /** Look at the pods of a workload that is not up yet. */
  | { readonly kind: 'diagnose'; readonly workload: number }
  /** Ask for the next eviction again. */
  | { readonly kind: 'evict'; readonly workload: number }
  | { readonly kind: 'cluster'; readonly cluster: number }
  | { readonly kind: 'run' }
  | { readonly kind: 'soak'; readonly wave: number }
  | { readonly kind: 'approval'; readonly wave: number }
  /** The window that is open closes. */
  | { readonly kind: 'window' }
  | { readonly kind: 'blockers' }
  | { readonly kind: 'settle' };

/** What an operator has asked of the run, by annotations on its record. */
export interface Control {
  readonly stop: boolean;
  readonly paused: boolean;
  /** Names of waves. */
  readonly approved: readonly string[];
}

/** A right that the plan needs and the cluster denies. */
export interface Denial {
  readonly query: WorkloadQuery;
  /** Absent: the whole query. */
  readonly name?: string;
  readonly message: string;
}

/** What has happened. `at` is the clock's reading: the core has no clock. Milliseconds. */
export type RunEvent = { readonly at: number } & (
  | { readonly type: 'started' }
  | { readonly type: 'connected'; readonly cluster: number }
  | { readonly type: 'clusterLost'; readonly cluster: number; readonly trouble: Trouble }
  /** The rights are known: what is not denied is allowed. */
  | { readonly type: 'reviewed'; readonly cluster: number; readonly denials: readonly Denial[] }
  | {
      /** Everything that one query finds: what is not in it does not exist. */
      readonly type: 'snapshot';
      readonly cluster: number;
      readonly query: WorkloadQuery;
      readonly items: readonly Observed[];
    }
  | { readonly type: 'changed'; readonly cluster: number; readonly object: Observed }
  | {
      readonly type: 'deleted';
      readonly cluster: number;
      readonly kind: Observed['kind'];
      readonly namespace: string;
      readonly name: string;
    }
  | {
      readonly type: 'observationLost';
      readonly cluster: number;
      readonly query: WorkloadQuery;
      readonly trouble: Trouble;
    }
  | {
      /** The intent is in the run record. `memory` is what the record held before, if anything. */
      readonly type: 'writtenAhead';
      readonly workload: number;
      /** The generation that was written. */
      readonly generation: number;
      readonly memory: Memory;
    }
  | { readonly type: 'recordLost'; readonly trouble: Trouble }
  | { readonly type: 'patched'; readonly workload: number; readonly object: Observed }
  | {
      /** The patch was not applied, or nobody knows: here is how the object stands now. */
      readonly type: 'notPatched';
      readonly workload: number;
      readonly object: Observed | undefined;
      /** Set where the answer was lost, so that the patch may have landed. */
      readonly trouble?: Trouble;
    }
  /** Nobody knows yet whether the patch was applied: it is still being asked. */
  | { readonly type: 'patchUnsure'; readonly workload: number; readonly trouble: Trouble }
  | { readonly type: 'patchRefused'; readonly workload: number; readonly trouble: Trouble }
  /** An eviction's answer. With a trouble it could not be asked for. */
  | {
      readonly type: 'evicted';
      readonly workload: number;
      readonly answer: Eviction | { readonly kind: 'trouble'; readonly trouble: Trouble };
    }
  | { readonly type: 'diagnosed'; readonly workload: number; readonly diagnosis: Diagnosis }
  | { readonly type: 'timer'; readonly timer: TimerId }
  /** All the cluster's workloads have been looked at once more, or could not be. */
  | { readonly type: 'lookedAgain'; readonly cluster: number; readonly trouble?: Trouble }
  | { readonly type: 'control'; readonly control: Control }
  | {
      readonly type: 'gateAnswered';
      readonly wave: number;
      readonly gate: number;
      readonly passed: boolean;
      readonly message: string;
    }
  /** Absent: nothing blocks. */
  | { readonly type: 'blockersAnswered'; readonly blocking?: string }
  /** A later run of the same restart has begun. */
  | { readonly type: 'superseded' }
  /** The Lease is no longer ours, or can't be renewed in time. */
  | { readonly type: 'leaseLost'; readonly message: string }
  /** SIGTERM: start nothing new. */
  | { readonly type: 'terminating' }
  /** The grace period is over. */
  | { readonly type: 'graceOver' }
);

/** What to do. Each is carried out by the runner, which answers with events. */
export type Effect =
  | { readonly type: 'connect'; readonly cluster: number }
  /** Ask what the caller may do there; answered by `reviewed` or `clusterLost`. */
  | { readonly type: 'review'; readonly cluster: number; readonly queries: readonly Needed[] }
  | {
      readonly type: 'observe';
      readonly cluster: number;
      readonly queries: readonly WorkloadQuery[];
    }
  | {
      readonly type: 'writeAhead';
      readonly workload: number;
      readonly uid: string;
      readonly generation: number;
    }
  | { readonly type: 'patch'; readonly workload: number; readonly resourceVersion: string }
  | {
      /** Note in the run record that the patch landed. Nothing waits for it. */
      readonly type: 'remember';
      readonly workload: number;
      readonly uid: string;
      readonly generation: number;
    }
  /** Note how the run stands: what a later attempt goes on from. Nothing waits for it. */
  | { readonly type: 'note'; readonly progress: RunProgress }
  | { readonly type: 'arm'; readonly timer: TimerId; readonly afterMs: number }
  | { readonly type: 'disarm'; readonly timer: TimerId }
  /** List each query once more, then say `lookedAgain`. */
  | { readonly type: 'look'; readonly cluster: number; readonly queries: readonly WorkloadQuery[] }
  | { readonly type: 'close'; readonly cluster: number }
  /** Answered by `gateAnswered`, not later than the gate's timeout. */
  | { readonly type: 'askGate'; readonly wave: number; readonly gate: number }
  /** Answered by `blockersAnswered`. */
  | { readonly type: 'askBlockers' }
  | { readonly type: 'evict'; readonly workload: number }
  | { readonly type: 'diagnose'; readonly workload: number; readonly since: string }
  /** Write an Event on the workload. Nothing waits for it. */
  | { readonly type: 'announce'; readonly workload: number }
  /** Tell whoever follows the run, of a workload or of the whole. */
  | { readonly type: 'progress'; readonly workload?: number; readonly message: string }
  /** Every workload has its outcome. */
  | { readonly type: 'finish' };

/** What a query is for, so that its rights can be reviewed. */
export interface Needed {
  readonly query: WorkloadQuery;
  /** Names to be read and patched. */
  readonly names: readonly string[];
  /** All that a selector finds is to be read and patched. */
  readonly anyName: boolean;
  /** Only looked at: a list of Rollouts that may stand before a Deployment. */
  readonly readOnly: boolean;
}

/** How a run stands, across its attempts. */
export interface RunProgress {
  /** So many waves are done, with soak and gates. */
  readonly wavesDone: number;
  /** Workloads that have failed, timed out or been reverted in any attempt, by their keys. */
  readonly failed: readonly string[];
  /** Workloads that were failing before any attempt restarted them, by their keys. */
  readonly failingBefore?: readonly string[];
  /** So many workloads were known at most: a per cent of the budget is of them. */
  readonly known?: number;
  /** Set once it has halted: it stays so. */
  readonly halted?: Halted;
}

/** Why a run halted for good. */
export interface Halted {
  readonly reason: HaltReason;
  readonly message: string;
}

export const haltReasons = ['budget', 'gate', 'stopped'] as const;
export type HaltReason = (typeof haltReasons)[number];
