import type { Core } from './core-under-test.ts';
import { jobsOf } from './jobs.ts';
import { Violation } from './invariants/violation.ts';
import { Simulation } from './simulation.ts';

export interface SeedResult {
  readonly seed: number;
  readonly hash: string;
  readonly steps: number;
  readonly catalogue: ReadonlyMap<string, number>;
  readonly history: readonly string[];
  readonly size: WorldSize;
  /** What was broken, if anything. */
  readonly failure?: { readonly invariant: string; readonly message: string };
}

export interface WorldSize {
  readonly clusters: number;
  readonly workloads: number;
  readonly processes: number;
}

export interface SimulateOptions {
  /** Default: false. */
  readonly keepsHistory?: boolean;
}

/** Carries out one seed: everything in it follows from the seed. */
export function simulate(seed: number, core: Core, options: SimulateOptions = {}): SeedResult {
  const sim = new Simulation(seed, core, options.keepsHistory ?? false);
  let failure: SeedResult['failure'];
  try {
    jobsOf(sim).run();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    failure =
      error instanceof Violation
        ? { invariant: error.invariant, message: error.message }
        : { invariant: 'defect', message: error.stack ?? error.message };
    sim.history.add(sim.time.now, 'VIOLATION', failure.message);
  }
  return {
    seed,
    hash: sim.history.hash,
    steps: sim.steps,
    catalogue: sim.catalogue.counts,
    history: sim.history.lines,
    size: {
      clusters: sim.clusters.length,
      workloads: sim.clusters.reduce((sum, { versions }) => sum + versions.size, 0),
      processes: sim.processes,
    },
    ...(failure && { failure }),
  };
}
