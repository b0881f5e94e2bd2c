import type { WorkloadKind } from '../../src/plan/restart-plan.ts';
import { clusterOutcome, type ClusterOutcome } from './cluster-outcome.ts';
import { progressOf } from './core/budget.ts';
import { formatInstant, type Instant } from './core/instant.ts';
import { outcomeKinds, type Outcome } from './core/outcome.ts';
import type { Halted } from './core/events.ts';
import type { Run, WorkloadState } from './core/state.ts';
import { exitCodes, exitOf, type ExitName } from './exit-code.ts';

/** What came of a run: one line for every workload of its plan. */
export interface Report {
  /** Marks the report among a pod's log lines. */
  readonly rollcall: 'report';
  readonly version: 2;
  readonly fleet: string;
  readonly restart: string;
  /** The run's instant. */
  readonly run: string;
  readonly planDigest: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exit: { readonly code: number; readonly name: ExitName };
  /** Why it halted, where it has. */
  readonly halted?: Halted;
  /** So many waves are done, in this attempt or before. */
  readonly wavesDone: number;
  /** Workloads that have used up the failure budget, in all attempts. */
  readonly failures: number;
  readonly counts: Readonly<Partial<Record<Outcome['kind'], number>>>;
  readonly clusters: readonly ClusterLine[];
  readonly workloads: readonly ReportLine[];
}

export interface ClusterLine {
  readonly cluster: string;
  /** Its name. */
  readonly wave: string;
  readonly outcome: ClusterOutcome;
}

export interface ReportLine {
  readonly cluster: string;
  readonly namespace: string;
  readonly kind: WorkloadKind;
  /** Or the selector, where it found none. */
  readonly name: string;
  readonly outcome: Outcome;
  /** Patches that this attempt has sent. */
  readonly attempts: number;
  /** From its turn to its outcome. Left out where it had no turn. */
  readonly seconds?: number;
  /** What was remarkable about it before: a single replica, a GitOps owner. */
  readonly notes?: readonly string[];
}

export interface ReportContext {
  readonly planDigest: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
}

export function reportOf(run: Run, context: ReportContext): Report {
  const asked = run.workloads.filter(({ phase }) => phase.kind !== 'dissolved');
  const workloads = asked.map((workload): ReportLine => {
    if (workload.phase.kind !== 'ended') {
      throw new Error(`${workload.namespace}/${workload.name} has no outcome`);
    }
    return {
      cluster: run.plan.targets[workload.cluster]?.cluster ?? '',
      namespace: workload.namespace,
      kind: workload.kind,
      name: workload.name,
      outcome: workload.phase.outcome,
      attempts: workload.attempts,
      ...secondsOf(workload),
      ...(workload.notes.size > 0 && { notes: [...workload.notes] }),
    };
  });
  const { halted, unfinished } = run;
  const outcomes = workloads.map((line) => line.outcome);
  const name = exitOf({ outcomes, halted: halted?.reason, unfinished });
  return {
    rollcall: 'report',
    version: 2,
    fleet: run.plan.fleet,
    restart: run.plan.restart,
    run: formatInstant(run.instant),
    planDigest: context.planDigest,
    startedAt: new Date(context.startedAt).toISOString(),
    finishedAt: new Date(context.finishedAt).toISOString(),
    exit: { code: exitCodes[name], name },
    ...(halted && { halted }),
    wavesDone: progressOf(run).wavesDone,
    failures: run.failed.size,
    counts: countOutcomes(workloads),
    clusters: clusterLines(run, workloads),
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

function clusterLines(run: Run, lines: readonly ReportLine[]): readonly ClusterLine[] {
  const outcomes = new Map<string, Outcome[]>();
  for (const { cluster, outcome } of lines) {
    const known = outcomes.get(cluster);
    if (known) known.push(outcome);
    else outcomes.set(cluster, [outcome]);
  }
  return run.plan.targets.map(({ cluster, wave }) => ({
    cluster,
    wave: run.plan.strategy.waves[wave]?.name ?? '',
    outcome: clusterOutcome(outcomes.get(cluster) ?? []),
  }));
}

const secondsOf = ({ begunAt, endedAt }: WorkloadState): { readonly seconds?: number } =>
  begunAt === undefined || endedAt === undefined
    ? {}
    : { seconds: Math.round((endedAt - begunAt) / 1000) };
