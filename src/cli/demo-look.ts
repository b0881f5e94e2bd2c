import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findCronJob } from '../demo/simulated-pod.ts';
import type { SimulatedFleet } from '../demo/simulated-fleet.ts';
import type { CliIo } from './io.ts';
import { kubeconfig, writeNewKubeconfig } from './kubeconfig.ts';
import { runRuns } from './runs.ts';

/** Waits to be interrupted, with a kubeconfig that lasts as long as the fleet, on the broken cluster. */
export async function keepUp(
  io: CliIo,
  fleet: SimulatedFleet,
  broken: string | undefined,
): Promise<void> {
  const interrupted = io.untilInterrupted?.();
  const place = placeToLook(fleet.world, broken);
  const restart = restartOf(fleet);
  await withKubeconfig(fleet, place.cluster, async (file) => {
    io.stderr(`Kubeconfig:     ${file}\n`);
    io.stderr("\nThe fleet stays up until Ctrl-C. Look around, as every cluster's admin:\n");
    const kubectl = `kubectl --kubeconfig ${file} --context ${place.cluster} -n ${place.namespace}`;
    io.stderr(`  ${kubectl} get deployments\n`);
    if (place.user !== undefined) io.stderr(`  ${kubectl} auth can-i --list --as ${place.user}\n`);
    const hub = `--kubeconfig ${file} --context ${restart.hub} -n ${restart.namespace}`;
    io.stderr(`  npm run -s rollcall -- runs ${restart.name} ${hub}\n`);
    io.stderr(`Contexts: ${[...fleet.world.clusters.keys()].join(', ')}\n`);
    await interrupted;
  });
  io.stderr('\nThe fleet is taken down.\n');
}

/** What `rollcall runs` says of the restart. */
export async function showRuns(io: CliIo, fleet: SimulatedFleet): Promise<void> {
  const { name, namespace, hub } = restartOf(fleet);
  io.stderr(`\nWhat the hub remembers (rollcall runs ${name} -n ${namespace}):\n`);
  io.stdout('\n');
  await withKubeconfig(fleet, hub, (file) =>
    runRuns(io, name, { namespace, kubeconfig: file, output: 'table' }),
  );
}

function restartOf({ world }: SimulatedFleet) {
  const { hub, cronJob } = findCronJob(world, undefined);
  return { hub, ...cronJob.metadata };
}

/** The file holds a token: it goes with the work that it is for. */
async function withKubeconfig(
  { folder, world, servers, adminToken }: SimulatedFleet,
  current: string,
  work: (file: string) => Promise<unknown>,
): Promise<void> {
  const clusters = [...world.clusters.keys()].map((name) => ({
    name,
    server: servers.apiServer(name),
    ca: servers.apiServerCa(name),
  }));
  const file = join(folder, 'rollcall-demo.kubeconfig');
  writeNewKubeconfig(file, kubeconfig(clusters, adminToken, current));
  try {
    await work(file);
  } finally {
    rmSync(file, { force: true });
  }
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
