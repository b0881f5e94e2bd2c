import type { Link } from '../link-error.ts';
import type { Observed } from '../observed.ts';
import { stampedAt } from './blame.ts';
import type { Effect, RunEvent } from './events.ts';
import { parseInstant, parseRun } from './instant.ts';
import { judge, meets, type Verdict } from './judge.ts';
import { isAfterBroken } from './order.ts';
import { troubleOutcome } from './outcome.ts';
import { mayBegin } from './permit.ts';
import { diagnoseEveryMs, endWorkload } from './settle-workload.ts';
import { see } from './sight.ts';
import { clusterAt, workloadAt, type Run, type WorkloadState } from './state.ts';
import { applyVerdict, makeReady, told } from './verdict.ts';

/** Takes in what has been seen of a workload; `undefined` where it does not exist. */
export function observe(
  run: Run,
  index: number,
  object: Observed | undefined,
  at: number,
  effects: Effect[],
): void {
  const workload = workloadAt(run, index);
  if (workload.phase.kind === 'ended' || workload.phase.kind === 'dissolved') return;
  if (object === undefined) {
    const message = `no ${workload.kind} ${workload.namespace}/${workload.name}`;
    endWorkload(run, workload, { kind: 'missing', message }, at, effects);
    return;
  }
  if (!see(workload, object, at)) return;
  // While the record or a patch is under way its answer decides, not an older view.
  if (workload.phase.kind === 'intending' || workload.phase.kind === 'patching') return;
  workload.trouble = undefined;
  if (clusterAt(run, workload.cluster).phase === 'examining') return;
  settle(run, workload, object, at, effects);
}

/** The intent stands in the record; unless the record knew more than we did, the patch follows. */
export function onWrittenAhead(
  run: Run,
  event: Extract<RunEvent, { type: 'writtenAhead' }>,
  effects: Effect[],
): void {
  const workload = workloadAt(run, event.workload);
  if (workload.phase.kind !== 'intending' || !workload.seen) return;
  const { uid, generation, resourceVersion } = workload.seen;
  if (event.memory.kind !== 'none') {
    workload.memory = event.memory;
    workload.shared = true;
  }
  const verdict = verdictOf(run, workload, workload.seen);
  if (verdict.kind !== 'patch' || run.stopped) {
    // From here on what is observed decides again.
    workload.phase = { kind: 'unseen' };
    applyVerdict(run, workload, verdict, event.at, effects);
    return;
  }
  // Asked again just before acting: a window may have closed, an operator paused the run, or what
  // it comes after lost its proof.
  if (isAfterBroken(run, workload) || !mayBegin(run, event.at, effects)) {
    workload.phase = { kind: 'unseen' };
    makeReady(run, workload, event.at, effects);
    return;
  }
  // Judged first: what is written for a generation that carries our stamp would hide its loss.
  if (generation !== event.generation) {
    intend(workload, effects);
    return;
  }
  workload.phase = { kind: 'patching' };
  workload.attempts += 1;
  if (!workload.shared) workload.memory = { kind: 'intended', uid, generation };
  effects.push({ type: 'patch', workload: workload.index, resourceVersion });
}

export function onPatched(
  run: Run,
  event: Extract<RunEvent, { type: 'patched' }>,
  effects: Effect[],
): void {
  const workload = workloadAt(run, event.workload);
  if (workload.phase.kind === 'ended') return;
  workload.trouble = undefined;
  noteLanded(workload, event.object, effects);
  effects.push({ type: 'progress', workload: workload.index, message: 'patched' });
  if (run.plan.strategy.diagnostics) effects.push({ type: 'announce', workload: workload.index });
  // The watch may have run ahead of the patch's own answer.
  if ((workload.seen?.generation ?? 0) < event.object.generation) {
    see(workload, event.object, event.at);
  }
  workload.phase = { kind: 'rolling' };
  settle(run, workload, workload.seen ?? event.object, event.at, effects);
}

/** Links at which a patch is refused before it is looked at. */
const plainNo: readonly Link[] = ['mapping', 'rbac'];

export function onNotPatched(
  run: Run,
  event: Extract<RunEvent, { type: 'notPatched' }>,
  effects: Effect[],
): void {
  const workload = workloadAt(run, event.workload);
  if (workload.phase.kind === 'ended') return;
  if (!event.object) {
    observe(run, event.workload, undefined, event.at, effects);
    return;
  }
  // Refused by its precondition, or by who is asked: nothing of ours landed. What another attempt
  // intended may have.
  workload.trouble = event.trouble;
  const perhaps = event.trouble !== undefined && !plainNo.includes(event.trouble.link);
  if (perhaps) workload.shared = true;
  if (!workload.shared) workload.memory = { kind: 'none' };
  see(workload, event.object, event.at);
  const object = workload.seen ?? event.object;
  const verdict = verdictOf(run, workload, object);
  if (verdict.kind === 'patch' && !run.stopped) {
    intend(workload, effects);
    return;
  }
  if (perhaps && ['rolling', 'evict', 'complete', 'failed'].includes(verdict.kind)) {
    noteLanded(workload, object, effects);
  }
  rememberStamped(run, workload, object, verdict);
  workload.phase = { kind: 'unseen' };
  applyVerdict(run, workload, verdict, event.at, effects);
}

/** Writes the intent ahead of the patch. The workload keeps its slot and its deadline. */
export function intend(workload: WorkloadState, effects: Effect[]): void {
  if (!workload.seen) return;
  const { uid, generation } = workload.seen;
  workload.phase = { kind: 'intending' };
  effects.push({ type: 'writeAhead', workload: workload.index, uid, generation });
}

function noteLanded(workload: WorkloadState, object: Observed, effects: Effect[]): void {
  const { uid, generation } = object;
  workload.patchedHere = true;
  workload.memory = { kind: 'patched', uid, generation };
  workload.stampedAt = stampedAt(object);
  effects.push({ type: 'remember', workload: workload.index, uid, generation });
}

export function onDeadline(run: Run, index: number, at: number, effects: Effect[]): void {
  const workload = workloadAt(run, index);
  const { timeoutSeconds } = run.plan.strategy;
  if (workload.phase.kind === 'proved') {
    if (!workload.unsteady) return;
    if (workload.trouble) {
      endWorkload(run, workload, troubleOutcome(workload.trouble), at, effects);
      return;
    }
    const message = `not up for ${timeoutSeconds} s in the soak`;
    endWorkload(run, workload, { kind: 'failed', ...told(workload, { message }) }, at, effects);
    return;
  }
  giveUp(run, workload, `after ${timeoutSeconds} s`, at, effects);
}

/** Its time is over: why nothing is known of it, or how far it came. */
export function giveUp(
  run: Run,
  workload: WorkloadState,
  when: string,
  at: number,
  effects: Effect[],
): void {
  if (workload.trouble) {
    endWorkload(run, workload, troubleOutcome(workload.trouble), at, effects);
    return;
  }
  if (workload.phase.kind === 'patching') {
    const message = `no answer to its patch ${when}`;
    const outcome = { kind: 'unreachable', link: 'network', message } as const;
    endWorkload(run, workload, outcome, at, effects);
    return;
  }
  const verdict = workload.seen && verdictOf(run, workload, workload.seen);
  const message =
    verdict?.kind === 'rolling' || verdict?.kind === 'evict'
      ? `${when}: ${verdict.message}`
      : `not patched ${when}`;
  endWorkload(run, workload, { kind: 'timedOut', ...told(workload, { message }) }, at, effects);
}

/** Twice in a row without hope: the rest of its time would change nothing. */
export function onDiagnosed(
  run: Run,
  event: Extract<RunEvent, { type: 'diagnosed' }>,
  effects: Effect[],
): void {
  const workload = workloadAt(run, event.workload);
  if (workload.phase.kind !== 'rolling') return;
  const { summary, hopeless } = event.diagnosis;
  const times = hopeless ? (workload.diagnosis?.hopeless ?? 0) + 1 : 0;
  workload.diagnosis = { summary, hopeless: times };
  if (summary !== '') {
    effects.push({ type: 'progress', workload: workload.index, message: summary });
  }
  if (times >= 2) {
    const before = run.failingBefore.has(workload.key) ? { before: true as const } : {};
    const outcome = { kind: 'failed', message: summary, ...before } as const;
    endWorkload(run, workload, outcome, event.at, effects);
    return;
  }
  const timer = { kind: 'diagnose', workload: workload.index } as const;
  effects.push({ type: 'arm', timer, afterMs: diagnoseEveryMs });
}

export function askDiagnosis(run: Run, index: number, effects: Effect[]): void {
  const workload = workloadAt(run, index);
  if (workload.phase.kind === 'ended' || !workload.counted) return;
  if (workload.phase.kind !== 'rolling') {
    const timer = { kind: 'diagnose', workload: index } as const;
    effects.push({ type: 'arm', timer, afterMs: diagnoseEveryMs });
    return;
  }
  const since = workload.stampedAt ?? new Date(run.instant).toISOString();
  effects.push({ type: 'diagnose', workload: index, since });
}

/** Judges anew by what has been seen last. */
export function judgeAgain(run: Run, index: number, at: number, effects: Effect[]): void {
  const workload = workloadAt(run, index);
  const { phase, seen } = workload;
  if (!seen || phase.kind === 'intending' || phase.kind === 'patching') return;
  if (phase.kind === 'ended' || phase.kind === 'dissolved') return;
  settle(run, workload, seen, at, effects);
}

function settle(
  run: Run,
  workload: WorkloadState,
  seen: Observed,
  at: number,
  effects: Effect[],
): void {
  if (delegate(run, workload, at, effects)) return;
  const verdict = verdictOf(run, workload, seen);
  rememberStamped(run, workload, seen, verdict);
  applyVerdict(run, workload, verdict, at, effects);
}

/** A Deployment behind a Rollout runs no pods of its own: stamping it would begin a canary. */
function delegate(run: Run, workload: WorkloadState, at: number, effects: Effect[]): boolean {
  const outcome = delegatedOutcome(run, workload);
  if (!outcome || workload.patchedHere || workload.phase.kind === 'proved') return false;
  endWorkload(run, workload, outcome, at, effects);
  return true;
}

export function delegatedOutcome(run: Run, workload: WorkloadState) {
  if (workload.kind !== 'Deployment') return undefined;
  const { namespace, name, cluster: index } = workload;
  const cluster = clusterAt(run, index);
  const rollout = cluster.delegates.get(`${namespace}/${name}`);
  if (rollout === undefined) return undefined;
  const planned = cluster.members.has(`Rollout/${namespace}/${rollout}`);
  const message = planned
    ? `its pods are those of Rollout ${rollout}, which is restarted by this plan`
    : `its pods are those of Rollout ${rollout}, which is not in this plan`;
  return { kind: 'delegated', to: `Rollout ${rollout}`, planned, message } as const;
}

export const verdictOf = ({ goal }: Run, workload: WorkloadState, seen: Observed): Verdict =>
  judge(seen, goal, workload.memory, workload.stampedAt);

/**
 * When a stamp that meets the run was written; and of one of this run or a later one, whoever of its
 * attempts set it, that it was there: should it and its run be wiped together, this attempt still
 * knows of them.
 */
function rememberStamped(
  run: Run,
  workload: WorkloadState,
  seen: Observed,
  { kind }: Verdict,
): void {
  if (kind === 'stale' || !meets(run.goal, parseInstant(seen.stamp))) return;
  workload.stampedAt = stampedAt(seen);
  if (workload.memory.kind === 'patched') return;
  if (!meets(run.goal, parseRun(seen.run)?.instant)) return;
  workload.memory = { kind: 'patched', uid: seen.uid, generation: seen.generation };
}
