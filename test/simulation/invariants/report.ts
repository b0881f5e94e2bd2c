import { isRetryable, isWell } from '../../../jobs/restart/core/outcome.ts';
import type { Report } from '../../../jobs/restart/report.ts';
import { must } from './violation.ts';
import type { Witness } from './witness.ts';

/** One line for each workload asked for, and an exit code that goes with them. */
export function checkReport({ expected, run }: Witness, report: Report): void {
  const lines = report.workloads.map(
    ({ cluster, kind, namespace, name }) => `${cluster}/${kind}/${namespace}/${name}`,
  );
  const known = new Set(lines);
  must(known.size === lines.length, 'doubled', () => `two lines of one workload: ${lines.join()}`);
  for (const key of expected) {
    must(known.has(key), 'forgotten', () => `no line for ${key}`);
  }
  const outcomes = report.workloads.map(({ outcome }) => outcome);
  const { name } = report.exit;
  const allWell = outcomes.every(isWell);
  const retry = run.unfinished || outcomes.some(isRetryable);
  const restarted = outcomes.some(({ kind }) => kind === 'restarted' || kind === 'wouldRestart');
  const holds: Readonly<Record<typeof name, boolean>> = {
    ok: allWell && restarted && !run.halted,
    nothingToDo: allWell && !restarted && !run.halted,
    crashed: false,
    misconfigured: false,
    incomplete: !allWell && !retry && !run.halted,
    retryable: retry && !run.halted,
    halted: run.halted !== undefined && run.halted.reason !== 'stopped',
    refused: !allWell && !retry && !run.halted,
    cancelled: run.halted?.reason === 'stopped',
  };
  must(holds[name], 'exit', () => `${name} does not go with ${JSON.stringify(report.counts)}`);
}
