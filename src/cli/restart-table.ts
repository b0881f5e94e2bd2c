import { CronExpressionParser } from 'cron-parser';
import type { ScheduledRestart } from '../access/graph.ts';
import type { PlannedTarget, PlannedWave } from '../plan/restart-plan.ts';
import { columns } from './io.ts';

/** What the restarts would do, and when. */
export function restartTable(restarts: readonly ScheduledRestart[], now: number): string {
  return restarts
    .map((restart) => {
      const { plan, schedule, timeZone } = restart;
      const next = nextRun(restart, now);
      const when = next === undefined ? 'suspended' : `next ${next}`;
      const rows = plan.targets.flatMap((target) => rowsOf(target, plan.strategy.waves));
      return `\nRestart ${plan.restart}: "${schedule}" ${timeZone}, ${when}\n${columns(rows)}`;
    })
    .join('');
}

/** The workloads of a cluster, with its wave where there are several. */
function rowsOf(
  { cluster, wave, paused, workloads }: PlannedTarget,
  waves: readonly PlannedWave[],
): readonly (readonly string[])[] {
  const name = waves[wave]?.name ?? '';
  const when = waves.length > 1 || paused ? [paused ? 'paused' : `wave ${name}`] : [];
  return workloads
    .flatMap(({ kind, namespace, names, selector }) =>
      selector
        ? [`${kind} ${namespace} -l ${labelText(selector)}`]
        : names.map((one) => `${kind} ${namespace}/${one}`),
    )
    .map((workload) => [`  ${cluster}`, ...when, workload]);
}

/** `app=web,tier=front`: as kubectl's `-l` takes it. */
const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** The first scheduled instant after now, as RFC 3339. */
export function nextRun(
  { schedule, timeZone, suspend }: ScheduledRestart,
  now: number,
): string | undefined {
  if (suspend) return undefined;
  const cron = CronExpressionParser.parse(schedule, { tz: timeZone, currentDate: new Date(now) });
  return cron.next().toDate().toISOString().replace('.000Z', 'Z');
}
