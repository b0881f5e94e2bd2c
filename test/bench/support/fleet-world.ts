import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import { mergeOrThrow, synthesise } from '../../../src/demo/generate.ts';
import type { Pod } from '../../../src/demo/pod.ts';
import { findCronJob, makePod } from '../../../src/demo/simulated-pod.ts';
import { realClock } from '../../../src/simulator/clock.ts';
import { parsePriorState } from '../../../src/simulator/load/prior-state.ts';
import { loadWorld, type World } from '../../../src/simulator/load/world.ts';
import type { Handler } from '../../../src/simulator/servers/loopback.ts';
import { startServers, type Place } from '../../../src/simulator/servers/start.ts';
import { Random } from '../../simulation/prng.ts';
import { nextFault, suffer } from './fleet-faults.ts';
import { priorFileOf } from './fleet-file.ts';
import { counted, kindOf, type Tally } from './fleet-tally.ts';

export interface Order {
  readonly fleetFile: string;
  /** The job, bundled before. */
  readonly bundle: string;
  readonly folder: string;
  /** Of all requests, 0 to 1. */
  readonly faultShare: number;
  readonly seed: number;
}

/** What the fleet saw of a run. */
export interface Seen {
  readonly tally: Tally;
  /** How often each workload was given the run's stamp: `[times, workloads]`. */
  readonly stamped: readonly (readonly [times: number, workloads: number])[];
}

export type ToFleet =
  | { readonly type: 'start'; readonly order: Order }
  /** The run is over. */
  | { readonly type: 'end' };
export type FromFleet =
  /** `memoryLimit`: of the generated container. MiB. */
  | { readonly type: 'up'; readonly pod: Pod; readonly memoryLimit: number }
  | { readonly type: 'seen'; readonly seen: Seen };

/** A simulated fleet whose servers count, and fail now and then. */
async function start({ fleetFile, folder, bundle, faultShare, seed }: Order) {
  const outputDir = join(folder, 'dist');
  synthesise(fleetFile, outputDir);
  const priorFile = priorFileOf(fleetFile);
  const adminToken = randomBytes(24).toString('hex');
  const world = await loadWorld({
    outputDir,
    prior: parsePriorState(readFileSync(priorFile, 'utf8'), priorFile),
    clock: realClock,
    mergeAwsAuth: mergeOrThrow,
    adminToken,
  });
  let tally: Tally = {};
  const random = new Random(seed);
  const around =
    (handler: Handler, place: Place): Handler =>
    async (request, response) => {
      const { method = '', url = '/', headers } = request;
      const fault = nextFault(random, faultShare);
      const asked = { method, path: url, signed: headers.authorization !== undefined };
      tally = counted(tally, kindOf(place, asked), fault !== undefined);
      if (fault) await suffer(fault, handler, { request, response, place });
      else await handler(request, response);
    };
  const servers = await startServers(world, { around });
  const close = async (): Promise<void> => {
    await servers.close();
    world.close();
  };
  const scheduled = Math.floor(Date.now() / 60_000) * 60_000;
  const pod = makePod({ folder, bundle, world, servers, adminToken, close }, scheduled);
  const seen = (): Seen => ({ tally, stamped: stampsIn(world, formatInstant(scheduled)) });
  return { pod, memoryLimit: memoryLimitIn(world), seen, close };
}

function memoryLimitIn(world: World): number {
  const { containers } = findCronJob(world, undefined).cronJob.spec.jobTemplate.spec.template.spec;
  const { resources } = containers[0] as { readonly resources?: Resources };
  const found = /^(\d+)Mi$/.exec(resources?.limits?.memory ?? '')?.[1];
  if (found === undefined) throw new Error('the generated CronJob has no memory limit in Mi');
  return Number(found);
}

interface Resources {
  readonly limits?: { readonly memory?: string };
}

function stampsIn({ clusters }: World, instant: string): Seen['stamped'] {
  const times = [...clusters.values()]
    .flatMap(({ kube }) => kube.templateGenerations())
    .map(({ revisions }) => revisions.filter(({ restartedAt }) => restartedAt === instant).length);
  return [...Map.groupBy(times, (one) => one)].map(([one, all]) => [one, all.length]);
}

/** Another process's fleet: started when told, and gone when the run is over. */
function serve(tell: (message: FromFleet) => void): void {
  let fleet: Awaited<ReturnType<typeof start>> | undefined;
  const obey = async (message: ToFleet): Promise<void> => {
    switch (message.type) {
      case 'start':
        fleet = await start(message.order);
        tell({ type: 'up', pod: fleet.pod, memoryLimit: fleet.memoryLimit });
        return;
      case 'end':
        if (fleet) tell({ type: 'seen', seen: fleet.seen() });
        await fleet?.close();
        process.disconnect();
    }
  };
  process.on('message', (message: ToFleet) => {
    obey(message).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      process.exitCode = 1;
      process.disconnect();
    });
  });
}

if (import.meta.main && process.send) {
  const send = process.send.bind(process);
  serve((message) => send(message));
}
