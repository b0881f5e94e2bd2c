import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startJob, type JobEnd } from '../demo/job-process.ts';
import { makePod } from '../demo/simulated-pod.ts';
import { countRestarts, reasons, reportRows, summaryLine } from '../demo/show.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../demo/simulated-fleet.ts';
import { breakLink, type BreakableLink } from '../simulator/breaks.ts';
import { exitCodes } from './exit-codes.ts';
import { columns, wantsColor, type CliIo } from './io.ts';
import { kubeconfig, writeNewKubeconfig } from './kubeconfig.ts';

export interface DemoOptions {
  readonly break?: BreakableLink;
  /** Default: a new folder for temporary files. */
  readonly output?: string;
  /** Leaves the fleet up after the runs, for kubectl, until the command is interrupted. Default: false. */
  readonly keep?: boolean;
}

const fleetFile = fileURLToPath(new URL('../../examples/seed-000.yaml', import.meta.url));

/**
 * `rollcall demo`: the fleet of seed 000, generated, simulated, and restarted by the bundled job;
 * then the same run again, which has nothing left to do. With a broken link, how the job tells.
 */
export async function runDemo(io: CliIo, options: DemoOptions): Promise<number> {
  const folder = options.output ?? mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  io.stderr('Generating access and the restart from examples/seed-000.yaml …\n');
  const fleet = await startSimulatedFleet({ fleetFile, folder });
  try {
    io.stderr(`Simulated fleet is up: STS, EKS and ${fleet.world.clusters.size} clusters.\n`);
    const broken = options.break && breakLink(fleet.world, options.break);
    if (broken) {
      io.stderr(`Broken on purpose (${broken.link}):\n`);
      for (const change of broken.changes) io.stderr(`  - ${change}\n`);
    }
    const scheduled = Math.floor(io.now() / 60_000) * 60_000;
    const first = await runOnce(io, fleet, scheduled, 'run-1');
    const second = options.break ? undefined : await runAgain(io, fleet, scheduled);
    io.stderr(`\nGenerated tree: ${join(folder, 'dist')}\n`);
    io.stderr(`Report:         ${join(folder, 'run-1', 'report.json')}\n`);
    if (options.keep) await keepUp(io, fleet, broken?.cluster);
    const ends = second ? [first, second] : [first];
    return ends.every(({ code }) => code === 0) ? exitCodes.ok : exitCodes.something;
  } finally {
    await fleet.close();
  }
}

/** Waits to be interrupted, with a kubeconfig that lasts as long as the fleet, on the broken cluster. */
async function keepUp(
  io: CliIo,
  { folder, world, servers, adminToken }: SimulatedFleet,
  broken: string | undefined,
) {
  const interrupted = io.untilInterrupted?.();
  const place = placeToLook(world, broken);
  const clusters = [...world.clusters.keys()].map((name) => ({
    name,
    server: servers.apiServer(name),
    ca: servers.apiServerCa(name),
  }));
  const file = join(folder, 'rollcall-demo.kubeconfig');
  writeNewKubeconfig(file, kubeconfig(clusters, adminToken, place.cluster));
  try {
    io.stderr(`Kubeconfig:     ${file}\n`);
    io.stderr("\nThe fleet stays up until Ctrl-C. Look around, as every cluster's admin:\n");
    const kubectl = `kubectl --kubeconfig ${file} --context ${place.cluster} -n ${place.namespace}`;
    io.stderr(`  ${kubectl} get deployments\n`);
    if (place.user !== undefined) io.stderr(`  ${kubectl} auth can-i --list --as ${place.user}\n`);
    io.stderr(`Contexts: ${clusters.map(({ name }) => name).join(', ')}\n`);
    await interrupted;
  } finally {
    rmSync(file, { force: true });
  }
  io.stderr('\nThe fleet is taken down.\n');
}

/** The broken cluster, else the first that has something to restart, and whom the job is there. */
function placeToLook({ clusters }: SimulatedFleet['world'], broken: string | undefined) {
  const places = [...clusters.values()].flatMap(({ name, kube, fragment }) =>
    kube.templateGenerations().map(({ namespace }) => ({
      cluster: name,
      namespace,
      user: fragment?.mapRoles[0]?.username,
    })),
  );
  const found = places.find(({ cluster }) => cluster === broken) ?? places[0];
  return found ?? { cluster: '', namespace: 'default', user: undefined };
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
    io.stdout(`\n${summaryLine(end.report, color)}\n`);
  } else {
    io.stderr(`The job ended with exit code ${end.code ?? 'none'} and no report.\n`);
  }
  return end;
}

async function runAgain(io: CliIo, fleet: SimulatedFleet, scheduled: number): Promise<JobEnd> {
  io.stderr('\nThe same run again: nothing may restart twice.\n');
  const before = countRestarts(fleet.world);
  const end = await runOnce(io, fleet, scheduled, 'run-2');
  const after = countRestarts(fleet.world);
  const twice = [...after].filter(([key, count]) => count !== before.get(key));
  io.stdout(
    twice.length === 0
      ? 'Nothing was restarted twice.\n'
      : `Restarted again: ${twice.map(([key]) => key).join(', ')}\n`,
  );
  return twice.length === 0 ? end : { ...end, code: exitCodes.something };
}
