import { styleText } from 'node:util';
import { isWell, type Outcome } from '../../jobs/restart/core/outcome.ts';
import type { Report } from '../../jobs/restart/report.ts';
import { describeRevert } from '../../jobs/restart/report-text.ts';
import type { World } from '../simulator/load/world.ts';

/** How often each workload was stamped, by `cluster kind namespace/name`. */
export function countRestarts(world: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name: cluster, kube } of world.clusters.values()) {
    for (const { kind, namespace, name, revisions } of kube.templateGenerations()) {
      const stamps = revisions.filter(({ restartedAt }) => restartedAt !== undefined).length;
      counts.set(`${cluster} ${kind} ${namespace}/${name}`, stamps);
    }
  }
  return counts;
}

/** The report as rows: where, how often the fleet saw it restarted, and what came of it. */
export function reportRows(
  report: Report,
  restarts: ReadonlyMap<string, number>,
): readonly (readonly string[])[] {
  const head = ['CLUSTER', 'WORKLOAD', 'RESTARTS', 'OUTCOME'];
  const rows = report.workloads.map(({ cluster, kind, namespace, name, outcome }) => {
    const workload = `${kind} ${namespace}/${name}`;
    const count = restarts.get(`${cluster} ${workload}`) ?? 0;
    return [cluster, workload, String(count), shortOutcome(outcome)];
  });
  return [head, ...rows];
}

/** One or two words, and who or which link. */
function shortOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'restarted':
      return `restarted, stamp seen ${outcome.lastSeen}`;
    case 'alreadyRestarted':
      return `already restarted${outcome.run === undefined ? '' : ` by ${outcome.run}`}`;
    case 'reverted':
      return describeRevert(outcome);
    case 'forbidden':
    case 'unreachable':
      return `${outcome.kind}: ${outcome.link}`;
    case 'skipped':
      return `skipped: ${outcome.reason}`;
    case 'partial':
      return 'restarted in part';
    case 'delegated':
      return `delegated to ${outcome.to}`;
    case 'wouldRestart':
      return outcome.message;
    case 'failed':
    case 'missing':
      return outcome.kind;
    case 'timedOut':
      return 'timed out';
  }
}

/** Why not all is well, each reason once, with the clusters that it holds for. */
export function reasons(report: Report): readonly string[] {
  const clusters = new Map<string, Set<string>>();
  for (const { cluster, outcome, notes = [] } of report.workloads) {
    if (!('message' in outcome)) continue;
    const before = notes.length > 0 ? `; noted before: ${notes.join(', ')}` : '';
    const reason = `${outcome.message}${before}`;
    clusters.set(reason, (clusters.get(reason) ?? new Set()).add(cluster));
  }
  return [...clusters].map(([message, where]) => `${[...where].join(', ')}: ${message}`);
}

/** How far the waves came, and why no further. Empty for a run in one wave that went to its end. */
export function waveLines({ clusters, wavesDone, halted }: Report): readonly string[] {
  const waves = [...new Set(clusters.map(({ wave }) => wave))];
  return [
    ...(waves.length > 1
      ? [`waves: ${wavesDone} of ${waves.length} done (${waves.join(', ')})`]
      : []),
    ...(halted ? [`halted (${halted.reason}): ${halted.message}`] : []),
  ];
}

/** The counts and the exit code, green or red where colours are wanted. */
export function summaryLine(report: Report, color: boolean): string {
  const counts = Object.entries(report.counts).map(([kind, count]) => `${count} ${kind}`);
  const line = `run ${report.run}: ${counts.join(', ')}; exit ${report.exit.code} (${report.exit.name})`;
  const well = report.workloads.every(({ outcome }) => isWell(outcome));
  return color ? styleText(well ? 'green' : 'red', line, { validateStream: false }) : line;
}

/**
 * What the second run of an instant has done beyond the first.
 *
 * @param twice the workloads that it has restarted again
 * @param reported whether both have ended with a report: a run that fell has proved nothing
 */
export function againLine(twice: readonly string[], reported: boolean): string {
  if (twice.length > 0) return `Restarted again: ${twice.join(', ')}`;
  return reported
    ? 'Nothing was restarted twice.'
    : 'Nothing was restarted twice, but not both runs have ended with a report.';
}
