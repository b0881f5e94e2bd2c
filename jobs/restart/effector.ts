import { ClusterDriver } from './cluster-driver.ts';
import type { Effect, TimerId } from './core/events.ts';
import { formatInstant } from './core/instant.ts';
import { workloadAt, type Run } from './core/state.ts';
import { troubleOf, type Emit, type NewEvent } from './emit.ts';
import { askBlockers, askGate, gateJobName } from './gates.ts';
import type { Clock, Clusters, Hub, Observed, Stamp } from './ports.ts';
import type { RunRecord } from './record/run-record.ts';
import { Superseded } from './record/shard.ts';
import { Timers } from './timers.ts';

export interface EffectorOptions {
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly hub: Pick<Hub, 'check' | 'gateJob'>;
  /** Absent for a run that may only look: one that a later run has superseded, or a dry one. */
  readonly record: RunRecord | undefined;
  /** Aborted on SIGTERM. */
  readonly terminate: AbortSignal;
  /** Of a workload, or of the run as a whole. */
  readonly onProgress: (workload: number | undefined, message: string) => void;
  /** In [0, 1), for the jitter of waits. */
  readonly random: () => number;
}

export interface Outlet {
  readonly emit: Emit;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** How long the end of a run waits for the run record; told to end, it is in haste. Milliseconds. */
const drainMs = { told: 3_000, byItself: 10_000 };

/** Does what effects ask for, each in its own time, and answers with events. */
export class Effector {
  readonly #run: Run;
  readonly #options: EffectorOptions;
  readonly #signal: AbortSignal;
  readonly #outlet: Outlet;
  readonly #timers: Timers<TimerId>;
  readonly #drivers = new Map<number, ClusterDriver>();
  readonly #background = new Set<Promise<void>>();

  constructor(run: Run, options: EffectorOptions, signal: AbortSignal, outlet: Outlet) {
    this.#run = run;
    this.#options = options;
    this.#signal = signal;
    this.#outlet = outlet;
    this.#timers = new Timers(options.clock, signal, (timer) => {
      outlet.emit({ type: 'timer', timer });
    });
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.#start(this.#connect(effect.cluster));
        return;
      case 'review': {
        const { evicts } = this.#run.goal;
        this.#start(this.#driver(effect.cluster).review(effect.queries, { evicts }));
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
      case 'note':
        this.#start(this.#record((record) => record.note(effect.progress)));
        return;
      case 'patch':
        this.#start(this.#patch(effect.workload, effect.resourceVersion));
        return;
      case 'evict':
        this.#start(
          this.#onSeen(effect.workload, (driver, seen) => driver.evict(effect.workload, seen)),
        );
        return;
      case 'diagnose': {
        const { workload, since } = effect;
        this.#start(
          this.#onSeen(workload, (driver, seen) => driver.diagnose(workload, seen, since)),
        );
        return;
      }
      case 'announce': {
        const { workload } = effect;
        this.#start(
          this.#onSeen(workload, (driver, seen) =>
            driver.announce(seen, this.#stamp(seen.resourceVersion)),
          ),
        );
        return;
      }
      case 'askGate':
        this.#start(this.#askGate(effect.wave, effect.gate));
        return;
      case 'askBlockers':
        this.#start(this.#askBlockers());
        return;
      case 'arm':
        this.#timers.arm(effect.timer, effect.afterMs);
        return;
      case 'disarm':
        this.#timers.disarm(effect.timer);
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
    const { clock, terminate } = this.#options;
    const ms = terminate.aborted ? drainMs.told : drainMs.byItself;
    await Promise.race([drained, clock.sleep(ms, this.#signal).catch(() => undefined)]);
  }

  /** Lets go of every connection: nothing keeps the process alive. */
  async closeAll(): Promise<void> {
    await Promise.allSettled([...this.#drivers.values()].map((driver) => driver.close()));
  }

  #connect(cluster: number): Promise<void> {
    const target = this.#run.plan.targets[cluster];
    if (!target) throw new RangeError(`no cluster ${cluster} in the plan`);
    const { clusters, clock, random } = this.#options;
    const { emit } = this.#outlet;
    const driver = new ClusterDriver(cluster, { clusters, clock, emit, random });
    this.#drivers.set(cluster, driver);
    return driver.connect(target);
  }

  async #writeAhead(effect: Extract<Effect, { type: 'writeAhead' }>): Promise<void> {
    const { workload, uid, generation } = effect;
    const { key } = workloadAt(this.#run, workload);
    await this.#record(async (record) => {
      const memory = await record.put(key, { kind: 'intended', uid, generation });
      this.#outlet.emit({ type: 'writtenAhead', workload, generation, memory });
    });
  }

  async #remember(effect: Extract<Effect, { type: 'remember' }>): Promise<void> {
    const { workload, uid, generation } = effect;
    const { key } = workloadAt(this.#run, workload);
    await this.#record(async (record) => {
      await record.put(key, { kind: 'patched', uid, generation });
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

  async #patch(workload: number, resourceVersion: string): Promise<void> {
    const { kind, namespace, name, cluster } = workloadAt(this.#run, workload);
    const id = { kind, namespace, name };
    await this.#driver(cluster).patch({ workload, id, stamp: this.#stamp(resourceVersion) });
  }

  #stamp(resourceVersion: string): Stamp {
    const { plan, instant } = this.#run;
    return { instant: formatInstant(instant), restart: plan.restart, resourceVersion };
  }

  async #onSeen(
    index: number,
    act: (driver: ClusterDriver, seen: Observed) => Promise<void>,
  ): Promise<void> {
    const { cluster, seen } = workloadAt(this.#run, index);
    if (seen) await act(this.#driver(cluster), seen);
  }

  async #askGate(wave: number, gate: number): Promise<void> {
    const { plan, instant } = this.#run;
    const planned = plan.strategy.waves[wave];
    const asked = planned?.gates[gate];
    if (!asked || asked.kind === 'approval') throw new RangeError(`no gate ${wave}/${gate} to ask`);
    const jobName = gateJobName(plan.restart, { wave, gate, instant });
    const { hub, clock, onProgress } = this.#options;
    const onNotYet = (message: string): void => {
      onProgress(undefined, `a gate of wave ${planned.name} is not passed yet: ${message}`);
    };
    try {
      const signal = this.#signal;
      const answer = await askGate(asked, { hub, clock, signal, jobName, onNotYet });
      this.#outlet.emit({ type: 'gateAnswered', wave, gate, ...answer });
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  async #askBlockers(): Promise<void> {
    const { hub } = this.#options;
    try {
      const blocking = await askBlockers(this.#run.plan.strategy.blockers, hub, this.#signal);
      this.#outlet.emit({ type: 'blockersAnswered', ...(blocking !== undefined && { blocking }) });
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
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
