import {
  leaseSeconds,
  renewDeadlineMs,
  renewEveryMs,
  type Sighting,
} from '../../../jobs/restart/lease/judge.ts';
import type { Lease } from '../../../jobs/restart/ports.ts';
import { retrying, type Host, type Scope } from './host.ts';

/** Another's Lease is looked at so often. Milliseconds. */
const lookEveryMs = 2_000;

/** The Lease as `jobs/restart/lease` uses it, without promises. */
export class LeaseClient {
  readonly #host: Host;
  readonly #scope: Scope = { open: true };
  #lease: Lease | undefined;
  #renewedAt = 0;
  #lost: string | undefined;
  #onLost: ((message: string) => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  acquire(waitMs: number, done: (result: 'held' | 'refused' | 'unusable') => void): void {
    const host = this.#host;
    const began = host.monotonic();
    let sighting: Sighting | undefined;
    const look = (): void => {
      retrying(
        host,
        this.#scope,
        {
          to: 'hub',
          doing: 'read lease',
          serve: () => host.hub.lease,
          answer: (reply) => {
            if (!reply.ok) done('unusable');
            else judge(reply.value);
          },
        },
        5,
      );
    };
    const judge = (lease: Lease): void => {
      const state = host.sim.core.judgeLease(lease, host.name, sighting, host.monotonic());
      if (state.kind !== 'held') {
        take(lease);
        return;
      }
      sighting = state.sighting;
      if (host.monotonic() - began >= waitMs) done('refused');
      else host.later(lookEveryMs, look);
    };
    const take = (lease: Lease): void => {
      const renewedAt = host.monotonic();
      const { transitions } = lease;
      const mine: Lease = {
        ...lease,
        holder: host.name,
        durationSeconds: leaseSeconds,
        transitions: transitions + (lease.holder === host.name ? 0 : 1),
      };
      this.#write(mine, (written) => {
        sighting = undefined;
        if (written === 'conflict') look();
        else if (written === 'failed') done('unusable');
        else {
          this.#lease = written;
          this.#renewedAt = renewedAt;
          host.later(renewEveryMs, () => {
            this.#renew(0);
          });
          done('held');
        }
      });
    };
    look();
  }

  /** Calls once, when it is no longer ours to the best of our knowledge. */
  onLost(listener: (message: string) => void): void {
    this.#onLost = listener;
    const lost = this.#lost;
    if (lost === undefined) return;
    this.#host.later(0, () => {
      listener(lost);
    });
  }

  #lose(message: string): void {
    this.#scope.open = false;
    this.#lost = message;
    this.#onLost?.(message);
  }

  /** Tries until its time is over, and once in any case. */
  #renew(tries: number): void {
    const host = this.#host;
    const lease = this.#lease;
    if (!this.#scope.open || !lease) return;
    const renewedAt = host.monotonic();
    const end = this.#renewedAt + renewDeadlineMs;
    if (tries > 0 && renewedAt >= end) {
      this.#lose('the Lease could not be renewed');
      return;
    }
    const request: Scope = { open: true };
    const again = (): void => {
      request.open = false;
      host.later(Math.min(lookEveryMs, Math.max(end - host.monotonic(), 0)), () => {
        this.#renew(tries + 1);
      });
    };
    host.later(Math.max(end - renewedAt, tries === 0 ? lookEveryMs : 0), () => {
      if (request.open) again();
    });
    const written = (answer: Lease | 'conflict' | 'failed'): void => {
      if (answer === 'failed') again();
      else if (answer === 'conflict') this.#check(request, again);
      else {
        request.open = false;
        this.#lease = answer;
        this.#renewedAt = renewedAt;
        host.later(renewEveryMs, () => {
          this.#renew(0);
        });
      }
    };
    this.#write(lease, written, request);
  }

  /** Whose it is now. */
  #check(request: Scope, again: () => void): void {
    this.#host.send({
      to: 'hub',
      doing: 'read lease',
      serve: () => this.#host.hub.lease,
      answer: (reply) => {
        if (!this.#scope.open || !request.open) return;
        if (reply.ok && reply.value.holder !== this.#host.name) {
          this.#lose('the Lease is taken over');
          return;
        }
        if (reply.ok) this.#lease = reply.value;
        again();
      },
    });
  }

  release(): void {
    if (!this.#scope.open || !this.#lease) return;
    this.#scope.open = false;
    const free = { ...this.#lease, holder: '' };
    this.#write(free, () => undefined, { open: true });
  }

  #write(
    lease: Lease,
    done: (written: Lease | 'conflict' | 'failed') => void,
    scope: Scope = this.#scope,
  ): void {
    this.#host.send<Lease | 'conflict'>({
      to: 'hub',
      doing: `write lease (${lease.holder || 'nobody'})`,
      conflict: 'conflict',
      serve: () => this.#host.hub.writeLease(lease),
      answer: (reply) => {
        if (scope.open) done(reply.ok ? reply.value : 'failed');
      },
    });
  }
}
