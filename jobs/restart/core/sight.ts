import type { Observed } from '../observed.ts';
import type { WorkloadState } from './state.ts';

/**
 * Takes in an object as the newest that has been seen of a workload. False for one that is older: a
 * watch may repeat itself or lag behind a GET, and a list may come from a server that lags behind.
 * Versions are never compared, as they are opaque (Kubernetes API concepts, Resource versions).
 */
export function see(workload: WorkloadState, object: Observed, at: number): boolean {
  const { newest, former } = workload;
  const { uid, generation } = object;
  if (former.includes(uid)) return false;
  if (newest?.uid === uid && generation < newest.generation) return false;
  if (newest && newest.uid !== uid) workload.former = [...former, newest.uid];
  workload.newest = { uid, generation };
  workload.seen = object;
  workload.lastSeenAt = at;
  workload.foundRun = object.run;
  return true;
}
