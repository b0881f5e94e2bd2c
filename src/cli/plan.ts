import { CronExpressionParser } from 'cron-parser';
import { styleText } from 'node:util';
import { compareOutputs, type Change } from '../../charts/compare.ts';
import { prepare } from '../../charts/pipeline.ts';
import { readFleetFile } from '../../charts/read-fleet.ts';
import { removals } from '../../charts/removals.ts';
import { renderOutput } from '../../charts/render.ts';
import { suddenMoves, type SuddenMove } from '../../charts/sudden-moves.ts';
import { readOutput } from '../../charts/write.ts';
import type { ScheduledRestart } from '../access/graph.ts';
import type { MigrationTarget } from '../access/migrate.ts';
import { migrationSteps, type MigrationStep } from '../access/migration-steps.ts';
import type { OutputFile } from '../iam/render.ts';
import { mixFault } from '../identities/transition.ts';
import { printable } from '../fleet/terminal-text.ts';
import type { PlannedTarget, PlannedWave } from '../plan/restart-plan.ts';
import { exitCodes } from './exit-codes.ts';
import { prepareFile, showFindings, type Ready } from './fleet-file.ts';
import { columns, printData, wantsColor, type CliIo, type OutputFormat } from './io.ts';

export interface PlanOptions {
  /** The output to compare with. */
  readonly output: string;
  readonly format: OutputFormat;
  readonly detailedExitcode: boolean;
  /** What moving every legacy identity to this one changes, in place of what synth would. */
  readonly migrate?: MigrationTarget;
}

/**
 * `rollcall plan`: what `synth` would change, and what the restarts would do. Writes nothing.
 *
 * @throws UserError when the file or the earlier output can't be read
 */
export function runPlan(io: CliIo, file: string, options: PlanOptions): number {
  const { migrate } = options;
  const ready = prepareFile(io, file, options.format, migrate ? { migrateTo: migrate } : {});
  if (!ready) return exitCodes.error;
  const { changes, before, migration } = changesOf(ready, file, options);
  const restarts = ready.graph.clusters.flatMap((access) => access.restarts);
  const summary = summarise(changes);
  const sudden = migrate ? [] : suddenMoves(before, ready.fleet);
  const data = {
    changes,
    summary,
    restarts: restarts.map((restart) => ({ ...restart, next: nextRun(restart, io.now()) })),
    access: ready.graph,
    apply: ready.order,
    remove: removals(changes, before, ready.fleet.clusters),
    ...(migration ? { migration } : {}),
    suddenMoves: sudden,
    findings: ready.findings,
  };
  printData(io, options.format, data, () =>
    [
      changeTable(changes, wantsColor(io, io.stdoutIsTerminal)),
      restartTable(restarts, io.now()),
      `\n${summary.added} to add, ${summary.changed} to change, ${summary.removed} to remove; ${restarts.length} ${restarts.length === 1 ? 'restart' : 'restarts'} scheduled.\n`,
      stepTable(migration ?? []),
    ].join(''),
  );
  if (options.format === 'table') io.stderr(sudden.map(suddenText).join(''));
  showFindings(io, ready, options.format);
  return options.detailedExitcode && changes.length > 0 ? exitCodes.something : exitCodes.ok;
}

interface Comparison {
  readonly changes: readonly Change[];
  readonly before: readonly OutputFile[];
  /** Of a migration. */
  readonly migration?: readonly MigrationStep[];
}

/** What the output folder would become; or, of a migration, what the output of the file as it is would. */
function changesOf(ready: Ready, file: string, { output, migrate }: PlanOptions): Comparison {
  const after = renderOutput(ready.graph, ready.iam);
  if (!migrate) {
    const before = readOutput(output);
    return { changes: compareOutputs(before, after), before };
  }
  const current = prepare(readFleetFile(file), file);
  if (current.kind === 'invalid') throw new Error('a fleet that can be migrated is valid');
  const before = renderOutput(current.graph, current.iam);
  const migration = migrationSteps(current.fleet, migrate);
  return { changes: compareOutputs(before, after), before, migration };
}

const signs = {
  added: { sign: '+', style: 'green' },
  changed: { sign: '~', style: 'yellow' },
  removed: { sign: '-', style: 'red' },
} as const;

function changeTable(changes: readonly Change[], color: boolean): string {
  if (changes.length === 0) return 'Nothing to change.\n';
  const lines = columns(
    changes.map(({ where, what }) => [printable(where), printable(what)]),
  ).split('\n');
  return changes
    .map(({ change }, index) => {
      const { sign, style } = signs[change];
      const line = `${sign} ${lines[index] ?? ''}`;
      return `${color ? styleText(style, line, { validateStream: false }) : line}\n`;
    })
    .join('');
}

const stepTable = (steps: readonly MigrationStep[]): string =>
  steps
    .map(({ action, at }, index) => {
      const places = at.map((place) => `     ${printable(place)}\n`).join('');
      return `\n${index + 1}. ${action}\n${places}`;
    })
    .join('');

/** What would leave running pods without their role; nothing else tells of it. */
const suddenText = ({ service, from, to }: SuddenMove): string =>
  `\nservice ${printable(service)} goes from ${from} to ${to} at once: ${
    mixFault(from, to)?.next ??
    `pods that run have no role until they are made anew. Say migratingFrom: ${from} beside podIdentity to let both work meanwhile.`
  }\n`;

function restartTable(restarts: readonly ScheduledRestart[], now: number): string {
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
function nextRun(
  { schedule, timeZone, suspend }: ScheduledRestart,
  now: number,
): string | undefined {
  if (suspend) return undefined;
  const cron = CronExpressionParser.parse(schedule, { tz: timeZone, currentDate: new Date(now) });
  return cron.next().toDate().toISOString().replace('.000Z', 'Z');
}

function summarise(changes: readonly Change[]): Readonly<Record<Change['change'], number>> {
  const count = (kind: Change['change']) => changes.filter(({ change }) => change === kind).length;
  return { added: count('added'), changed: count('changed'), removed: count('removed') };
}
