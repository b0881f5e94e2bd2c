import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startJob, type JobEnd } from '../demo/job-process.ts';
import { makePod } from '../demo/simulated-pod.ts';
import { scenarioOf, type ScenarioName } from '../demo/scenarios.ts';
import {
  againLine,
  countRestarts,
  reasons,
  reportRows,
  summaryLine,
  waveLines,
} from '../demo/show.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../demo/simulated-fleet.ts';
import { breakLink, type BreakableLink } from '../simulator/breaks.ts';
import { keepUp, showRuns } from './demo-look.ts';
import { exitCodes } from './exit-codes.ts';
import { columns, wantsColor, type CliIo } from './io.ts';

export interface DemoOptions {
  /** Another fleet, in which something goes wrong. Default: seed 000, in which nothing does. */
  readonly scenario?: ScenarioName;
  readonly break?: BreakableLink;
  /** Default: a new folder for temporary files. */
  readonly output?: string;
  /** Leaves the fleet up after the runs, for kubectl, until the command is interrupted. Default: false. */
  readonly keep?: boolean;
}

/**
 * `rollcall demo`: the fleet of an example, generated, simulated, and restarted by the bundled job;
 * then the same run again, which has nothing left to do. With a broken link, how the job tells; in
 * another scenario, what the hub remembers of it.
 */
export async function runDemo(io: CliIo, options: DemoOptions): Promise<number> {
  const folder = resolve(options.output ?? mkdtempSync(join(tmpdir(), 'rollcall-demo-')));
  const { example, fleetFile, troubles, prepare } = scenarioOf(options.scenario);
  io.stderr(`Generating access and the restart from ${example} …\n`);
  const fleet = await startSimulatedFleet({ fleetFile, folder });
  try {
    io.stderr(`Simulated fleet is up: STS, EKS and ${fleet.world.clusters.size} clusters.\n`);
    prepare(fleet.world);
    if (troubles.length > 0) io.stderr('What will go wrong:\n');
    for (const trouble of troubles) io.stderr(`  - ${trouble}\n`);
    const broken = options.break && breakLink(fleet.world, options.break);
    if (broken) {
      io.stderr(`Broken on purpose (${broken.link}):\n`);
      for (const change of broken.changes) io.stderr(`  - ${change}\n`);
    }
    const scheduled = Math.floor(io.now() / 60_000) * 60_000;
    const first = await runOnce(io, fleet, scheduled, 'run-1');
    const well = options.break === undefined && options.scenario === undefined;
    const second = well ? await runAgain(io, fleet, { scheduled, first }) : undefined;
    if (options.scenario) await showRuns(io, fleet);
    io.stderr(`\nGenerated tree: ${join(folder, 'dist')}\n`);
    io.stderr(`Report:         ${join(folder, 'run-1', 'report.json')}\n`);
    if (options.keep) await keepUp(io, fleet, broken?.cluster);
    const ends = second ? [first, second] : [first];
    return ends.every(({ code }) => code === 0) ? exitCodes.ok : exitCodes.something;
  } finally {
    await fleet.close();
  }
}

async function runOnce(
  io: CliIo,
  fleet: SimulatedFleet,
  scheduled: number,
  name: string,
): Promise<JobEnd> {
  const pod = makePod(fleet, scheduled, name);
  io.stderr(`\nRunning the job as ${pod.environment.ROLLCALL_JOB_NAME ?? ''} …\n`);
  const { ended } = startJob({
    bundle: fleet.bundle,
    pod,
    onProgress: (line) => {
      io.stderr(`  ${line}\n`);
    },
  });
  const end = await ended;
  if (end.report) {
    const color = wantsColor(io, io.stdoutIsTerminal);
    io.stdout(`\n${columns(reportRows(end.report, countRestarts(fleet.world)))}`);
    for (const reason of reasons(end.report)) io.stdout(`\nwhy: ${reason}\n`);
    io.stdout('\n');
    for (const line of waveLines(end.report)) io.stdout(`${line}\n`);
    io.stdout(`${summaryLine(end.report, color)}\n`);
  } else {
    io.stderr(`The job ended with exit code ${end.code ?? 'none'} and no report.\n`);
  }
  return end;
}

async function runAgain(
  io: CliIo,
  fleet: SimulatedFleet,
  { scheduled, first }: { readonly scheduled: number; readonly first: JobEnd },
): Promise<JobEnd> {
  io.stderr('\nThe same run again: nothing may restart twice.\n');
  const before = countRestarts(fleet.world);
  const end = await runOnce(io, fleet, scheduled, 'run-2');
  const after = countRestarts(fleet.world);
  const reported = first.report !== undefined && end.report !== undefined;
  const twice = [...after.keys()].filter((key) => after.get(key) !== before.get(key));
  io.stdout(`${againLine(twice, reported)}\n`);
  return twice.length === 0 ? end : { ...end, code: exitCodes.something };
}
