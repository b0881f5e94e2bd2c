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

/** The Lease as `jobs/restart/lease/held-lease.ts` uses it, without promises. */
export class LeaseClient {
  readonly #host: Host;
  readonly #scope: Scope = { open: true };
  #lease: Lease | undefined;
  #renewedAt = 0;

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
          done('held');
        }
      });
    };
    look();
  }

  /** @param onLost once, when it is no longer ours to the best of our knowledge */
  keep(onLost: (message: string) => void): void {
    const lose = (message: string): void => {
      this.#scope.open = false;
      onLost(message);
    };
    const renew = (): void => {
      const host = this.#host;
      if (!this.#scope.open || !this.#lease) return;
      const renewedAt = host.monotonic();
      if (renewedAt - this.#renewedAt >= renewDeadlineMs) {
        lose('the Lease could not be renewed');
        return;
      }
      this.#write(this.#lease, (written) => {
        if (written === 'failed') host.later(lookEveryMs, renew);
        else if (written === 'conflict') check();
        else {
          this.#lease = written;
          this.#renewedAt = renewedAt;
          host.later(renewEveryMs, renew);
        }
      });
    };
    const check = (): void => {
      this.#host.send({
        to: 'hub',
        doing: 'read lease',
        serve: () => this.#host.hub.lease,
        answer: (reply) => {
          if (!this.#scope.open) return;
          if (reply.ok && reply.value.holder !== this.#host.name) lose('the Lease is taken over');
          else {
            if (reply.ok) this.#lease = reply.value;
            this.#host.later(lookEveryMs, renew);
          }
        },
      });
    };
    this.#host.later(renewEveryMs, renew);
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
