import type { Host, Scope } from './host.ts';
import type { ShardClient } from './record-client.ts';

/** The record is asked so often what operators want. Milliseconds. */
const everyMs = 10_000;

/** Tells what operators have asked for, as `jobs/restart/control.ts` does, without promises. */
export class ControlWatch {
  readonly #host: Host;
  readonly #shard: ShardClient;
  readonly #scope: Scope = { open: true };
  #told = JSON.stringify({ stop: false, paused: false, approved: [] });

  constructor(host: Host, shard: ShardClient) {
    this.#host = host;
    this.#shard = shard;
    this.#tell();
    this.#follow();
  }

  close(): void {
    this.#scope.open = false;
  }

  #follow(): void {
    this.#host.later(everyMs, () => {
      if (!this.#scope.open) return;
      this.#shard.refresh((result) => {
        if (!this.#scope.open) return;
        if (result === 'superseded') {
          this.#host.emit({ type: 'superseded' });
          return;
        }
        if (result === 'done') this.#tell();
        this.#follow();
      });
    });
  }

  #tell(): void {
    const { sim, job, emit } = this.#host;
    const control = sim.core.parseControl(this.#shard.annotations, job.instant);
    const text = JSON.stringify(control);
    if (text === this.#told) return;
    this.#told = text;
    emit({ type: 'control', control });
  }
}
