import type { Random } from './prng.ts';

/** What can go wrong between a process and whoever it asks. */
export const requestFaults = [
  'crashBefore',
  'crashAfter',
  'resetBefore',
  'resetAfter',
  'hang',
  'late',
  'serverError',
  'throttled',
  'unauthorized',
  'forbidden',
  'conflict',
] as const;
export type RequestFault = (typeof requestFaults)[number];

/** What can go wrong with what is seen. */
export const watchFaults = [
  'staleList',
  'watchLost',
  'watchDuplicated',
  'watchReordered',
  'watchLate',
  'watchClosed',
  'watchExpired',
] as const;
export type WatchFault = (typeof watchFaults)[number];

/** What others do to workloads. */
export const deeds = [
  'gitopsRevert',
  'gitopsReplace',
  'kubectl',
  'edited',
  'scaled',
  'scaledToZero',
  'broken',
  'mended',
  'paused',
  'resumed',
  'optedOut',
  'deleted',
  'recreated',
] as const;
export type Deed = (typeof deeds)[number];

/** What befalls processes, the hub and whole clusters. */
export const blows = [
  'sigterm',
  'killed',
  'frozen',
  'clockJump',
  'operatorStop',
  'operatorPause',
  'leaseTaken',
  'hubDown',
  'blocker',
  'clusterDown',
  'clusterRefuses',
  'pdb',
] as const;
export type Blow = (typeof blows)[number];

/** What a seed is set up with from its beginning. */
export const circumstances = [
  'duplicate',
  'laterRun',
  'otherRestart',
  'otherPlan',
  'dryRun',
  'partlyDenied',
  'gateFails',
  'neverApproved',
  'clockSkew',
] as const;
export type Circumstance = (typeof circumstances)[number];

export const faultKinds = [
  ...requestFaults,
  ...watchFaults,
  ...deeds,
  ...blows,
  ...circumstances,
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** How often each is tried; what is not in it does not happen in this seed. */
export type Swarm = ReadonlyMap<FaultKind, number>;

/**
 * Swarm testing (Groce and others, ISSTA 2012): a seed has a random subset of the faults, each with a
 * random weight, so that a common fault does not hide what only happens without it.
 */
export function drawSwarm(random: Random): Swarm {
  const share = random.pick([0, 0.08, 0.2, 0.35, 0.6]);
  const swarm = new Map<FaultKind, number>();
  for (const kind of faultKinds) {
    const weight = random.pick([0.25, 0.5, 1, 2]);
    if (random.chance(share)) swarm.set(kind, weight);
  }
  // Two attempts at work at once, which a Lease makes rare.
  if (random.chance(0.15)) {
    for (const kind of ['duplicate', 'frozen', 'leaseTaken'] as const) swarm.set(kind, 2);
  }
  return swarm;
}
