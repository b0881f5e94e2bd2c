import type { Outcome } from '../../../jobs/restart/core/outcome.ts';
import { isWell } from '../../../jobs/restart/core/outcome.ts';
import { timeOf } from '../world/workload.ts';
import type { Truth } from './outcomes.ts';
import { groupsBefore } from './sending.ts';

/** Whoever was left had a reason, and the reason was there. */
export function checkSkipped(
  { witness, workload, versions }: Truth,
  outcome: Extract<Outcome, { kind: 'skipped' }>,
  claim: (holds: boolean, why: string) => void,
): void {
  const { run, seenEvents, firedTimers } = witness;
  const { strategy, targets } = run.plan;
  switch (outcome.reason) {
    case 'optedOut':
      claim(
        versions.some(({ object }) => object.optedOut === true),
        'its owner never said so',
      );
      return;
    case 'paused':
      claim(
        versions.some(({ object }) => 'paused' in object && object.paused),
        'it never was',
      );
      return;
    case 'onDelete':
      claim(
        versions.some(({ object }) => 'strategy' in object && object.strategy === 'OnDelete'),
        'it never was',
      );
      return;
    case 'recent':
      claim(
        versions.some(({ object }) => {
          const age = run.instant - timeOf(object.stamp);
          return age >= 0 && age < (strategy.minIntervalSeconds ?? 0) * 1000;
        }),
        'it was not restarted of late',
      );
      return;
    case 'after': {
      const before = groupsBefore(run, workload);
      const broken = run.workloads.some(
        ({ cluster, groups, phase }) =>
          cluster === workload.cluster &&
          groups.some((group) => before.includes(group)) &&
          phase.kind === 'ended' &&
          !isWell(phase.outcome),
      );
      claim(broken, 'all that it comes after is well');
      return;
    }
    case 'clusterTimeout': {
      const timer = { kind: 'cluster', cluster: workload.cluster };
      claim(firedTimers.has(JSON.stringify(timer)), 'its time was not over');
      return;
    }
    case 'clusterPaused':
      claim(targets[workload.cluster]?.paused === true, 'its cluster is not paused');
      return;
    case 'preflight':
      claim(isHeldBack(witness), 'no examination has found anything');
      return;
    case 'wave':
      claim(
        run.waves.some(({ blind }) => blind) ||
          run.workloads.some(
            ({ cluster, phase }) =>
              phase.kind === 'ended' &&
              !isWell(phase.outcome) &&
              (targets[cluster]?.wave ?? 0) < (targets[workload.cluster]?.wave ?? 0),
          ),
        'all of the waves before is well',
      );
      return;
    case 'superseded':
      claim(seenEvents.has('superseded'), 'no later run was met');
      return;
    case 'halted':
    case 'stopped':
      claim(run.halted !== undefined, 'the run has not halted');
      return;
    case 'window':
      claim(strategy.windows.length > 0, 'there are no windows');
      return;
    case 'blocked':
      claim(seenEvents.has('blockersAnswered'), 'no blocker was asked');
      return;
    case 'lock':
      claim(seenEvents.has('leaseLost'), 'the Lease was not lost');
      return;
    case 'runTimeout':
      claim(firedTimers.has(JSON.stringify({ kind: 'run' })), 'its time was not over');
      return;
    case 'interrupted':
      claim(seenEvents.has('terminating') || seenEvents.has('graceOver'), 'nobody told it to end');
      return;
  }
}

const isHeldBack = ({ run, troubles }: Truth['witness']): boolean =>
  troubles.size > 0 ||
  run.problems.length > 0 ||
  run.workloads.some(
    ({ phase }) =>
      phase.kind === 'ended' &&
      ['missing', 'forbidden', 'unreachable', 'failed', 'reverted'].includes(phase.outcome.kind),
  );
