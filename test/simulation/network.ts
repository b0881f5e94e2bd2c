import type { Trouble } from '../../jobs/restart/core/outcome.ts';
import type { RequestFault } from './faults.ts';
import type { Simulation } from './simulation.ts';

export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: Trouble; readonly retryAfterMs: number };

export interface Ask<T> {
  /** A cluster by its index, or the hub. */
  readonly to: number | 'hub';
  /** `list Deployment/a`. */
  readonly doing: string;
  /** What a 409 is answered with, where there may be one. */
  readonly conflict?: T;
  /** What the server does. */
  readonly serve: () => T;
  readonly answer: (reply: Reply<T>) => void;
}

export interface Sender {
  readonly name: string;
  readonly alive: boolean;
  crash(when: string): void;
  /** At once, or when it is no longer frozen; never where it has ended by then. */
  whenAwake(act: () => void): void;
  /** Where it asks the hub: whether that answers at all. */
  readonly hubIsDown: boolean;
}

/** A client gives a request up after so long. Milliseconds. */
const requestTimeoutMs = 30_000;

/**
 * One request, there and back. Its sender may end before it is sent, or after it took effect; what
 * is on its way arrives even if nobody is there any more to hear the answer.
 */
export function send<T>(sim: Simulation, sender: Sender, ask: Ask<T>): void {
  const { dice, random, time } = sim;
  if (dice.strikes('crashBefore')) {
    sender.crash(`before ${ask.doing}`);
    return;
  }
  const fault = dice.onRequest(ask.conflict !== undefined);
  const crashes = dice.strikes('crashAfter');
  const there = random.between(2, 150) + (fault === 'late' ? random.between(1_000, 25_000) : 0);
  const answer = (afterMs: number, reply: Reply<T>): void => {
    time.after(afterMs, () => {
      sender.whenAwake(() => {
        if (!reply.ok) {
          sim.history.add(time.now, sender.name, `${ask.doing}: ${reply.trouble.message}`);
        }
        ask.answer(reply);
      });
    });
  };
  const outOfReach = reachTrouble(sim, sender, ask);
  if (outOfReach) {
    answer(random.between(100, 5_000), { ok: false, trouble: outOfReach, retryAfterMs: 0 });
    return;
  }
  time.after(there, () => {
    const back = random.between(2, 150);
    if (fault === 'conflict' && ask.conflict !== undefined) {
      answer(back, { ok: true, value: ask.conflict });
      return;
    }
    const refused = refusalOf(fault, ask);
    if (refused) {
      const retryAfterMs = fault === 'throttled' ? random.between(1, 20) * 1000 : 0;
      answer(back, { ok: false, trouble: refused, retryAfterMs });
      return;
    }
    const value = ask.serve();
    if (crashes && sender.alive) {
      sender.crash(`after ${ask.doing}`);
      return;
    }
    const lost = fault === 'resetAfter' || fault === 'hang';
    if (!lost) answer(back, { ok: true, value });
    else {
      const trouble = troubleAt(ask, 'the connection was lost', true);
      answer(fault === 'hang' ? requestTimeoutMs : back, { ok: false, trouble, retryAfterMs: 0 });
    }
  });
}

function reachTrouble<T>(sim: Simulation, sender: Sender, ask: Ask<T>): Trouble | undefined {
  if (ask.to === 'hub') {
    return sender.hubIsDown ? troubleAt(ask, 'the hub does not answer', true) : undefined;
  }
  switch (sim.cluster(ask.to).reach) {
    case 'up':
      return undefined;
    case 'down':
      return troubleAt(ask, 'no route to host', true);
    case 'refuses':
      return { link: 'trust', transient: false, message: 'AccessDenied: sts:AssumeRole' };
  }
}

/** Answered before anything was done. */
function refusalOf<T>(fault: RequestFault | undefined, ask: Ask<T>): Trouble | undefined {
  switch (fault) {
    case 'resetBefore':
      return troubleAt(ask, 'connection reset by peer', true);
    case 'serverError':
      return troubleAt(ask, '500 internal error', true);
    case 'throttled':
      return troubleAt(ask, '429 too many requests', true);
    case 'unauthorized':
      // A caller that has been known before: its token has expired.
      return ask.to === 'hub'
        ? troubleAt(ask, '401 Unauthorized', true)
        : { link: 'mapping', transient: true, message: '401 Unauthorized' };
    case 'forbidden':
      return ask.to === 'hub'
        ? troubleAt(ask, '403 Forbidden', false)
        : { link: 'rbac', transient: false, message: '403 Forbidden' };
    case 'crashBefore':
    case 'crashAfter':
    case 'resetAfter':
    case 'hang':
    case 'late':
    case 'conflict':
    case undefined:
      return undefined;
  }
}

const troubleAt = <T>({ to }: Ask<T>, message: string, transient: boolean): Trouble => ({
  link: to === 'hub' ? 'record' : 'network',
  transient,
  message,
});
