import type { RestartPlan } from '../../../src/plan/restart-plan.ts';
import type { Observed, WorkloadQuery } from '../ports.ts';
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
  readonly clusters: readonly ClusterState[];
  readonly workloads: readonly WorkloadState[];
  /** Clusters not yet begun, in the plan's order. */
  nextCluster: number;
  /** Clusters that are begun and not closed. */
  readonly active: Set<number>;
  /** Clusters not closed. */
  open: number;
  /** Why no new patch is sent, once that is so. */
  stopped: Stop | undefined;
  finished: boolean;
}

export type Stop =
  | { readonly reason: 'superseded' }
  | { readonly reason: 'interrupted' }
  | { readonly reason: 'record'; readonly trouble: Trouble };

export interface ClusterState {
  readonly index: number;
  readonly queries: readonly WorkloadQuery[];
  /** Indexes into `Run.workloads`, by `namespace/name`. */
  readonly members: ReadonlyMap<string, number>;
  phase: 'queued' | 'connecting' | 'open' | 'looking' | 'closed';
  /** Workloads to patch once there is room, in the plan's order. */
  readonly ready: number[];
  /** Rollouts under way. */
  inFlight: number;
  /** Workloads not yet proved or ended. */
  unsettled: number;
}

export interface WorkloadState {
  readonly index: number;
  readonly cluster: number;
  readonly namespace: string;
  readonly name: string;
  phase: Phase;
  memory: Memory;
  /** A patch that is not accounted for may have landed: another attempt's, or ours whose answer was lost. */
  shared: boolean;
  /** Why nothing is known of it just now. */
  trouble: Trouble | undefined;
  /** The newest that has been seen of it. */
  seen: Observed | undefined;
  lastSeenAt: number;
  /** When the stamp that was last seen was written, as managed fields have it. RFC 3339. */
  stampedAt: string | undefined;
  /** Counted in its cluster's `inFlight`. */
  counted: boolean;
  /** Patched by this attempt. */
  patchedHere: boolean;
}

export type Phase =
  | { readonly kind: 'unseen' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'intending' }
  | { readonly kind: 'patching' }
  | { readonly kind: 'rolling' }
  /** Restarted; the stamp is still watched until its cluster is closed. */
  | { readonly kind: 'proved'; readonly stamp: string }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

export const memberKey = (namespace: string, name: string): string => `${namespace}/${name}`;

/**
 * The state before the first event.
 *
 * @param memories what the run record holds, by the workload's index in the plan's order
 */
export function createRun(
  plan: RestartPlan,
  goal: Goal,
  memories: ReadonlyMap<number, Memory> = new Map(),
): Run {
  const workloads: WorkloadState[] = [];
  const clusters = plan.targets.map((target, cluster): ClusterState => {
    const members = new Map<string, number>();
    for (const { namespace, names } of target.workloads) {
      for (const name of names) {
        const key = memberKey(namespace, name);
        if (members.has(key)) continue;
        members.set(key, workloads.length);
        workloads.push(newWorkload(workloads.length, cluster, namespace, name, memories));
      }
    }
    return {
      index: cluster,
      queries: queriesOf([...members.keys()]),
      members,
      phase: 'queued',
      ready: [],
      inFlight: 0,
      unsettled: members.size,
    };
  });
  return {
    plan,
    instant: goal.instant,
    goal,
    clusters,
    workloads,
    nextCluster: 0,
    active: new Set(),
    open: clusters.length,
    stopped: undefined,
    finished: false,
  };
}

const newWorkload = (
  index: number,
  cluster: number,
  namespace: string,
  name: string,
  memories: ReadonlyMap<number, Memory>,
): WorkloadState => ({
  index,
  cluster,
  namespace,
  name,
  phase: { kind: 'unseen' },
  memory: memories.get(index) ?? { kind: 'none' },
  shared: memories.has(index),
  trouble: undefined,
  seen: undefined,
  lastSeenAt: 0,
  stampedAt: undefined,
  counted: false,
  patchedHere: false,
});

/** One query a namespace; by name where there is one, since RBAC can authorise that. */
function queriesOf(keys: readonly string[]): readonly WorkloadQuery[] {
  const namespaces = new Map<string, string[]>();
  for (const key of keys) {
    const [namespace = '', name = ''] = key.split('/');
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), name]);
  }
  return [...namespaces].map(([namespace, names]) => {
    const [name, ...others] = names;
    return name !== undefined && others.length === 0 ? { namespace, name } : { namespace };
  });
}
