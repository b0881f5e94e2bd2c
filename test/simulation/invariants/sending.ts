import type { Effect, RunEvent } from '../../../jobs/restart/core/events.ts';
import { isWell } from '../../../jobs/restart/core/outcome.ts';
import { countsAsFailure } from '../../../jobs/restart/core/outcome.ts';
import type { Run, WorkloadState } from '../../../jobs/restart/core/state.ts';
import { must } from './violation.ts';
import type { Witness } from './witness.ts';

/** An answer of the blockers holds so long. Milliseconds. */
const blockersHoldMs = 30_000;

/** A patch or an eviction is about to be sent: whether the process could know that it must not. */
export function checkSent(
  witness: Witness,
  effect: Extract<Effect, { type: 'patch' | 'evict' }>,
  event: RunEvent,
): void {
  const { run, stopped } = witness;
  const workload = run.workloads[effect.workload];
  if (!workload) return;
  const where = (): string => `${effect.type} of ${workload.key}`;
  must(stopped === undefined, 'stopped', () => `${where()} after: ${stopped ?? ''}`);
  must(!witness.paused, 'paused', () => `${where()} while an operator has paused the run`);
  if (effect.type === 'evict') return;
  checkBudget(witness, where);
  checkWindow(run, event.at, where);
  checkBlockers(witness, event.at, where);
  checkOrder(witness, workload);
}

/** Reckoned by hand: the windows of a seed are of a zone without summer time. */
function checkWindow({ plan }: Run, at: number, where: () => string): void {
  const [window] = plan.strategy.windows;
  if (!window) return;
  const minutes = Math.floor(at / 60_000) + 330;
  const ofDay = minutes % 1440;
  const weekday = (Math.floor(minutes / 1440) + 4) % 7;
  const open = window.days.includes(weekday) && ofDay >= window.from && ofDay < window.to;
  must(open, 'window', () => `${where()} at ${new Date(at).toISOString()}, outside the window`);
}

function checkBlockers({ run, blockersQuietAt }: Witness, at: number, where: () => string): void {
  if (run.plan.strategy.blockers.length === 0) return;
  const age = blockersQuietAt === undefined ? Infinity : at - blockersQuietAt;
  must(age < blockersHoldMs, 'blockers', () => `${where()} though nobody knows that all is quiet`);
}

/** Failures that this process knows of, and what the plan allows. */
function checkBudget({ run, progress }: Witness, where: () => string): void {
  const { failureBudget } = run.plan.strategy;
  if (!failureBudget) return;
  const failed = new Set(progress?.failed);
  for (const { phase, key } of run.workloads) {
    if (phase.kind === 'ended' && countsAsFailure(phase.outcome)) failed.add(key);
  }
  const now = run.workloads.filter(({ phase }) => phase.kind !== 'dissolved').length;
  const known = Math.max(now, progress?.known ?? 0);
  const allowed =
    failureBudget.kind === 'count'
      ? failureBudget.count
      : Math.floor((known * failureBudget.percent) / 100);
  must(
    failed.size <= allowed,
    'budget',
    () => `${where()} with ${failed.size} failed of ${allowed}`,
  );
}

/** What each of its groups comes after; not what it is itself part of. */
export const groupsBefore = (run: Run, { cluster, groups }: WorkloadState): readonly number[] =>
  groups
    .flatMap((group) => run.plan.targets[cluster]?.workloads[group]?.after ?? [])
    .filter((group) => !groups.includes(group));

/** What comes before it in its cluster is done. */
function checkOrder({ run }: Witness, workload: WorkloadState): void {
  const after = groupsBefore(run, workload);
  for (const other of run.workloads) {
    if (other.cluster !== workload.cluster) continue;
    if (!other.groups.some((group) => after.includes(group))) continue;
    const { phase } = other;
    const done =
      phase.kind === 'proved' ||
      phase.kind === 'dissolved' ||
      (phase.kind === 'ended' && isWell(phase.outcome));
    must(done, 'after', () => `${workload.key} before ${other.key}, which is ${phase.kind}`);
  }
}
