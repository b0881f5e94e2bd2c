import type { Effect, TimerId } from '../../../jobs/restart/core/events.ts';
import type { Entry } from '../../../jobs/restart/record/format.ts';
import type { Observed } from '../../../jobs/restart/ports.ts';
import { workloadAt, type Run } from '../../../jobs/restart/core/state.ts';
import type { Task } from '../virtual-time.ts';
import { askBlockers, askGate } from './checks.ts';
import { Driver } from './driver.ts';
import type { Host, Scope } from './host.ts';
import type { ShardClient, Written } from './record-client.ts';

/** Does what effects ask for, as `jobs/restart/effector.ts` does, without promises. */
export class Effects {
  readonly #host: Host;
  readonly #run: Run;
  readonly #shards: readonly ShardClient[] | undefined;
  readonly #onFinish: () => void;
  readonly #drivers = new Map<number, Driver>();
  readonly #timers = new Map<string, Task>();
  readonly #scope: Scope = { open: true };

  constructor(
    host: Host,
    run: Run,
    shards: readonly ShardClient[] | undefined,
    onFinish: () => void,
  ) {
    this.#host = host;
    this.#run = run;
    this.#shards = shards;
    this.#onFinish = onFinish;
  }

  close(): void {
    this.#scope.open = false;
    for (const driver of this.#drivers.values()) driver.close();
    for (const task of this.#timers.values()) this.#host.sim.time.cancel(task);
  }

  perform(effect: Effect): void {
    const host = this.#host;
    switch (effect.type) {
      case 'connect': {
        const driver = new Driver(host, effect.cluster);
        this.#drivers.set(effect.cluster, driver);
        driver.connect();
        return;
      }
      case 'review':
        this.#driver(effect.cluster).review(effect.queries);
        return;
      case 'observe':
        for (const query of effect.queries) this.#driver(effect.cluster).observe(query);
        return;
      case 'look':
        this.#driver(effect.cluster).look(effect.queries);
        return;
      case 'close':
        this.#driver(effect.cluster).close();
        this.#drivers.delete(effect.cluster);
        return;
      case 'writeAhead':
        this.#put(effect.workload, 'intended', effect);
        return;
      case 'remember':
        this.#put(effect.workload, 'patched', effect);
        return;
      case 'note':
        this.#shards?.[0]?.note(effect.progress, this.#heard);
        return;
      case 'patch': {
        const workload = workloadAt(this.#run, effect.workload);
        this.#driver(workload.cluster).patch(workload, effect.resourceVersion);
        return;
      }
      case 'evict':
        this.#onSeen(effect.workload, (driver, seen) => {
          driver.evict(effect.workload, seen);
        });
        return;
      case 'diagnose':
        this.#onSeen(effect.workload, (driver, seen) => {
          driver.diagnose(effect.workload, seen);
        });
        return;
      case 'announce':
        this.#onSeen(effect.workload, (driver, seen) => {
          driver.announce(seen);
        });
        return;
      case 'askGate':
        askGate(host, this.#scope, effect.wave, effect.gate);
        return;
      case 'askBlockers':
        askBlockers(host, this.#scope);
        return;
      case 'arm':
        this.#arm(effect.timer, effect.afterMs);
        return;
      case 'disarm':
        this.#disarm(effect.timer);
        return;
      case 'progress':
        return;
      case 'finish':
        this.#onFinish();
        return;
    }
  }

  #put(
    index: number,
    kind: Entry['kind'],
    { uid, generation }: { readonly uid: string; readonly generation: number },
  ): void {
    const { cluster, key } = workloadAt(this.#run, index);
    const shard = this.#shards?.[this.#run.plan.targets[cluster]?.shard ?? -1];
    shard?.put(key, { kind, uid, generation }, (result, memory) => {
      if (result !== 'done') this.#heard(result);
      else if (kind === 'intended') {
        this.#host.emit({ type: 'writtenAhead', workload: index, generation, memory });
      }
    });
  }

  readonly #heard = (result: Written): void => {
    if (result === 'superseded') this.#host.emit({ type: 'superseded' });
    else if (result !== 'done') this.#host.emit({ type: 'recordLost', trouble: result.trouble });
  };

  #arm(timer: TimerId, afterMs: number): void {
    this.#disarm(timer);
    const key = JSON.stringify(timer);
    const task = this.#host.later(afterMs, () => {
      if (!this.#scope.open) return;
      this.#timers.delete(key);
      this.#host.emit({ type: 'timer', timer });
    });
    this.#timers.set(key, task);
  }

  #disarm(timer: TimerId): void {
    const key = JSON.stringify(timer);
    const task = this.#timers.get(key);
    if (task) this.#host.sim.time.cancel(task);
    this.#timers.delete(key);
  }

  #onSeen(index: number, act: (driver: Driver, seen: Observed) => void): void {
    const { cluster, seen } = workloadAt(this.#run, index);
    if (seen) act(this.#driver(cluster), seen);
  }

  #driver(cluster: number): Driver {
    const driver = this.#drivers.get(cluster);
    if (!driver) throw new Error(`cluster ${cluster} is not connected`);
    return driver;
  }
}
