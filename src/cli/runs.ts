import { exitCodes } from './exit-codes.ts';
import { printData, type CliIo, type OutputFormat } from './io.ts';
import { openHub } from './operate/hub.ts';
import type { HubOptions } from './operate/options.ts';
import { overviewTable } from './operate/overview-table.ts';
import { overviewOf } from './operate/overview.ts';
import { findPlace } from './operate/place.ts';
import { readPlan } from './operate/plan.ts';
import { readRecord } from './operate/record.ts';
import { workOf } from './operate/work.ts';

export interface RunsOptions extends HubOptions {
  /** How to print. */
  readonly output: OutputFormat;
}

/**
 * `rollcall runs`: the runs of a restart that the hub remembers, and how the last one stands.
 *
 * @throws UserError
 */
export async function runRuns(io: CliIo, restart: string, options: RunsOptions): Promise<number> {
  const place = findPlace(io, restart, options, options.output);
  if (!place) return exitCodes.error;
  const hub = openHub(io, place, options);
  const record = await readRecord(hub);
  const plan = await readPlan(hub);
  const overview = overviewOf(place, record, plan, await workOf(hub, io.now()));
  printData(io, options.output, overview, () => overviewTable(overview));
  if (overview.runs.length === 0 && options.output === 'table') {
    io.stderr(`${hub.where}\nNo run of ${restart} has begun yet.\n`);
  }
  return exitCodes.ok;
}
