import type { Outcome } from '../../../jobs/restart/core/outcome.ts';
import type { Report } from '../../../jobs/restart/report.ts';
import type { Run } from '../../../jobs/restart/core/state.ts';
import { must } from './violation.ts';

/** Troubles that have no place in an attempt without troubles. */
const outOfPlace: readonly Outcome['kind'][] = ['unreachable', 'timedOut', 'failed'];

/**
 * When all faults have stopped and all is mended, one more attempt ends for good: every workload
 * that may be restarted meets the run, unless the run is halted, superseded or shut out.
 */
export function checkCalm(run: Run, report: Report, isRefused: boolean): void {
  const { name } = report.exit;
  const { strategy } = run.plan;
  must(name !== 'retryable', 'liveness', () => `an attempt without faults exits ${name}`);
  if (run.halted || run.stopped) return;
  for (const { cluster, name: workload, outcome } of report.workloads) {
    const isWrong =
      outOfPlace.includes(outcome.kind) || (outcome.kind === 'forbidden' && !isRefused);
    const isSlow =
      strategy.timeoutSeconds < 100 ||
      strategy.clusterTimeoutSeconds !== undefined ||
      // Its template was edited after the stamp: no pod is older than the stamp, and none is new.
      ('message' in outcome && outcome.message.includes('OnDelete'));
    must(
      !isWrong || (isSlow && outcome.kind === 'timedOut'),
      'liveness',
      () => `${cluster} ${workload} without faults: ${JSON.stringify(outcome)}`,
    );
  }
}
