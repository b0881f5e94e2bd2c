import type { PlannedWorkloads, RestartPlan } from '../../../src/plan/restart-plan.ts';
import type { WorkloadId, WorkloadQuery } from '../ports.ts';
import type { Needed, RunProgress } from './events.ts';
import type { Goal, Memory } from './judge.ts';
import { join } from './order.ts';
import {
  memberKey,
  queryKey,
  selectorText,
  type ClusterState,
  type Run,
  type Stop,
  type WaveState,
  type WorkloadState,
} from './state.ts';

export interface RunOptions {
  readonly dryRun?: boolean;
  /** What the run record holds, by `cluster/kind/namespace/name`. */
  readonly memories?: ReadonlyMap<string, Memory>;
  /** How earlier attempts at this run have left it. */
  readonly progress?: RunProgress;
  /** Why nothing may be begun, where that is known beforehand. */
  readonly stopped?: Stop;
}

/** The state before the first event. */
export function createRun(plan: RestartPlan, goal: Goal, options: RunOptions = {}): Run {
  const { dryRun = false, memories = new Map<string, Memory>(), progress } = options;
  const { strategy, targets } = plan;
  const workloads: WorkloadState[] = [];
  const clusters = targets.map((_, index) => newCluster(plan, index, workloads, memories));
  const waves = strategy.waves.map((_, index): WaveState => ({
    index,
    clusters: clusters.filter(({ wave }) => wave === index).map((cluster) => cluster.index),
    done: index < (progress?.wavesDone ?? 0),
    phase: 'waiting',
    gates: 0,
    asking: false,
    busy: clusters.filter(({ wave }) => wave === index).length,
    leftOver: false,
    blind: false,
    soaked: false,
  }));
  return {
    plan,
    instant: goal.instant,
    goal,
    dryRun,
    clusters,
    workloads,
    waves,
    stage: dryRun || strategy.preflight === 'all' ? 'examining' : 'waves',
    wave: 0,
    queue: [],
    active: new Set(),
    sweep: true,
    dissolved: 0,
    soaking: new Set(),
    open: clusters.length,
    inFlight: 0,
    failed: new Set(progress?.failed ?? []),
    resumed: memories.size > 0 || (progress !== undefined && progress.wavesDone > 0),
    begun: false,
    knownBefore: progress?.known ?? 0,
    failingBefore: new Set(progress?.failingBefore ?? []),
    halted: progress?.halted,
    problems: [],
    stopped: options.stopped,
    paused: false,
    approved: new Set(),
    window: undefined,
    blockers: { phase: 'unknown', at: 0, since: undefined, message: '' },
    unfinished: false,
    finished: false,
  };
}

function newCluster(
  plan: RestartPlan,
  index: number,
  workloads: WorkloadState[],
  memories: ReadonlyMap<string, Memory>,
): ClusterState {
  const target = plan.targets[index];
  if (!target) throw new RangeError(`no target ${index}`);
  const needs = needsOf(target.workloads, plan.strategy.argoRollouts);
  const cluster: ClusterState = {
    index,
    wave: target.wave,
    queries: needs.map(({ query }) => query),
    needs,
    members: new Map(),
    all: [],
    phase: 'queued',
    reviewed: false,
    rested: false,
    unanswered: new Set(needs.map(({ query }) => queryKey(query))),
    held: target.paused
      ? { reason: 'clusterPaused', message: `the fleet file pauses cluster ${target.cluster}` }
      : undefined,
    delegates: new Map(),
    ready: [],
    inFlight: 0,
    unsettled: 0,
    unproved: target.workloads.map(() => 0),
    broken: new Set(),
  };
  target.workloads.forEach(({ kind, namespace, names }, group) => {
    for (const name of names) {
      addMember(workloads, cluster, target.cluster, group, { kind, namespace, name }, memories);
    }
  });
  target.workloads.forEach(({ kind, namespace, selector }, group) => {
    if (!selector) return;
    // What stands for the selector until it is known what it finds.
    const name = selectorText(selector);
    enlist(
      workloads,
      cluster,
      newWorkload(workloads.length, index, group, `${target.cluster}/?`, { kind, namespace, name }),
    );
    const prefix = `${target.cluster}/${kind}/${namespace}/`;
    for (const key of memories.keys()) {
      if (!key.startsWith(prefix)) continue;
      const id = { kind, namespace, name: key.slice(prefix.length) };
      addMember(workloads, cluster, target.cluster, group, id, memories);
    }
  });
  return cluster;
}

/** Adds a workload once; the index of the one that there is. */
export function addMember(
  workloads: WorkloadState[],
  cluster: ClusterState,
  clusterName: string,
  group: number,
  id: WorkloadId,
  memories: ReadonlyMap<string, Memory> = new Map(),
): number {
  const known = cluster.members.get(memberKey(id));
  if (known !== undefined) {
    const workload = workloads[known];
    if (workload) join(cluster, workload, group);
    return known;
  }
  const index = workloads.length;
  const key = `${clusterName}/${memberKey(id)}`;
  const workload = newWorkload(index, cluster.index, group, key, id, memories.get(key));
  cluster.members.set(memberKey(id), index);
  enlist(workloads, cluster, workload);
  return index;
}

function enlist(workloads: WorkloadState[], cluster: ClusterState, workload: WorkloadState): void {
  workloads.push(workload);
  cluster.all.push(workload.index);
  cluster.unsettled += 1;
  join(cluster, workload, workload.group);
}

const newWorkload = (
  index: number,
  cluster: number,
  group: number,
  key: string,
  { kind, namespace, name }: WorkloadId,
  memory?: Memory,
): WorkloadState => ({
  index,
  cluster,
  group,
  groups: [],
  key,
  kind,
  namespace,
  name,
  phase: { kind: 'unseen' },
  memory: memory ?? { kind: 'none' },
  shared: memory !== undefined,
  trouble: undefined,
  seen: undefined,
  newest: undefined,
  former: [],
  lastSeenAt: 0,
  stampedAt: undefined,
  counted: false,
  patchedHere: false,
  begunAt: undefined,
  endedAt: undefined,
  attempts: 0,
  notes: new Set(),
  evicting: false,
  diagnosis: undefined,
  foundRun: undefined,
  unsteady: false,
});

/**
 * One query for each namespace and kind: by name where there is one, since RBAC can authorise that.
 * Never by labels: what has lost its label would seem to be gone.
 */
function needsOf(groups: readonly PlannedWorkloads[], argoRollouts: boolean): readonly Needed[] {
  const places = new Map<string, PlannedWorkloads[]>();
  for (const group of groups) {
    const place = `${group.kind}/${group.namespace}`;
    places.set(place, [...(places.get(place) ?? []), group]);
  }
  const delegating = argoRollouts
    ? new Set(groups.filter(({ kind }) => kind === 'Deployment').map((one) => one.namespace))
    : new Set<string>();
  const needs = [...places.values()].map((parts) => neededFor(parts, delegating));
  for (const namespace of delegating) {
    if (places.has(`Rollout/${namespace}`)) continue;
    const query: WorkloadQuery = { kind: 'Rollout', namespace };
    needs.push({ query, names: [], anyName: false, readOnly: true });
  }
  return needs;
}

function neededFor(parts: readonly PlannedWorkloads[], delegating: ReadonlySet<string>): Needed {
  const [first] = parts;
  if (!first) throw new RangeError('a place without workloads');
  const { kind, namespace } = first;
  const names = [...new Set(parts.flatMap((part) => part.names))];
  const anyName = parts.some((part) => part.selector !== undefined);
  const whole = kind === 'Rollout' && delegating.has(namespace);
  const [name] = names;
  const query: WorkloadQuery = {
    kind,
    namespace,
    ...(!whole && !anyName && names.length === 1 && name !== undefined && { name }),
  };
  return { query, names, anyName, readOnly: false };
}
