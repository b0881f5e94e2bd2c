import { styleText } from 'node:util';
import { isWell, type Outcome } from '../../jobs/restart/core/outcome.ts';
import { describeRevert, type Report } from '../../jobs/restart/report.ts';
import type { World } from '../simulator/load/world.ts';

/** How often each workload's pod template was stamped, by `cluster namespace/name`. */
export function countRestarts(world: World): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name: cluster, kube } of world.clusters.values()) {
    for (const { namespace, name, revisions } of kube.templateGenerations()) {
      const stamps = revisions.filter(({ restartedAt }) => restartedAt !== undefined).length;
      counts.set(`${cluster} ${namespace}/${name}`, stamps);
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
  const rows = report.workloads.map(({ cluster, namespace, name, outcome }) => {
    const count = restarts.get(`${cluster} ${namespace}/${name}`) ?? 0;
    return [cluster, `${namespace}/${name}`, String(count), shortOutcome(outcome)];
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
  for (const { cluster, outcome } of report.workloads) {
    if (!('message' in outcome)) continue;
    const known = clusters.get(outcome.message) ?? new Set();
    clusters.set(outcome.message, known.add(cluster));
  }
  return [...clusters].map(([message, where]) => `${[...where].join(', ')}: ${message}`);
}

/** The counts and the exit code, green or red where colours are wanted. */
export function summaryLine(report: Report, color: boolean): string {
  const counts = Object.entries(report.counts).map(([kind, count]) => `${count} ${kind}`);
  const line = `run ${report.run}: ${counts.join(', ')}; exit ${report.exit.code} (${report.exit.name})`;
  const well = report.workloads.every(({ outcome }) => isWell(outcome));
  return color ? styleText(well ? 'green' : 'red', line, { validateStream: false }) : line;
}
