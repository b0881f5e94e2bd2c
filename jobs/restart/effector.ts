import { ClusterDriver } from './cluster-driver.ts';
import type { Effect } from './core/events.ts';
import { formatInstant } from './core/instant.ts';
import type { Run } from './core/state.ts';
import { troubleOf, type Emit, type NewEvent } from './emit.ts';
import type { Clock, Clusters } from './ports.ts';
import type { RunRecord } from './record/run-record.ts';
import { Superseded } from './record/shard.ts';

export interface EffectorOptions {
  readonly clock: Clock;
  readonly clusters: Clusters;
  /** Absent for a run that may only look: one that a later run has superseded. */
  readonly record: RunRecord | undefined;
  readonly onProgress: (workload: number, message: string) => void;
  /** In [0, 1), for the jitter of waits. */
  readonly random: () => number;
}

export interface Outlet {
  readonly emit: Emit;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How long the end of a run waits for the run record. Milliseconds. */
const drainMs = 10_000;

/** Does what effects ask for, each in its own time, and answers with events. */
export class Effector {
  readonly #run: Run;
  readonly #options: EffectorOptions;
  readonly #signal: AbortSignal;
  readonly #outlet: Outlet;
  readonly #drivers = new Map<number, ClusterDriver>();
  readonly #timers = new Map<number, AbortController>();
  readonly #background = new Set<Promise<void>>();

  constructor(run: Run, options: EffectorOptions, signal: AbortSignal, outlet: Outlet) {
    this.#run = run;
    this.#options = options;
    this.#signal = signal;
    this.#outlet = outlet;
  }

  perform(effect: Effect): void {
    const { emit } = this.#outlet;
    switch (effect.type) {
      case 'connect': {
        const target = this.#run.plan.targets[effect.cluster];
        if (!target) throw new RangeError(`no cluster ${effect.cluster} in the plan`);
        const { clusters, clock, random } = this.#options;
        const driver = new ClusterDriver(effect.cluster, { clusters, clock, emit, random });
        this.#drivers.set(effect.cluster, driver);
        this.#start(driver.connect(target));
        return;
      }
      case 'observe':
        for (const query of effect.queries)
          this.#start(this.#driver(effect.cluster).observe(query));
        return;
      case 'look':
        this.#start(this.#driver(effect.cluster).look(effect.queries));
        return;
      case 'close':
        this.#start(this.#driver(effect.cluster).close());
        this.#drivers.delete(effect.cluster);
        return;
      case 'writeAhead':
        this.#start(this.#writeAhead(effect));
        return;
      case 'remember':
        this.#start(this.#remember(effect));
        return;
      case 'patch':
        this.#start(this.#patch(effect));
        return;
      case 'arm': {
        const timer = new AbortController();
        this.#timers.set(effect.workload, timer);
        this.after(effect.afterMs, timer.signal, { type: 'deadline', workload: effect.workload });
        return;
      }
      case 'disarm':
        this.#timers.get(effect.workload)?.abort();
        this.#timers.delete(effect.workload);
        return;
      case 'progress':
        this.#options.onProgress(effect.workload, effect.message);
        return;
      case 'finish':
        void this.#drained().then(this.#outlet.resolve);
        return;
    }
  }

  /** Emits an event when the time has come, unless the signal aborts first. */
  after(ms: number, signal: AbortSignal, event: NewEvent): void {
    this.#options.clock.sleep(ms, AbortSignal.any([signal, this.#signal])).then(
      () => {
        this.#outlet.emit(event);
      },
      () => undefined,
    );
  }

  /** What is still being written or closed, but not for ever: a hub that hangs holds nothing up. */
  async #drained(): Promise<void> {
    const drained = Promise.allSettled(this.#background);
    const { clock } = this.#options;
    await Promise.race([drained, clock.sleep(drainMs, this.#signal).catch(() => undefined)]);
  }

  /** Lets go of every connection: nothing keeps the process alive. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#drivers.values()].map((driver) => driver.close()));
  }

  async #writeAhead(effect: Extract<Effect, { type: 'writeAhead' }>): Promise<void> {
    const { workload, uid, generation } = effect;
    await this.#record(async (record) => {
      const memory = await record.put(workload, { kind: 'intended', uid, generation });
      this.#outlet.emit({ type: 'writtenAhead', workload, generation, memory });
    });
  }

  async #remember(effect: Extract<Effect, { type: 'remember' }>): Promise<void> {
    const { workload, uid, generation } = effect;
    await this.#record(async (record) => {
      await record.put(workload, { kind: 'patched', uid, generation });
    });
  }

  async #record(use: (record: RunRecord) => Promise<void>): Promise<void> {
    const { record } = this.#options;
    if (!record) return;
    try {
      await use(record);
    } catch (error) {
      if (error instanceof Superseded) this.#outlet.emit({ type: 'superseded' });
      else this.#outlet.emit({ type: 'recordLost', trouble: troubleOf(error) });
    }
  }

  async #patch({ workload, resourceVersion }: Extract<Effect, { type: 'patch' }>): Promise<void> {
    const { plan, instant, workloads } = this.#run;
    const state = workloads[workload];
    if (!state) throw new RangeError(`no workload ${workload} in the plan`);
    const stamp = { instant: formatInstant(instant), restart: plan.restart, resourceVersion };
    const { namespace, name } = state;
    await this.#driver(state.cluster).patch({ workload, namespace, name, stamp });
  }

  #driver(cluster: number): ClusterDriver {
    const driver = this.#drivers.get(cluster);
    if (!driver) throw new Error(`cluster ${cluster} is not connected`);
    return driver;
  }

  /** What fails here is a defect: links that don't hold are events. */
  #start(work: Promise<void>): void {
    const settled = work
      .catch((error: unknown) => {
        this.#outlet.reject(error as Error);
      })
      .finally(() => this.#background.delete(settled));
    this.#background.add(settled);
  }
}
