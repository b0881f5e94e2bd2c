import { formatInstant, type Instant } from './core/instant.ts';
import { isWell, outcomeKinds, type Outcome } from './core/outcome.ts';
import type { Run } from './core/state.ts';
import { exitCodes, exitOf, type ExitName } from './exit-code.ts';

/** What came of a run: one line for every workload of its plan. */
export interface Report {
  /** Marks the report among a pod's log lines. */
  readonly rollcall: 'report';
  readonly version: 1;
  readonly fleet: string;
  readonly restart: string;
  /** The run's instant. */
  readonly run: string;
  readonly planDigest: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exit: { readonly code: number; readonly name: ExitName };
  readonly counts: Readonly<Partial<Record<Outcome['kind'], number>>>;
  readonly workloads: readonly ReportLine[];
}

export interface ReportLine {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: 'Deployment';
  readonly name: string;
  readonly outcome: Outcome;
}

export interface ReportContext {
  readonly planDigest: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

export function reportOf(run: Run, context: ReportContext): Report {
  const workloads = run.workloads.map((workload): ReportLine => {
    if (workload.phase.kind !== 'ended') {
      throw new Error(`${workload.namespace}/${workload.name} has no outcome`);
    }
    return {
      cluster: run.plan.targets[workload.cluster]?.cluster ?? '',
      namespace: workload.namespace,
      kind: 'Deployment',
      name: workload.name,
      outcome: workload.phase.outcome,
    };
  });
  const name = exitOf(workloads.map((line) => line.outcome));
  return {
    rollcall: 'report',
    version: 1,
    fleet: run.plan.fleet,
    restart: run.plan.restart,
    run: formatInstant(run.instant),
    planDigest: context.planDigest,
    startedAt: new Date(context.startedAt).toISOString(),
    finishedAt: new Date(context.finishedAt).toISOString(),
    exit: { code: exitCodes[name], name },
    counts: countOutcomes(workloads),
    workloads,
  };
}

function countOutcomes(lines: readonly ReportLine[]): Report['counts'] {
  const counts: Partial<Record<Outcome['kind'], number>> = {};
  for (const kind of outcomeKinds) {
    const count = lines.filter((line) => line.outcome.kind === kind).length;
    if (count > 0) counts[kind] = count;
  }
  return counts;
}

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
    case 'failed':
    case 'missing':
      return `${outcome.kind}: ${outcome.message}`;
    case 'timedOut':
      return `timed out ${outcome.message}`;
  }
}
