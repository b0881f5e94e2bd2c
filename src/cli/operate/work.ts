import type { Hub } from './hub.ts';

/** Whether somebody is at work on a run. `unknown`: the Lease can't be read. */
export type Work = 'some' | 'none' | 'unknown';

/** A Lease holds for 15 s (jobs/restart/lease/judge.ts): the rest is for clocks that differ. Milliseconds. */
const freshMs = 60_000;

/** By the Lease, which a pod holds while it may begin something. */
export async function workOf(hub: Pick<Hub, 'lease'>, now: number): Promise<Work> {
  const lease = await hub.lease();
  if (!lease) return 'unknown';
  return lease.holder !== '' && now - lease.renewedAt < freshMs ? 'some' : 'none';
}

/** For people. A pod that waits for blockers, or for its last rollouts, holds no Lease either. */
export const nobodyAtWork = (run: string): string =>
  `Nobody is at work on run ${run}: no pod holds its Lease. Where none is waiting for blockers or rollouts either, and none is to come, make its Job again: docs/restarts.md, Going on with a run.`;
