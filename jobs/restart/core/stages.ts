import type { Effect } from './events.ts';
import { hasProved } from './cluster.ts';
import type { Outcome } from './outcome.ts';
import { queryKey, waveAt, type Run, type Stop, type WorkloadState } from './state.ts';

/** With all clusters closed: from the examination to the waves, to the last look, to the end. */
export function advanceStage(run: Run, effects: Effect[]): void {
  if (run.open > 0 || run.finished) return;
  switch (run.stage) {
    case 'examining':
      if (run.dryRun) finish(run, effects);
      else beginWaves(run);
      return;
    case 'waves':
      if (!run.stopped && run.wave < run.waves.length) return;
      if (!mustSettle(run)) finish(run, effects);
      else waitToSettle(run, effects);
      return;
    case 'settling':
      if (run.stopped) finish(run, effects);
      return;
    case 'rechecking':
      finish(run, effects);
      return;
  }
}

/** All clusters have been examined: what is not over yet is begun, or all is held back. */
function beginWaves(run: Run): void {
  run.stage = 'waves';
  run.queue.length = 0;
  run.sweep = true;
  for (const cluster of run.clusters) {
    if (cluster.unsettled === 0) {
      cluster.rested = true;
      waveAt(run, cluster.wave).busy -= 1;
      continue;
    }
    cluster.phase = 'queued';
    for (const query of cluster.queries) cluster.unanswered.add(queryKey(query));
    run.open += 1;
  }
  const unwell = run.workloads.flatMap(({ phase, key }) =>
    phase.kind === 'ended' && holdsBack(phase.outcome) ? [`${key}: ${phase.outcome.message}`] : [],
  );
  const problems = [...unwell, ...run.problems];
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = `the examination of all clusters found: ${first}${more}`;
  run.stopped ??= { reason: 'preflight', message, looks: true } satisfies Stop;
}

const holdsBack = (
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: 'forbidden' | 'unreachable' | 'missing' }> =>
  outcome.kind === 'forbidden' || outcome.kind === 'unreachable' || outcome.kind === 'missing';

const mustSettle = (run: Run): boolean =>
  run.plan.strategy.settleSeconds !== undefined &&
  !run.stopped &&
  run.clusters.some((cluster) => hasProved(run, cluster));

function waitToSettle(run: Run, effects: Effect[]): void {
  const seconds = run.plan.strategy.settleSeconds ?? 0;
  run.stage = 'settling';
  effects.push({ type: 'arm', timer: { kind: 'settle' }, afterMs: seconds * 1000 });
  effects.push({ type: 'progress', message: `all done; looking once more in ${seconds} s` });
}

/** The proofs are looked at once more, cluster by cluster. */
export function recheck(run: Run): void {
  if (run.stage !== 'settling') return;
  run.stage = 'rechecking';
  for (const cluster of run.clusters) {
    if (!hasProved(run, cluster)) continue;
    cluster.phase = 'queued';
    run.queue.push(cluster.index);
    run.open += 1;
  }
}

function finish(run: Run, effects: Effect[]): void {
  const cut = run.stopped?.reason === 'interrupted' || run.stopped?.reason === 'lock';
  run.unfinished = cut && (run.wave < run.waves.length || run.stage !== 'waves');
  for (const workload of run.workloads) conclude(workload);
  run.finished = true;
  effects.push({ type: 'finish' });
}

/** A proof that has stood to the end is the workload's outcome. */
function conclude(workload: WorkloadState): void {
  const { phase, patchedHere, lastSeenAt, foundRun } = workload;
  if (phase.kind !== 'proved') return;
  const { stamp, partial } = phase;
  const lastSeen = new Date(lastSeenAt).toISOString();
  workload.phase = { kind: 'ended', outcome: proofOf() };
  function proofOf(): Outcome {
    if (partial !== undefined) return { kind: 'partial', stamp, lastSeen, message: partial };
    if (patchedHere) return { kind: 'restarted', stamp, lastSeen };
    return {
      kind: 'alreadyRestarted',
      stamp,
      lastSeen,
      ...(foundRun !== undefined && { run: foundRun }),
    };
  }
}
