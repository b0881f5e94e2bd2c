import type { NewEvent } from '../../../jobs/restart/emit.ts';
import type { SimHub } from '../hub.ts';
import type { Ask, Reply, Sender } from '../network.ts';
import type { PlannedJob } from '../scenario.ts';
import type { Simulation } from '../simulation.ts';
import type { Task } from '../virtual-time.ts';

/** What the parts of one process have in common. */
export interface Host extends Sender {
  readonly sim: Simulation;
  readonly job: PlannedJob;
  readonly hub: SimHub;
  /** Milliseconds since the epoch, by its own clock. */
  wall(): number;
  /** Milliseconds that never jump. */
  monotonic(): number;
  send<T>(ask: Ask<T>): void;
  /** Only if it still lives then. */
  later(ms: number, act: () => void): Task;
  readonly emit: (event: NewEvent) => void;
}

/** As long as something is open: what is answered later is not heard. */
export interface Scope {
  open: boolean;
}

/** Full jitter up to a bound that doubles. Milliseconds. */
export const backoff = (host: Host, failures: number, capMs = 15_000): number =>
  Math.round(host.sim.random.next() * Math.min(capMs, 500 * 2 ** Math.min(failures, 10)));

/** Asks again after transient troubles. For what changes nothing, or may be done twice. */
export function retrying<T>(
  host: Host,
  scope: Scope,
  ask: Ask<T>,
  attempts: number,
  failures = 1,
): void {
  host.send({
    ...ask,
    answer: (reply: Reply<T>) => {
      if (!scope.open) return;
      if (reply.ok || !reply.trouble.transient || failures >= attempts) {
        ask.answer(reply);
        return;
      }
      host.later(reply.retryAfterMs + backoff(host, failures), () => {
        if (scope.open) retrying(host, scope, ask, attempts, failures + 1);
      });
    },
  });
}
