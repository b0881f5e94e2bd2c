import { isWell, type Outcome } from './core/outcome.ts';
import type { Report, ReportLine } from './report.ts';

/** The kubelet reads at most this much of a termination message. Bytes. */
const terminationLimit = 4096;

/** The report for `/dev/termination-log`: what went wrong comes first, and as much as fits. */
export function terminationSummary(report: Report): string {
  const { restart, run, exit, counts } = report;
  const unwell = report.workloads.filter((line) => !isWell(line.outcome));
  const problems: string[] = [];
  const summary = (): string =>
    JSON.stringify({ restart, run, exit, counts, problems, more: unwell.length - problems.length });
  for (const line of unwell) {
    problems.push(describeLine(line));
    if (Buffer.byteLength(summary()) > terminationLimit) {
      problems.pop();
      break;
    }
  }
  return summary();
}

/** `golf-prd sts/processor: forbidden (trust): …`, at most 300 characters. */
export function describeLine({ cluster, namespace, name, outcome }: ReportLine): string {
  const text = `${cluster} ${namespace}/${name}: ${describeOutcome(outcome)}`;
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

/** `reverted by argocd-controller`, or `perhaps by` where it is a guess. */
export function describeRevert({ by, guessed }: Extract<Outcome, { kind: 'reverted' }>): string {
  if (by === undefined) return 'reverted';
  return guessed ? `reverted, perhaps by ${by}` : `reverted by ${by}`;
}

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'restarted':
      return `restarted, stamp ${outcome.stamp} last seen ${outcome.lastSeen}`;
    case 'alreadyRestarted':
      return `already restarted${outcome.run === undefined ? '' : ` by ${outcome.run}`}, stamp ${outcome.stamp}`;
    case 'reverted':
      return `${describeRevert(outcome)}: ${outcome.message}`;
    case 'skipped':
      return `skipped (${outcome.reason}): ${outcome.message}`;
    case 'forbidden':
    case 'unreachable':
      return `${outcome.kind} (${outcome.link}): ${outcome.message}`;
    case 'partial':
      return `restarted in part: ${outcome.message}`;
    case 'delegated':
      return `delegated to ${outcome.to}: ${outcome.message}`;
    case 'wouldRestart':
      return `dry run: ${outcome.message}`;
    case 'failed':
    case 'missing':
      return `${outcome.kind}: ${outcome.message}`;
    case 'timedOut':
      return `timed out ${outcome.message}`;
  }
}
