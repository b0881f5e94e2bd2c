import { compareAccess } from '../../charts/compare-access.ts';
import { compareUnits, summarise } from '../../charts/compare.ts';
import type { FolderPlan } from '../../charts/folder-plan.ts';
import type { Generated } from '../../charts/output.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { prepare } from '../../charts/pipeline.ts';
import { deliveringAccounts } from '../../charts/delivery-access.ts';
import { readFleetFile } from '../../charts/read-fleet.ts';
import { removals } from '../../charts/removals.ts';
import { renderTree } from '../../charts/render.ts';
import { suddenMoves } from '../../charts/sudden-moves.ts';
import { compareWithFolder, readOutputRecord } from '../../charts/write.ts';
import type { MigrationTarget } from '../access/migrate.ts';
import { migrationSteps, type MigrationStep } from '../access/migration-steps.ts';
import { accessTable, changeTable, folderTable } from './change-tables.ts';
import { exitCodes } from './exit-codes.ts';
import { formFor, noteOtherFleet, prepareFile, showFindings, type Ready } from './fleet-file.ts';
import { printData, wantsColor, type CliIo, type OutputFormat } from './io.ts';
import { leftOutText, leftToUser } from './left-out.ts';
import { stepTable, suddenText } from './migration-texts.ts';
import { nextRun, restartTable } from './restart-table.ts';

export interface PlanOptions {
  /** The output folder to compare with. */
  readonly output: string;
  /** How to print. */
  readonly format: OutputFormat;
  /** What clusters get. Default: what the folder was written with, else manifests. */
  readonly form?: Form;
  readonly detailedExitcode: boolean;
  /** What moving every legacy identity to this one changes, in place of what synth would. */
  readonly migrate?: MigrationTarget;
}

/**
 * `rollcall plan`: what `synth` would change, who would get where, and what the restarts would do.
 * Writes nothing.
 *
 * @throws UserError when the file or the earlier output can't be read
 */
export function runPlan(io: CliIo, file: string, options: PlanOptions): number {
  const { migrate, format } = options;
  const ready = prepareFile(io, file, format, migrate ? { migrateTo: migrate } : {});
  if (!ready) return exitCodes.error;
  const { before, after, folder, migration, form } = migrate
    ? afterMigration(ready, file, migrate)
    : afterSynth(io, ready, options);
  const changes = compareUnits(before.units, after.units);
  const access = compareAccess(before.access, after.access);
  const restarts = ready.graph.clusters.flatMap((one) => one.restarts);
  const summary = summarise(changes);
  const sudden = migrate ? [] : suddenMoves(before.access, ready.fleet);
  const left = form && leftToUser(form, ready, options.output);
  const data = {
    changes,
    summary,
    accessChanges: access,
    ...(folder && {
      folder: { edited: folder.edited, missing: folder.missing, inTheWay: folder.inTheWay },
    }),
    restarts: restarts.map((restart) => ({ ...restart, next: nextRun(restart, io.now()) })),
    access: ready.graph,
    apply: ready.order,
    remove: removals(changes, before.applied, ready.fleet.clusters),
    ...(migration ? { migration } : {}),
    suddenMoves: sudden,
    ...(left && { leftOut: left }),
    findings: ready.findings,
  };
  const color = wantsColor(io, io.stdoutIsTerminal);
  printData(io, format, data, () =>
    [
      changeTable(changes, color),
      accessTable(access, deliveringAccounts(before.units), color),
      folder ? folderTable(folder) : '',
      restartTable(restarts, io.now()),
      `\n${summary.added} to add, ${summary.changed} to change, ${summary.removed} to remove; ${restarts.length} ${restarts.length === 1 ? 'restart' : 'restarts'} scheduled.\n`,
      stepTable(migration ?? []),
    ].join(''),
  );
  if (format === 'table') {
    io.stderr(sudden.map(suddenText).join(''));
    io.stderr(form && left ? leftOutText(form, left) : '');
  }
  showFindings(io, ready, format);
  const something = changes.length > 0 || (folder !== undefined && isTouched(folder));
  return options.detailedExitcode && something ? exitCodes.something : exitCodes.ok;
}

interface Before {
  readonly before: Generated;
  readonly after: Generated;
  /** What writing would do; absent where nothing is to be written. */
  readonly folder?: FolderPlan;
  /** What clusters would get; absent where nothing is to be written. */
  readonly form?: Form;
  /** Of a migration. */
  readonly migration?: readonly MigrationStep[];
}

const nothing: Generated = { units: [], applied: [], access: [] };

/** What the output folder would become. */
function afterSynth(io: CliIo, ready: Ready, { output, form }: PlanOptions): Before {
  const before = readOutputRecord(output);
  noteOtherFleet(io, output, ready, before);
  const after = renderTree(ready, formFor(form, before));
  const folder = compareWithFolder(after, output).plan;
  return { before: before ?? nothing, after, folder, form: after.format };
}

/** What the output of the file as it is would become. */
function afterMigration(ready: Ready, file: string, migrate: MigrationTarget): Before {
  const current = prepare(readFleetFile(file), file);
  if (current.kind === 'invalid') throw new Error('a fleet that can be migrated is valid');
  return {
    before: renderTree(current),
    after: renderTree(ready),
    migration: migrationSteps(current.fleet, migrate),
  };
}

/** Files of ours are not as they were written. */
const isTouched = ({ edited, missing }: FolderPlan): boolean => edited.length + missing.length > 0;
