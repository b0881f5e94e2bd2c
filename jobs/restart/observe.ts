import { WatchExpired, type LinkError } from './link-error.ts';
import type { Clock, Observed, WatchEvent, WorkloadId, WorkloadQuery, Workloads } from './ports.ts';
import { Outage } from './outage.ts';

export type Observation =
  /** All there is. What was there before and is not in it is gone. */
  | { readonly type: 'snapshot'; readonly items: readonly Observed[] }
  | { readonly type: 'changed'; readonly object: Observed }
  /** A GET found it gone: not merely replaced, and not merely out of the selector. */
  | { readonly type: 'deleted'; readonly id: WorkloadId }
  /**
   * Blind. With a transient error, observing goes on, and the next snapshot ends the outage; with
   * any other it is over.
   */
  | { readonly type: 'problem'; readonly error: LinkError };

export interface ObserveOptions {
  /** A full list is taken again after so long. Default: 5 minutes. */
  readonly relistMs?: number;
  /** An outage is reported after so long, once. Default: 1 minute. */
  readonly problemAfterMs?: number;
  /** In [0, 1), for jitter. Default: `Math.random`. */
  readonly random?: () => number;
}

/** A watch that held so long was a good one: the next failure is a first one. */
const goodWatchMs = 10_000;
/** Failures of the watch in a row after which a list is asked instead. */
const watchFailures = 3;

/**
 * Follows workloads: a list, then a watch from its version, resumed where it ended and begun again
 * with a list when the version is gone or some minutes have passed. A failed list is never an empty
 * one: it is retried, and reported when it does not pass. Events may repeat, and one may be older
 * than the snapshot or the change before it: judge by uid and generation. Ends when the signal
 * aborts, without throwing.
 */
export async function* observe(
  workloads: Workloads,
  query: WorkloadQuery,
  clock: Clock,
  signal: AbortSignal,
  options: ObserveOptions = {},
): AsyncGenerator<Observation, void, undefined> {
  const { relistMs = 5 * 60_000 } = options;
  const outage = new Outage(clock, signal, options);
  while (!isAborted(signal)) {
    let list;
    try {
      list = await workloads.list(query, signal);
    } catch (error) {
      if (isAborted(signal)) return;
      const problem = outage.failed(error);
      if (problem) yield { type: 'problem', error: problem };
      if (problem && !problem.transient) return;
      await outage.pause();
      continue;
    }
    outage.over();
    yield { type: 'snapshot', items: list.items };
    const goesOn = yield* follow(workloads, query, list.resourceVersion, {
      clock,
      signal,
      outage,
      until: clock.now() + relistMs,
    });
    if (!goesOn) return;
  }
}

interface Following {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly outage: Outage;
  /** When the next list is due. */
  readonly until: number;
}

/** Watches until a list is due. False: a refusal that is final, which has been reported. */
async function* follow(
  workloads: Workloads,
  query: WorkloadQuery,
  listed: string,
  { clock, signal, outage, until }: Following,
): AsyncGenerator<Observation, boolean, undefined> {
  let version = listed;
  let failures = 0;
  while (!isAborted(signal) && clock.now() < until) {
    const began = clock.now();
    const deadline = deadlineSignal(clock, signal, until - began);
    try {
      for await (const event of workloads.watch(query, version, deadline.signal)) {
        const observation = await toObservation(workloads, event, signal);
        failures = 0;
        outage.over();
        outage.held();
        if (observation) yield observation;
        version = event.type === 'bookmark' ? event.resourceVersion : event.object.resourceVersion;
      }
      if (clock.now() - began >= goodWatchMs) outage.held();
      // A server that ends every watch at once must not be asked in a tight loop.
      else if (!deadline.signal.aborted) await outage.pause();
    } catch (error) {
      if (isAborted(signal)) return true;
      if (deadline.signal.aborted) continue;
      if (clock.now() - began >= goodWatchMs) outage.held();
      if (error instanceof WatchExpired) {
        await outage.pause();
        return true;
      }
      const problem = outage.failed(error);
      if (problem) yield { type: 'problem', error: problem };
      if (problem && !problem.transient) return false;
      await outage.pause();
      failures += 1;
      if (failures >= watchFailures) return true;
    } finally {
      deadline.cancel();
    }
  }
  return true;
}

/** A call, so that the compiler does not take the flag for a constant within a loop. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

/** DELETED is also what a watch says of an object that left its selector, or was made anew: ask. */
async function toObservation(
  workloads: Workloads,
  event: WatchEvent,
  signal: AbortSignal,
): Promise<Observation | undefined> {
  switch (event.type) {
    case 'bookmark':
      return undefined;
    case 'changed':
      return event;
    case 'deleted': {
      const { kind, namespace, name } = event.object;
      const id = { kind, namespace, name };
      const object = await workloads.get(id, signal);
      return object ? { type: 'changed', object } : { type: 'deleted', id };
    }
  }
}

/** Aborts with the caller's signal, or after `ms`. `cancel` takes the timer away. */
function deadlineSignal(clock: Clock, signal: AbortSignal, ms: number) {
  const due = new AbortController();
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(
    () => {
      due.abort();
    },
    () => undefined,
  );
  return {
    signal: AbortSignal.any([signal, due.signal]),
    cancel: () => {
      timer.abort();
    },
  };
}
