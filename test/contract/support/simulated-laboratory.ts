import { makePod } from '../../../src/demo/simulated-pod.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../../../src/demo/simulated-fleet.ts';
import { breakLink } from '../../../src/simulator/breaks.ts';
import type {
  ApiRequest,
  ApiResponse,
  KubeCluster,
} from '../../../src/simulator/kube/api-server.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import type { RestartPlan } from '../../../src/plan/restart-plan.ts';
import type { AdminAnswer, AdminRequest, Lab, Laboratory } from '../laboratory.ts';

/** A lab whose clusters are simulated too: they can be looked into and disturbed. */
export interface SimulatedLab extends Lab {
  readonly simulated: SimulatedFleet;
  kube(cluster: string): KubeCluster;
}

export const simulatedLaboratory: Laboratory<SimulatedLab> = {
  name: 'simulated',
  concurrent: true,
  start: async (options) => simulatedLab(await startSimulatedFleet(options)),
};

function simulatedLab(simulated: SimulatedFleet): SimulatedLab {
  const { folder, world } = simulated;
  const kube = (cluster: string): KubeCluster => {
    const found = world.clusters.get(cluster);
    if (!found) throw new Error(`no cluster ${cluster}`);
    return found.kube;
  };
  playJobs(world);
  // Before any test comes between.
  const ways = new Map(
    [...world.clusters.values()].map((one) => [one.name, one.kube.handle.bind(one.kube)]),
  );
  const wayTo = (cluster: string) => {
    const way = ways.get(cluster);
    if (!way) throw new Error(`no cluster ${cluster}`);
    return way;
  };
  return {
    simulated,
    folder,
    world,
    kube,
    admin: (cluster, request) => asAdmin(wayTo(cluster), simulated.adminToken, request),
    pod: ({ scheduled, name, restart }) =>
      Promise.resolve(makePod(simulated, scheduled, name, restart)),
    stamps: () => Promise.resolve(stampsOf(simulated)),
    breakLink: (link) => Promise.resolve(breakLink(world, link).changes),
    close: () => simulated.close(),
  };
}

/** Jobs end soon; a gate's Job whose command is `/fails` fails. */
function playJobs({ clusters }: World): void {
  for (const { kube, manifests } of clusters.values()) {
    kube.playJobs('', { seconds: 0.5 });
    for (const manifest of manifests) {
      const { 'plan.json': text } = (manifest.data ?? {}) as { readonly 'plan.json'?: string };
      if (text?.includes('"/fails"')) {
        const { restart } = JSON.parse(text) as RestartPlan;
        kube.playJobs(`${restart}-gate-`, { seconds: 0.5, fails: true });
      }
    }
  }
}

function stampsOf({ world }: SimulatedFleet): ReadonlyMap<string, readonly string[]> {
  const stamps = new Map<string, readonly string[]>();
  for (const { name: cluster, kube } of world.clusters.values()) {
    for (const { kind, namespace, name, revisions } of kube.templateGenerations()) {
      const after = revisions.slice(1).map(({ restartedAt }) => restartedAt ?? 'no stamp');
      stamps.set(`${cluster}/${kind}/${namespace}/${name}`, after);
    }
  }
  return stamps;
}

async function asAdmin(
  handle: (request: ApiRequest) => Promise<ApiResponse>,
  token: string,
  { method = 'GET', path, body, contentType, headers }: AdminRequest,
): Promise<AdminAnswer> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await handle({
    method,
    path,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': contentType ?? type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: new AbortController().signal,
  });
  if (answer.kind === 'stream') throw new Error(`${path} is a watch`);
  return { status: answer.status, body: answer.body };
}
