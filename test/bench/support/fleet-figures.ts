import { boundOf, type FleetSize } from './fleet-file.ts';
import { hubKinds, sumOf, targetKinds } from './fleet-tally.ts';
import type { Seen } from './fleet-world.ts';
import type { Measured } from './measure.ts';

/** One run of the job over one fleet. */
export interface FleetSample extends Seen {
  readonly size: FleetSize;
  /** Of all requests, 0 to 1. */
  readonly faultShare: number;
  readonly measured: Measured;
  /** The share of the machine that processes which aren't ours had meanwhile. */
  readonly others: number;
  /** By the job's own report. */
  readonly exit: string;
  readonly counts: Readonly<Record<string, number>>;
}

export const bounds = {
  /** Wall time, of the time that the limits themselves set. */
  wall: 1.25,
  /** Resident memory of the job, at its highest. Bytes. */
  peak: 200e6,
  /** Requests that one fault may cost: the one that it met, and what follows from it. */
  requestsPerFault: 3,
  /** Processor time a workload of the largest fleet, of that of the smallest. */
  growth: 1.5,
} as const;

/** One bound, kept or not. */
export interface Check {
  readonly what: string;
  readonly found: number;
  readonly atMost: number;
  readonly kept: boolean;
}

export interface FleetFigures {
  readonly clusters: number;
  readonly workloads: number;
  readonly faultShare: number;
  /** Seconds. */
  readonly wall: number;
  /** Of the bound that the limits set. */
  readonly wallRatio: number;
  /** Megabytes. */
  readonly peak: number;
  /** Milliseconds a workload. */
  readonly cpuEach: number;
  readonly faults: number;
  /** To targets and AWS. */
  readonly requests: number;
  readonly requestsEach: number;
  /** Writes of the run record, a workload. */
  readonly recordWritesEach: number;
  /** All requests to the hub, and for the hub's own identity. */
  readonly hubRequests: number;
  readonly others: number;
  readonly exit: string;
  readonly checks: readonly Check[];
}

const check = (what: string, found: number, atMost: number): Check => ({
  what,
  found,
  atMost,
  kept: found <= atMost,
});

export function figuresOf(sample: FleetSample): FleetFigures {
  const { size, faultShare, measured, tally, stamped, others, exit, counts } = sample;
  const workloads = size.clusters * size.workloads;
  const targets = sumOf(tally, targetKinds);
  const hub = sumOf(tally, hubKinds);
  const wall = measured.wallMs / 1000;
  const wallRatio = wall / boundOf(size);
  const restarted = (atLeast: number): number =>
    stamped.reduce((sum, [times, many]) => sum + (times >= atLeast ? many : 0), 0);
  // In each cluster one namespace and kind, hence a list and a watch.
  const budget =
    workloads + 2 * size.clusters + 4 * size.clusters + bounds.requestsPerFault * targets.faults;
  return {
    clusters: size.clusters,
    workloads,
    faultShare,
    wall,
    wallRatio,
    peak: measured.peakBytes / 1e6,
    cpuEach: measured.cpuMs / workloads,
    faults: targets.faults + hub.faults,
    requests: targets.requests,
    requestsEach: targets.requests / workloads,
    recordWritesEach: (tally.recordWrite?.requests ?? 0) / workloads,
    hubRequests: hub.requests,
    others,
    exit,
    checks: [
      check('restarted more than once', restarted(2), 0),
      check('never restarted', workloads - restarted(1), 0),
      check('not reported as restarted', workloads - (counts['restarted'] ?? 0), 0),
      check('wall time, of the limits’ own', wallRatio, bounds.wall),
      check('peak memory, MB', measured.peakBytes / 1e6, bounds.peak / 1e6),
      check('requests', targets.requests, budget),
      check('requests of no known kind', tally.other?.requests ?? 0, 0),
    ],
  };
}

/** Whether a workload of the largest fleet costs more than one of the smallest. Faultless runs are no part of it. */
export function growthOf(figures: readonly FleetFigures[]): Check | undefined {
  const sorted = figures
    .filter(({ faultShare }) => faultShare > 0)
    .toSorted((a, b) => a.clusters - b.clusters);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (!smallest || !largest || smallest.clusters === largest.clusters) return undefined;
  const what = `processor time a workload, ${largest.clusters} clusters beside ${smallest.clusters}`;
  return check(what, largest.cpuEach / smallest.cpuEach, bounds.growth);
}

export const allKept = (figures: readonly FleetFigures[]): boolean =>
  [...figures.flatMap(({ checks }) => checks), growthOf(figures)].every(
    (one) => one === undefined || one.kept,
  );
