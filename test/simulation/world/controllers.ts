import { epoch, newPod, timeOf, type Pod, type SimWorkload } from './workload.ts';

/** A rollout that has not come on for so long has failed. Milliseconds. */
const progressDeadlineMs = 60_000;

/**
 * One step of a workload's controller. Controllers see a new generation before anything else, make
 * and delete one pod at a time, and hold still while one that is new does not come up.
 *
 * @returns whether anything has changed, or may change by waiting
 */
export function reconcile(one: SimWorkload, now: number): 'changed' | 'waiting' | 'idle' {
  if (one.observedGeneration < one.generation) {
    one.observedGeneration = one.generation;
    one.progressAt = now;
    one.stalled = false;
    return 'changed';
  }
  if (moves(one, now)) {
    one.progressAt = now;
    one.stalled = false;
    return 'changed';
  }
  const unready = one.pods.some(({ ready }) => !ready);
  if (!unready) return 'idle';
  if (!one.stalled && now - one.progressAt >= progressDeadlineMs) {
    one.stalled = true;
    return 'changed';
  }
  return one.stalled ? 'idle' : 'waiting';
}

function moves(one: SimWorkload, now: number): boolean {
  const waking = one.pods.filter((pod) => !pod.ready && !isStuck(one, pod));
  if (waking.length > 0) {
    for (const pod of waking) pod.ready = true;
    return true;
  }
  switch (one.kind) {
    case 'Deployment':
      return one.paused ? false : moveDeployment(one, now);
    case 'StatefulSet':
    case 'DaemonSet':
      return moveSet(one, now);
    case 'Rollout':
      return moveRollout(one, now);
  }
}

const isStuck = ({ broken, revision, kind }: SimWorkload, pod: Pod): boolean =>
  broken && (kind === 'Rollout' || pod.revision === revision);

/** One more than wanted at most, and never one less; with `Recreate` the old ones go first. */
function moveDeployment(one: SimWorkload, now: number): boolean {
  const { pods, replicas, revision, otherStrategy: recreate } = one;
  const old = pods.filter((pod) => pod.revision !== revision);
  const fresh = pods.length - old.length;
  if (recreate && old.length > 0) {
    one.pods = pods.filter((pod) => pod.revision === revision);
    return true;
  }
  if (fresh < replicas && pods.length <= replicas) {
    pods.push(newPod(one, nextOrdinal(pods), now));
    return true;
  }
  const ready = pods.filter((pod) => pod.ready).length;
  const surplus = old[0] ?? (fresh > replicas ? pods.at(-1) : undefined);
  if (!surplus || (surplus.ready && ready <= replicas)) return false;
  one.pods = pods.filter((pod) => pod !== surplus);
  return true;
}

/** By ordinal from the highest; the next one only with all of them up. */
function moveSet(one: SimWorkload, now: number): boolean {
  const { pods, replicas, partition, revision } = one;
  const beyond = pods.find(({ ordinal }) => ordinal >= replicas);
  if (beyond) {
    one.pods = pods.filter((pod) => pod !== beyond);
    return true;
  }
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    if (pods.some((pod) => pod.ordinal === ordinal)) continue;
    const pod = newPod(one, ordinal, now);
    const old = ordinal < partition;
    pods.push(old ? { ...pod, revision: one.currentRevision, restarted: -Infinity } : pod);
    return true;
  }
  if (pods.some(({ ready }) => !ready)) return false;
  const old = pods
    .filter((pod) => pod.revision !== revision && pod.ordinal >= partition)
    .sort((a, b) => b.ordinal - a.ordinal)[0];
  if (!old) {
    const isCurrent = partition > 0 || one.currentRevision === revision;
    if (isCurrent || pods.some((pod) => pod.revision !== revision)) return false;
    one.currentRevision = revision;
    return true;
  }
  if (one.otherStrategy) return false;
  one.pods = pods.filter((pod) => pod !== old);
  return true;
}

/** Argo deletes pods that are older than `restartAt`, then copies it (argo-rollouts, rollout/restart.go). */
function moveRollout(one: SimWorkload, now: number): boolean {
  const { pods, replicas, stamp, revision } = one;
  if (pods.length < replicas) {
    pods.push(newPod(one, nextOrdinal(pods), now));
    return true;
  }
  if (pods.length > replicas) {
    pods.pop();
    return true;
  }
  if (pods.some(({ ready }) => !ready)) return false;
  const asked = timeOf(stamp);
  const isDue = asked > timeOf(one.restartedAt) && asked <= epoch + now;
  const old = pods.find((pod) => pod.revision !== revision || (isDue && pod.restarted < asked));
  if (old) {
    one.pods = pods.filter((pod) => pod !== old);
    return true;
  }
  if (!isDue) return false;
  one.restartedAt = stamp;
  return true;
}

const nextOrdinal = (pods: readonly Pod[]): number =>
  Math.max(-1, ...pods.map(({ ordinal }) => ordinal)) + 1;
