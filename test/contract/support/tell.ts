import type { Outcome } from '../../../jobs/restart/core/outcome.ts';
import type { Report } from '../../../jobs/restart/report.ts';

/** What came of each workload, in some words, by `cluster/Kind/namespace/name`. */
export const endings = (report: Report | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (report?.workloads ?? []).map(({ cluster, kind, namespace, name, outcome }) => [
      `${cluster}/${kind}/${namespace}/${name}`,
      ending(outcome),
    ]),
  );

function ending(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'skipped':
      return `skipped ${outcome.reason}`;
    case 'forbidden':
    case 'unreachable':
      return `${outcome.kind} ${outcome.link}`;
    case 'failed':
      return outcome.before ? 'failed before' : 'failed';
    case 'delegated':
      return `delegated to ${outcome.to}${outcome.planned ? '' : ', which is not planned'}`;
    case 'restarted':
    case 'alreadyRestarted':
    case 'partial':
    case 'reverted':
    case 'timedOut':
    case 'wouldRestart':
    case 'missing':
      return outcome.kind;
  }
}

/** Messages and notes on one workload, in one text. */
export function wordsOn(report: Report | undefined, name: string): string {
  const line = report?.workloads.find((one) => one.name === name);
  const message = line && 'message' in line.outcome ? [line.outcome.message] : [];
  return [...message, ...(line?.notes ?? [])].join('; ');
}
