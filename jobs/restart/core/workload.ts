import type { Observed } from '../ports.ts';
import { stampedAt } from './blame.ts';
import type { Link } from '../link-error.ts';
import type { Effect, RunEvent } from './events.ts';
import { parseRun } from './instant.ts';
import { judge, meets, type Verdict } from './judge.ts';
import { troubleOutcome } from './outcome.ts';
import type { Run, WorkloadState } from './state.ts';
import { applyVerdict, endWorkload } from './verdict.ts';

/** Takes in what has been seen of a workload; `undefined` where it does not exist. */
export function observe(
  run: Run,
  index: number,
  object: Observed | undefined,
  at: number,
  effects: Effect[],
): void {
  const workload = workloadAt(run, index);
  if (workload.phase.kind === 'ended') return;
  if (object === undefined) {
    const message = `no Deployment ${workload.namespace}/${workload.name}`;
    endWorkload(run, workload, { kind: 'missing', message }, effects);
    return;
  }
  workload.seen = object;
  workload.lastSeenAt = at;
  // While the record or a patch is under way its answer decides, not an older view.
  if (workload.phase.kind === 'intending' || workload.phase.kind === 'patching') return;
  workload.trouble = undefined;
  settle(run, workload, object, effects);
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
    applyVerdict(run, workload, verdict, effects);
    return;
  }
  // Judged first: what is written for a generation that carries our stamp would hide its loss.
  if (generation !== event.generation) {
    intend(workload, effects);
    return;
  }
  workload.phase = { kind: 'patching' };
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
  // The watch may have run ahead of the patch's own answer.
  const seen = workload.seen;
  const newest = seen && seen.generation >= event.object.generation ? seen : event.object;
  workload.seen = newest;
  workload.lastSeenAt = event.at;
  workload.phase = { kind: 'rolling' };
  settle(run, workload, newest, effects);
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
  const { object } = event;
  if (!object) {
    observe(run, event.workload, undefined, event.at, effects);
    return;
  }
  // Refused by its precondition, or by who is asked: nothing of ours landed. What another attempt
  // intended may have.
  workload.trouble = event.trouble;
  const perhaps = event.trouble !== undefined && !plainNo.includes(event.trouble.link);
  if (perhaps) workload.shared = true;
  if (!workload.shared) workload.memory = { kind: 'none' };
  workload.seen = object;
  workload.lastSeenAt = event.at;
  const verdict = verdictOf(run, workload, object);
  if (verdict.kind === 'patch' && !run.stopped) {
    intend(workload, effects);
    return;
  }
  if (perhaps && ['rolling', 'complete', 'failed'].includes(verdict.kind)) {
    noteLanded(workload, object, effects);
  }
  rememberStamped(run, workload, object, verdict);
  workload.phase = { kind: 'unseen' };
  applyVerdict(run, workload, verdict, effects);
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

export function onDeadline(run: Run, index: number, effects: Effect[]): void {
  const workload = workloadAt(run, index);
  if (workload.phase.kind === 'ended' || workload.phase.kind === 'proved') return;
  if (workload.trouble) {
    endWorkload(run, workload, troubleOutcome(workload.trouble), effects);
    return;
  }
  const verdict = workload.seen && verdictOf(run, workload, workload.seen);
  const message =
    verdict?.kind === 'rolling'
      ? `after ${run.plan.strategy.timeoutSeconds} s: ${verdict.message}`
      : `not patched after ${run.plan.strategy.timeoutSeconds} s`;
  endWorkload(run, workload, { kind: 'timedOut', message }, effects);
}

function settle(run: Run, workload: WorkloadState, seen: Observed, effects: Effect[]): void {
  const verdict = verdictOf(run, workload, seen);
  rememberStamped(run, workload, seen, verdict);
  applyVerdict(run, workload, verdict, effects);
}

const verdictOf = ({ goal }: Run, workload: WorkloadState, seen: Observed): Verdict =>
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
  if (kind !== 'rolling' && kind !== 'complete' && kind !== 'failed') return;
  workload.stampedAt = stampedAt(seen);
  if (workload.memory.kind === 'patched') return;
  if (!meets(run.goal, parseRun(seen.run)?.instant)) return;
  workload.memory = { kind: 'patched', uid: seen.uid, generation: seen.generation };
}

function workloadAt(run: Run, index: number): WorkloadState {
  const workload = run.workloads[index];
  if (!workload) throw new RangeError(`no workload ${index} in the plan`);
  return workload;
}
