import { mkdtempSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildJob } from '../../../jobs/restart/build.ts';
import type { JobEnd } from '../../../src/demo/job-process.ts';
import type { Pod } from '../../../src/demo/pod.ts';
import type { Lab, Laboratory } from '../laboratory.ts';
import { writeFleet, type FleetOptions } from './fleet-files.ts';
import { Job, withEnvironment } from './job.ts';
import { Secrets } from './secrets.ts';
import { inTimeLapse } from './time-lapse.ts';

const buildFolder = fileURLToPath(new URL('../../../build/process-test/', import.meta.url));
const minute = 60_000;

export type { FleetOptions } from './fleet-files.ts';

export interface RunOptions {
  /** Default: the fleet's first restart. */
  readonly restart?: string;
  /** The pod's time runs so many times as fast. Default: 1. */
  readonly lapse?: number;
  /** Options of the job, beside those that its CronJob gives. Default: none. */
  readonly options?: readonly string[];
}

/** The fleets of one test file in a laboratory. They share a folder that goes at the end. */
export class TestFleets<L extends Lab = Lab> {
  readonly #laboratory: Laboratory<L>;
  readonly #fleets: TestFleet<L>[] = [];
  #home: string | undefined;
  #bundle: Promise<string> | undefined;
  #started = 0;

  constructor(laboratory: Laboratory<L>) {
    this.#laboratory = laboratory;
  }

  /** The fleet of examples/seed-000.yaml. */
  start(options: FleetOptions = {}): Promise<TestFleet<L>> {
    return this.startFrom((home) => writeFleet(home, options));
  }

  /** @param write writes a fleet file, with its prior state beside it, into a folder */
  async startFrom(write: (home: string) => string): Promise<TestFleet<L>> {
    // Real fleets are large, and a case has done with its own when the next one begins.
    if (!this.#laboratory.concurrent) await this.#closeFleets();
    this.#home ??= mkdtempSync(join(tmpdir(), 'rollcall-process-'));
    this.#bundle ??= bundleJob();
    this.#started += 1;
    const home = join(this.#home, `fleet-${this.#started}`);
    const bundle = await this.#bundle;
    const fleetFile = write(home);
    const lab = await this.#laboratory.start({ fleetFile, folder: join(home, 'fleet'), bundle });
    const fleet = new TestFleet(lab, bundle);
    this.#fleets.push(fleet);
    return fleet;
  }

  /** Where a secret stands for others to read. */
  async leaks(): Promise<readonly string[]> {
    return (await Promise.all(this.#fleets.map((fleet) => fleet.leaks()))).flat();
  }

  async close(): Promise<void> {
    await this.#closeFleets();
    if (this.#home !== undefined) rmSync(this.#home, { recursive: true, force: true });
  }

  async #closeFleets(): Promise<void> {
    await Promise.all(this.#fleets.map((fleet) => fleet.close()));
  }
}

/** A fleet with short rollouts, and every job that ran against it. */
export class TestFleet<L extends Lab = Lab> {
  readonly lab: L;
  readonly secrets: Secrets;
  readonly #bundle: string;
  readonly #jobs: Job[] = [];
  #pods = 0;
  #lastRun = Math.floor(Date.now() / minute) * minute - 1000 * minute;
  #leaks: Promise<readonly string[]> | undefined;

  constructor(lab: L, bundle: string) {
    this.lab = lab;
    this.#bundle = bundle;
    this.secrets = new Secrets(lab);
  }

  /** A scheduled instant later than any before it, and past. */
  nextRun(): number {
    this.#lastRun += minute;
    return this.#lastRun;
  }

  /** This very second, later than whatever was made before. A Rollout restarts pods older than its instant. */
  async thisSecond(): Promise<number> {
    await sleep(1000 - (Date.now() % 1000));
    return Math.floor(Date.now() / 1000) * 1000;
  }

  /** Each call makes another pod: a retry of a Job's, when the run is the same. */
  async pod(run: number, { restart, lapse, options = [] }: RunOptions = {}): Promise<Pod> {
    this.#pods += 1;
    const made = await this.lab.pod({ scheduled: run, name: `pod-${this.#pods}`, restart });
    const pod = withEnvironment(made, { NODE_COMPILE_CACHE: join(buildFolder, 'cache') });
    const asked = { ...pod, args: [...pod.args, ...options] };
    return lapse === undefined ? asked : inTimeLapse(asked, lapse);
  }

  start(pod: Pod): Job {
    const job = new Job(this.#bundle, pod);
    this.#jobs.push(job);
    return job;
  }

  /** Starts a pod of the run. */
  async begin(run: number, options?: RunOptions): Promise<Job> {
    return this.start(await this.pod(run, options));
  }

  /** Starts a pod of the run, and waits for its end. */
  async run(run: number, options?: RunOptions): Promise<JobEnd> {
    return (await this.begin(run, options)).ended;
  }

  /** As if a killed pod's Lease had expired: its own time is waited for in one case, not in all. */
  async freeLease(restart = 'after-key-creation'): Promise<void> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/sts/leases/${restart}-lock`;
    const body = { spec: { holderIdentity: null } };
    const { status } = await this.lab.admin('ci', { method: 'PATCH', path, body });
    if (status !== 200) throw new Error(`the Lease can't be freed: ${status}`);
  }

  /** Where a secret stands for others to read; as it was when the fleet was closed. */
  leaks(): Promise<readonly string[]> {
    return this.#leaks ?? this.#findLeaks();
  }

  async close(): Promise<void> {
    if (this.#leaks) return;
    for (const { child } of this.#jobs) child.kill('SIGKILL');
    await Promise.all(this.#jobs.map((job) => job.ended));
    this.#leaks = this.#findLeaks();
    await this.#leaks;
    await this.lab.close();
  }

  async #findLeaks(): Promise<readonly string[]> {
    const traces = await Promise.all(this.#jobs.map((job) => job.traces()));
    return this.secrets.leaks(traces);
  }
}

/**
 * The job, always at the same place: Node then finds what it has compiled before, and dozens of jobs
 * start in half the time. Moved there, since another test file may be reading it.
 */
async function bundleJob(): Promise<string> {
  const beside = join(buildFolder, String(process.pid));
  await buildJob(join(beside, 'restart.mjs'));
  // The small one last: it loads the other.
  for (const file of ['restart.job.mjs', 'restart.mjs']) {
    await rename(join(beside, file), join(buildFolder, file));
  }
  rmSync(beside, { recursive: true });
  return join(buildFolder, 'restart.mjs');
}
