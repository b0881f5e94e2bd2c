import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { buildJob } from '../../../jobs/restart/build.ts';
import type { Pod } from '../../../src/demo/pod.ts';
import { makePod } from '../../../src/demo/simulated-pod.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../../../src/demo/simulated-fleet.ts';
import type { KubeCluster } from '../../../src/simulator/kube/api-server.ts';
import { Job, withEnvironment } from './job.ts';
import { Secrets } from './secrets.ts';

const examples = new URL('../../../examples/', import.meta.url);
const buildFolder = fileURLToPath(new URL('../../../build/process-test/', import.meta.url));
const minute = 60_000;

interface Restart {
  readonly name: string;
  strategy: Readonly<Record<string, number | string>>;
}

interface PriorDeployment {
  readonly name: string;
  rolloutSeconds: number;
}

export interface FleetOptions {
  /** Of every workload. Default: 0.15. */
  readonly rolloutSeconds?: number;
  /** Over that of the example. */
  readonly strategy?: Restart['strategy'];
  /** Names of further restarts of the same workloads. */
  readonly otherRestarts?: readonly string[];
  /** All accounts are of one AWS organization. Default: true. */
  readonly organization?: boolean;
}

export interface PodOptions {
  /** Default: the fleet's first restart. */
  readonly restart?: string;
}

/** The fleets of one test file. They share a folder that goes at the end. */
export class TestFleets {
  readonly #fleets: TestFleet[] = [];
  #home: string | undefined;
  #bundle: Promise<string> | undefined;
  #started = 0;

  async start(options: FleetOptions = {}): Promise<TestFleet> {
    this.#home ??= mkdtempSync(join(tmpdir(), 'rollcall-process-'));
    this.#bundle ??= bundleJob();
    this.#started += 1;
    const home = join(this.#home, `fleet-${this.#started}`);
    const bundle = await this.#bundle;
    const fleetFile = writeFleet(home, options);
    const simulated = await startSimulatedFleet({ fleetFile, folder: join(home, 'fleet'), bundle });
    const fleet = new TestFleet(simulated);
    this.#fleets.push(fleet);
    return fleet;
  }

  /** Where a secret stands for others to read. */
  async leaks(): Promise<readonly string[]> {
    return (await Promise.all(this.#fleets.map((fleet) => fleet.leaks()))).flat();
  }

  async close(): Promise<void> {
    await Promise.all(this.#fleets.map((fleet) => fleet.close()));
    if (this.#home !== undefined) rmSync(this.#home, { recursive: true, force: true });
  }
}

/** The fleet of examples/seed-000.yaml with short rollouts, and every job that ran against it. */
export class TestFleet {
  readonly simulated: SimulatedFleet;
  readonly secrets: Secrets;
  readonly #jobs: Job[] = [];
  #pods = 0;
  #lastRun = Math.floor(Date.now() / minute) * minute - 1000 * minute;

  constructor(simulated: SimulatedFleet) {
    this.simulated = simulated;
    this.secrets = new Secrets(simulated);
  }

  /** A scheduled instant later than any before it, and past. */
  nextRun(): number {
    this.#lastRun += minute;
    return this.#lastRun;
  }

  kube(cluster: string): KubeCluster {
    const found = this.simulated.world.clusters.get(cluster);
    if (!found) throw new Error(`no cluster ${cluster}`);
    return found.kube;
  }

  /** Each call makes another pod: a retry of a Job's, when the run is the same. */
  pod(run: number, { restart }: PodOptions = {}): Pod {
    this.#pods += 1;
    const pod = makePod(this.simulated, run, `pod-${this.#pods}`, restart);
    return withEnvironment(pod, { NODE_COMPILE_CACHE: join(buildFolder, 'cache') });
  }

  start(pod: Pod): Job {
    const job = new Job(this.simulated.bundle, pod);
    this.#jobs.push(job);
    return job;
  }

  /** Starts a pod of the run, and waits for its end. */
  run(run: number, options?: PodOptions) {
    return this.start(this.pod(run, options)).ended;
  }

  /** Where a secret stands for others to read. */
  async leaks(): Promise<readonly string[]> {
    return this.secrets.leaks(await Promise.all(this.#jobs.map((job) => job.traces())));
  }

  async close(): Promise<void> {
    for (const { child } of this.#jobs) child.kill('SIGKILL');
    await Promise.all(this.#jobs.map((job) => job.ended));
    await this.simulated.close();
  }
}

/**
 * The job, always at the same place: Node then finds what it has compiled before, and dozens of jobs
 * start in half the time. Moved there, since another test file may be reading it.
 */
async function bundleJob(): Promise<string> {
  const bundle = join(buildFolder, 'restart.mjs');
  const beside = `${bundle}.${process.pid}`;
  await buildJob(beside);
  await rename(beside, bundle);
  return bundle;
}

function writeFleet(home: string, options: FleetOptions): string {
  const { rolloutSeconds = 0.15, strategy, otherRestarts = [], organization = true } = options;
  const fleet = read('seed-000.yaml') as { restarts: Restart[] };
  for (const restart of fleet.restarts) restart.strategy = { ...restart.strategy, ...strategy };
  for (const name of otherRestarts) {
    fleet.restarts.push(...fleet.restarts.slice(0, 1).map((first) => ({ ...first, name })));
  }
  const prior = read('seed-000.prior.yaml') as {
    clusters: { deployments?: PriorDeployment[] }[];
  };
  for (const { deployments = [] } of prior.clusters) {
    for (const deployment of deployments) deployment.rolloutSeconds = rolloutSeconds;
  }
  mkdirSync(home, { recursive: true });
  const file = join(home, 'fleet.yaml');
  writeFileSync(file, stringify(fleet));
  writeFileSync(join(home, 'fleet.prior.yaml'), stringify({ ...prior, organization }));
  return file;
}

const read = (name: string): object =>
  parse(readFileSync(new URL(name, examples), 'utf8')) as object;
