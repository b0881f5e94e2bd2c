import type { PlannedWorkloads, RestartPlan } from '../../../src/plan/restart-plan.ts';
import type { Observed, WorkloadId, WorkloadQuery } from '../ports.ts';
import type { Halted, Needed } from './events.ts';
import type { Instant } from './instant.ts';
import type { Goal, Memory } from './judge.ts';
import type { Outcome, Trouble } from './outcome.ts';

/**
 * The state of a run. `step` owns it and changes it in place, so that an event costs the same
 * whatever the fleet's size; equal events give equal states and effects.
 */
export interface Run {
  readonly plan: RestartPlan;
  readonly instant: Instant;
  readonly goal: Goal;
  /** Only the examination: nothing is changed. */
  readonly dryRun: boolean;
  readonly clusters: readonly ClusterState[];
  /** Grows as selectors find workloads. */
  readonly workloads: WorkloadState[];
  readonly waves: readonly WaveState[];
  stage: Stage;
  /** Index of the wave whose turn it is. */
  wave: number;
  /** Clusters that may be begun, in order; those of the wave, or all where only looking. */
  readonly queue: number[];
  /** Clusters at work: they count for the limit. */
  readonly active: Set<number>;
  /** Clusters that have not been begun may have nothing left to do: look at them. */
  sweep: boolean;
  /** Stand-ins that have been dissolved. */
  dissolved: number;
  /** Clusters that soak. */
  readonly soaking: Set<number>;
  /** Clusters not closed. */
  open: number;
  /** Rollouts under way in all clusters. */
  inFlight: number;
  /** Workloads that have used up the failure budget, in any attempt. */
  readonly failed: Set<string>;
  /** An earlier attempt has worked at this run: what is not begun may have been. */
  readonly resumed: boolean;
  /** `started` has been seen. */
  begun: boolean;
  /** So many workloads an earlier attempt has known. */
  readonly knownBefore: number;
  /** Workloads that were failing before any attempt restarted them. */
  readonly failingBefore: Set<string>;
  halted: Halted | undefined;
  /** With `preflight: all`: what keeps the run from beginning. */
  readonly problems: string[];
  /** Why no new patch is sent, once that is so. */
  stopped: Stop | undefined;
  /** Paused by an operator: nothing new is begun. */
  paused: boolean;
  /** Names of waves. */
  approved: ReadonlySet<string>;
  /** A window is known to be open in this time. */
  window: { readonly from: Instant; readonly until: Instant } | undefined;
  readonly blockers: BlockerState;
  /** Told to end before the waves, the soak or the last look were over. */
  unfinished: boolean;
  finished: boolean;
}

/** What is done with all clusters: examined, restarted wave by wave, waited for, looked at again. */
export type Stage = 'examining' | 'waves' | 'settling' | 'rechecking';

export type Stop = {
  /** Clusters that have not been seen are still looked at, so that the report knows of them. */
  readonly looks: boolean;
} & (
  | { readonly reason: 'superseded' | 'interrupted' | 'window' | 'lock' | 'runTimeout' }
  | { readonly reason: 'blocked' | 'preflight' | 'wave'; readonly message: string }
  | { readonly reason: 'halted' | 'stopped'; readonly message: string }
  | { readonly reason: 'record'; readonly trouble: Trouble }
);

export interface BlockerState {
  phase: 'unknown' | 'asking' | 'quiet' | 'blocking';
  /** Of the last answer. */
  at: number;
  /** Since when something has been in the way. */
  since: number | undefined;
  message: string;
}

export interface WaveState {
  readonly index: number;
  readonly clusters: readonly number[];
  /** Done by an earlier attempt: its gates and its soak are behind it. */
  readonly done: boolean;
  phase: 'waiting' | 'running' | 'soaking' | 'closing' | 'over';
  /** Gates passed. */
  gates: number;
  /** The gate that is being asked. */
  asking: boolean;
  /** Its clusters that have not come to rest: neither soaking nor closed. */
  busy: number;
  /** Something of it could not be reached, and is left to the next attempt. */
  leftOver: boolean;
  /** Not seen to the end of its soak: what it has shown is not known. */
  blind: boolean;
  /** The time of the soak is over; what is not up yet is still awaited. */
  soaked: boolean;
}

export interface ClusterState {
  readonly index: number;
  readonly wave: number;
  readonly queries: readonly WorkloadQuery[];
  readonly needs: readonly Needed[];
  /** Indexes into `Run.workloads`, by `memberKey`. */
  readonly members: Map<string, number>;
  /** Every workload here, those that stand for a selector included. */
  readonly all: number[];
  phase: 'queued' | 'connecting' | 'examining' | 'open' | 'soaking' | 'looking' | 'closed';
  reviewed: boolean;
  /** Its part of the wave is done. */
  rested: boolean;
  /** Queries without an answer yet, by `queryKey`. */
  readonly unanswered: Set<string>;
  /** Why nothing new is begun here. */
  held: { readonly reason: 'preflight' | 'clusterPaused'; readonly message: string } | undefined;
  /** Rollouts by the Deployment that they stand before: `namespace/name`. */
  readonly delegates: Map<string, string>;
  /** Workloads to patch once there is room, in the plan's order. */
  readonly ready: number[];
  /** Rollouts under way. */
  inFlight: number;
  /** Workloads not yet proved or ended. */
  unsettled: number;
  /** Of each group (`target.workloads`) the workloads not yet proved, or well without a proof. */
  readonly unproved: number[];
  /** Groups of which a workload did not end well: what comes after them is not begun. */
  readonly broken: Set<number>;
}

export interface WorkloadState extends WorkloadId {
  readonly index: number;
  readonly cluster: number;
  /** The first of its groups: index into `target.workloads`. */
  readonly group: number;
  /** All groups that name or select it, that one included. */
  readonly groups: number[];
  /** `cluster/kind/namespace/name`. */
  readonly key: string;
  phase: Phase;
  memory: Memory;
  /** A patch that is not accounted for may have landed: another attempt's, or ours whose answer was lost. */
  shared: boolean;
  /** Why nothing is known of it just now. */
  trouble: Trouble | undefined;
  /** The newest that has been seen of it, while its cluster is open. */
  seen: Observed | undefined;
  /** Which object that was: what is older tells nothing. */
  newest: { readonly uid: string; readonly generation: number } | undefined;
  /** Uids of objects that bore its name before. */
  former: readonly string[];
  lastSeenAt: number;
  /** When the stamp that was last seen was written, as managed fields have it. RFC 3339. */
  stampedAt: string | undefined;
  /** Counted in its cluster's `inFlight`. */
  counted: boolean;
  /** Patched by this attempt. */
  patchedHere: boolean;
  /** When its patch was answered, or it was first seen rolling. Milliseconds. */
  begunAt: number | undefined;
  endedAt: number | undefined;
  /** Patches sent. */
  attempts: number;
  /** What an operator should know of it besides its outcome. */
  readonly notes: Set<string>;
  /** An eviction is being asked for. */
  evicting: boolean;
  /** The last that its pods told. */
  diagnosis: { readonly summary: string; readonly hopeless: number } | undefined;
  /** `rollcall.dev/run`, as last seen. */
  foundRun: string | undefined;
  /** Proved, and not up just now. */
  unsteady: boolean;
}

export type Phase =
  | { readonly kind: 'unseen' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'intending' }
  | { readonly kind: 'patching' }
  | { readonly kind: 'rolling' }
  /** Restarted; the stamp is still watched until its cluster is closed. */
  | { readonly kind: 'proved'; readonly stamp: string; readonly partial?: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  /** It stood for a selector, and what the selector found stands for itself. */
  | { readonly kind: 'dissolved' };

export const memberKey = ({ kind, namespace, name }: WorkloadId): string =>
  `${kind}/${namespace}/${name}`;

export const queryKey = ({ kind, namespace, name = '' }: WorkloadQuery): string =>
  `${kind}/${namespace}/${name}`;

/** `app=web,tier=front`: how a selector is written. */
export const selectorText = (selector: Readonly<Record<string, string>>): string =>
  Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');

export const matchesSelector = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);

export function clusterAt(run: Run, index: number): ClusterState {
  const cluster = run.clusters[index];
  if (!cluster) throw new RangeError(`no cluster ${index} in the plan`);
  return cluster;
}

export function workloadAt(run: Run, index: number): WorkloadState {
  const workload = run.workloads[index];
  if (!workload) throw new RangeError(`no workload ${index} in the plan`);
  return workload;
}

export function waveAt(run: Run, index: number): WaveState {
  const wave = run.waves[index];
  if (!wave) throw new RangeError(`no wave ${index} in the plan`);
  return wave;
}

export const groupsOf = (run: Run, cluster: number): readonly PlannedWorkloads[] =>
  run.plan.targets[cluster]?.workloads ?? [];

/** Neither proved nor ended. */
export const isUnsettled = ({ phase }: WorkloadState): boolean =>
  phase.kind !== 'proved' && phase.kind !== 'ended' && phase.kind !== 'dissolved';
