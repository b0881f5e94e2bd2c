import type { Observed } from '../observed.ts';
import { addMember } from './create.ts';
import type { Denial, Effect, RunEvent } from './events.ts';
import { notesOn } from './notes.ts';
import type { Outcome } from './outcome.ts';
import { dissolve, endWorkload } from './settle-workload.ts';
import {
  clusterAt,
  groupsOf,
  isUnsettled,
  matchesSelector,
  workloadAt,
  type ClusterState,
  type Run,
  type WorkloadState,
} from './state.ts';
import { delegatedOutcome, judgeAgain, verdictOf } from './workload.ts';

/** What the caller may not do there: those workloads are forbidden, and the cluster is held back. */
export function onReviewed(
  run: Run,
  event: Extract<RunEvent, { type: 'reviewed' }>,
  effects: Effect[],
): void {
  const cluster = clusterAt(run, event.cluster);
  if (cluster.phase !== 'examining') return;
  cluster.reviewed = true;
  for (const denial of event.denials) deny(run, cluster, denial, event.at, effects);
}

function deny(
  run: Run,
  cluster: ClusterState,
  denial: Denial,
  at: number,
  effects: Effect[],
): void {
  const { query, name, message } = denial;
  hold(run, cluster, message);
  for (const index of cluster.all) {
    const workload = workloadAt(run, index);
    if (workload.kind !== query.kind || workload.namespace !== query.namespace) continue;
    if (name !== undefined && workload.name !== name) continue;
    if (!isUnsettled(workload)) continue;
    endWorkload(run, workload, { kind: 'forbidden', link: 'rbac', message }, at, effects);
  }
}

/** Nothing new is begun in a cluster that failed its examination. */
export function hold(run: Run, cluster: ClusterState, message: string): void {
  const name = run.plan.targets[cluster.index]?.cluster ?? '';
  cluster.held ??= {
    reason: 'preflight',
    message: `cluster ${name} failed its examination: ${message}`,
  };
}

/** A selector's workloads are known: they stand for themselves from here on. */
export function resolveSelectors(
  run: Run,
  cluster: ClusterState,
  kind: Observed['kind'],
  namespace: string,
  items: readonly Observed[],
  at: number,
  effects: Effect[],
): void {
  groupsOf(run, cluster.index).forEach((group, index) => {
    if (!group.selector || group.kind !== kind || group.namespace !== namespace) return;
    const standIn = cluster.all
      .map((one) => workloadAt(run, one))
      .find((one) => one.group === index && one.key.endsWith('/?'));
    if (standIn?.phase.kind !== 'unseen') return;
    const { selector } = group;
    const target = run.plan.targets[cluster.index]?.cluster ?? '';
    const matches = items.filter(({ labels }) => matchesSelector(selector, labels));
    for (const object of matches) addMember(run.workloads, cluster, target, index, object);
    // Another group may have named them, and the record may know of some that are gone.
    const found =
      matches.length > 0 ||
      cluster.all.some(
        (one) => one !== standIn.index && workloadAt(run, one).groups.includes(index),
      );
    const message = `no ${kind} in ${namespace} has the labels ${standIn.name}`;
    if (found) dissolve(run, standIn);
    else endWorkload(run, standIn, { kind: 'missing', message }, at, effects);
  });
}

/** Rights and workloads are known: the cluster's work begins, or its examination is over. */
export function concludeExamination(
  run: Run,
  cluster: ClusterState,
  at: number,
  effects: Effect[],
): void {
  if (cluster.phase !== 'examining' || !cluster.reviewed || cluster.unanswered.size > 0) return;
  cluster.phase = 'open';
  if (run.stage === 'examining') {
    for (const index of cluster.all) examineWorkload(run, workloadAt(run, index), at, effects);
    return;
  }
  for (const index of cluster.all) judgeAgain(run, index, at, effects);
}

/** What would become of a workload: in a dry run its outcome, else perhaps a problem for the run. */
function examineWorkload(run: Run, workload: WorkloadState, at: number, effects: Effect[]): void {
  if (!isUnsettled(workload) || !workload.seen) return;
  const { held } = clusterAt(run, workload.cluster);
  const expected = expectedOutcome(run, workload, workload.seen);
  const outcome: Outcome =
    expected.kind === 'wouldRestart' && held ? { kind: 'skipped', ...held } : expected;
  for (const note of notesOn(workload.seen)) workload.notes.add(note);
  if (run.dryRun) endWorkload(run, workload, outcome, at, effects);
  else if (isProblem(outcome)) run.problems.push(`${workload.key}: ${outcome.message}`);
}

const isProblem = (
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: 'skipped' | 'missing' | 'delegated' }> =>
  (outcome.kind === 'skipped' && ['paused', 'onDelete', 'preflight'].includes(outcome.reason)) ||
  (outcome.kind === 'delegated' && !outcome.planned);

function expectedOutcome(run: Run, workload: WorkloadState, seen: Observed): Outcome {
  const delegated = delegatedOutcome(run, workload);
  if (delegated) return delegated;
  const verdict = verdictOf(run, workload, seen);
  switch (verdict.kind) {
    case 'patch':
    case 'stale':
      return { kind: 'wouldRestart', message: 'would be restarted' };
    case 'rolling':
    case 'evict':
      return { kind: 'wouldRestart', message: `would be awaited: ${verdict.message}` };
    case 'complete': {
      const lastSeen = new Date(workload.lastSeenAt).toISOString();
      return { kind: 'alreadyRestarted', stamp: verdict.stamp, lastSeen };
    }
    case 'reverted':
    case 'failed':
      return verdict;
    case 'left':
      return { kind: 'skipped', reason: verdict.reason, message: verdict.message };
  }
}
