import type { Observed, WorkloadQuery } from '../ports.ts';
import type { Memory } from './judge.ts';
import type { Trouble } from './outcome.ts';

/** What has happened. `at` is the clock's reading: the core has no clock. Milliseconds. */
export type RunEvent = { readonly at: number } & (
  | { readonly type: 'started' }
  | { readonly type: 'connected'; readonly cluster: number }
  | { readonly type: 'clusterLost'; readonly cluster: number; readonly trouble: Trouble }
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
  | { readonly type: 'patchRefused'; readonly workload: number; readonly trouble: Trouble }
  | { readonly type: 'deadline'; readonly workload: number }
  /** All the cluster's workloads have been looked at once more. */
  | { readonly type: 'lookedAgain'; readonly cluster: number }
  /** A later run of the same restart has begun. */
  | { readonly type: 'superseded' }
  /** SIGTERM: start nothing new. */
  | { readonly type: 'terminating' }
  /** The grace period is over. */
  | { readonly type: 'graceOver' }
);

/** What to do. Each is carried out by the runner, which answers with events. */
export type Effect =
  | { readonly type: 'connect'; readonly cluster: number }
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
  | { readonly type: 'arm'; readonly workload: number; readonly afterMs: number }
  | { readonly type: 'disarm'; readonly workload: number }
  /** List each query once more, then say `lookedAgain`. */
  | { readonly type: 'look'; readonly cluster: number; readonly queries: readonly WorkloadQuery[] }
  | { readonly type: 'close'; readonly cluster: number }
  /** Tell whoever follows the run. */
  | { readonly type: 'progress'; readonly workload: number; readonly message: string }
  /** Every workload has its outcome. */
  | { readonly type: 'finish' };
