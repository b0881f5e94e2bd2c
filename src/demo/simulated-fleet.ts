import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildJob } from '../../jobs/restart/build.ts';
import { realClock } from '../simulator/clock.ts';
import { parsePriorState } from '../simulator/load/prior-state.ts';
import { loadWorld, type World } from '../simulator/load/world.ts';
import { startServers, type Servers } from '../simulator/servers/start.ts';
import { mergeOrThrow, synthesise } from './generate.ts';

export interface SimulatedFleetOptions {
  /** The fleet file; its prior state stands beside it as `<name>.prior.yaml`. */
  readonly fleetFile: string;
  /** Where the generated tree, the job's bundle and its files go. */
  readonly folder: string;
  /** The job, bundled before. Default: it is bundled into the folder. */
  readonly bundle?: string;
}

/** A fleet that runs on this machine, with what was generated for it applied. */
export interface SimulatedFleet {
  readonly folder: string;
  /** The job as one file. */
  readonly bundle: string;
  readonly world: World;
  readonly servers: Servers;
  /** A bearer token of every cluster's admin. */
  readonly adminToken: string;
  close(): Promise<void>;
}

/**
 * Synthesises, bundles the job, and starts the simulated fleet from the generated tree.
 *
 * @throws Error where the fleet file or its prior state is wrong
 */
export async function startSimulatedFleet({
  fleetFile,
  folder,
  bundle: bundled,
}: SimulatedFleetOptions): Promise<SimulatedFleet> {
  const outputDir = join(folder, 'dist');
  synthesise(fleetFile, outputDir);
  const bundle = bundled ?? join(folder, 'restart.mjs');
  const adminToken = randomBytes(24).toString('hex');
  const priorFile = fleetFile.replace(/\.yaml$/, '.prior.yaml');
  const [world] = await Promise.all([
    loadWorld({
      outputDir,
      prior: parsePriorState(readFileSync(priorFile, 'utf8'), priorFile),
      clock: realClock,
      mergeAwsAuth: mergeOrThrow,
      adminToken,
    }),
    bundled === undefined ? buildJob(bundle) : undefined,
  ]);
  const servers = await startServers(world);
  const close = async (): Promise<void> => {
    await servers.close();
    world.close();
  };
  return { folder, bundle, world, servers, adminToken, close };
}
