import type { NewEvent } from '../../../jobs/restart/emit.ts';
import type { RunEvent } from '../../../jobs/restart/core/events.ts';
import type { Goal } from '../../../jobs/restart/core/judge.ts';
import type { Run } from '../../../jobs/restart/core/state.ts';
import type { ExitName } from '../../../jobs/restart/exit-code.ts';
import { noContent, type SimHub } from '../hub.ts';
import { send, type Ask } from '../network.ts';
import type { PlannedJob } from '../scenario.ts';
import type { Simulation } from '../simulation.ts';
import type { Task } from '../virtual-time.ts';
import { epoch } from '../world/workload.ts';
import { ControlWatch } from './control-watch.ts';
import { Effects } from './effects.ts';
import type { Host } from './host.ts';
import { LeaseClient } from './lease-client.ts';
import { Machine } from './machine.ts';
import { openShards } from './opening.ts';
import type { ShardClient } from './record-client.ts';

const day = 24 * 3_600_000;

/** One pod of a Job: an attempt at a run, from its start to its exit code. */
export class Process implements Host {
  readonly name: string;
  readonly sim: Simulation;
  readonly job: PlannedJob;
  readonly hub: SimHub;
  readonly startedAt: number;
  readonly machine: Machine;
  readonly #onExit: (exit: ExitName) => void;
  readonly #lease: LeaseClient;
  #shards: readonly ShardClient[] = [];
  #effects: Effects | undefined;
  #control: ControlWatch | undefined;
  #run: Run | undefined;
  #queue: RunEvent[] = [];
  #draining = false;
  #terminating = false;
  #isAlive = true;

  constructor(
    sim: Simulation,
    name: string,
    job: PlannedJob,
    hub: SimHub,
    skew: number,
    onExit: (exit: ExitName) => void,
  ) {
    this.sim = sim;
    this.name = name;
    this.job = job;
    this.hub = hub;
    this.machine = new Machine(sim.time, skew);
    this.#onExit = onExit;
    this.#lease = new LeaseClient(this);
    this.startedAt = sim.time.now;
  }

  get alive(): boolean {
    return this.#isAlive;
  }

  get hubIsDown(): boolean {
    return this.hub.isDown;
  }

  wall(): number {
    return this.machine.wall();
  }

  monotonic(): number {
    return this.machine.monotonic();
  }

  send<T>(ask: Ask<T>): void {
    if (this.#isAlive) send(this.sim, this, ask);
  }

  later(ms: number, act: () => void): Task {
    const task = this.sim.time.after(ms, () => {
      this.whenAwake(() => {
        // It may have been cancelled while the process was frozen.
        if (task.act) act();
      });
    });
    return task;
  }

  whenAwake(act: () => void): void {
    this.machine.whenAwake(() => {
      if (this.#isAlive) act();
    });
  }

  start(): void {
    const { job } = this;
    this.#note(`starts run ${new Date(job.instant).toISOString()} of ${job.plan.restart}`);
    if (job.dryRun) {
      this.#carryOut('dry');
      return;
    }
    openShards(this, (opened) => {
      if (opened.kind === 'opened') {
        this.#shards = opened.shards;
        this.#lock();
      } else if (opened.kind === 'superseded') this.#carryOut('looks');
      else this.#exit(opened.exit);
    });
  }

  /** SIGTERM, and SIGKILL some time after the grace period. */
  terminate(graceMs: number): void {
    if (!this.#isAlive || this.#terminating) return;
    this.#terminating = true;
    this.#note('gets SIGTERM');
    if (!this.#run) {
      this.#exit('retryable');
      return;
    }
    this.emit({ type: 'terminating' });
    this.later(graceMs, () => {
      this.emit({ type: 'graceOver' });
    });
    this.later(graceMs + 15_000, () => {
      this.crash('after its grace period');
    });
  }

  crash(when: string): void {
    if (!this.#isAlive) return;
    this.#note(`ends without a word ${when}`);
    this.#die();
    this.#onExit('crashed');
  }

  readonly emit = (event: NewEvent): void => {
    const run = this.#run;
    if (!run || !this.#isAlive) return;
    this.#queue.push({ ...event, at: this.wall() });
    if (this.#draining) return;
    this.#draining = true;
    for (let next = this.#queue.shift(); next && this.alive; next = this.#queue.shift()) {
      this.#step(run, next);
    }
    this.#draining = false;
  };

  #step(run: Run, event: RunEvent): void {
    const { sim } = this;
    const effects = sim.core.step(run, event);
    sim.steps += 1;
    sim.referee.onStep(this, run, event, effects);
    for (const effect of effects) {
      if (!this.#isAlive) return;
      this.#effects?.perform(effect);
    }
    if (run.stopped) this.#lease.release();
  }

  #lock(): void {
    const { random } = this.sim;
    this.#lease.acquire(random.pick([60_000, 600_000]), (result) => {
      if (result === 'unusable') this.#exit('retryable');
      else if (result === 'refused') this.#exit('refused');
      else this.#refresh(0);
    });
  }

  #refresh(index: number): void {
    const shard = this.#shards[index];
    if (!shard) {
      this.#carryOut('works');
      return;
    }
    shard.refresh((result) => {
      if (result === 'done') this.#refresh(index + 1);
      else if (result === 'superseded') {
        this.#lease.release();
        this.#carryOut('looks');
      } else this.#exit(result.trouble.transient ? 'retryable' : 'incomplete');
    });
  }

  #carryOut(mode: 'dry' | 'looks' | 'works'): void {
    const { job, sim } = this;
    const { strategy } = job.plan;
    const goal: Goal = {
      instant: job.instant,
      horizon: this.wall() + day,
      minIntervalMs: (strategy.minIntervalSeconds ?? 0) * 1000,
      evicts: strategy.evictOnDelete,
    };
    const content = (index: number) => this.#shards[index]?.content ?? noContent;
    const memories = new Map(this.#shards.flatMap((_, index) => [...content(index).entries]));
    const works = mode === 'works';
    const run = sim.core.createRun(job.plan, goal, {
      dryRun: mode === 'dry',
      ...(works && { memories, progress: content(0).progress }),
    });
    this.#run = run;
    sim.referee.onBegin(this, run, mode, works ? content(0).progress : undefined);
    const shards = works ? this.#shards : undefined;
    this.#effects = new Effects(this, run, shards, () => {
      this.#drain(sim.time.now + (this.#terminating ? 3_000 : 10_000));
    });
    if (works) {
      this.#lease.onLost((message) => {
        this.emit({ type: 'leaseLost', message });
      });
      const [first] = this.#shards;
      if (first) this.#control = new ControlWatch(this, first);
    } else if (mode === 'looks') this.emit({ type: 'superseded' });
    this.emit({ type: 'started' });
  }

  /** What is still being written goes out, but not for ever. */
  #drain(until: number): void {
    this.#control?.close();
    if (this.sim.time.now < until && this.#shards.some(({ isIdle }) => !isIdle)) {
      this.later(200, () => {
        this.#drain(until);
      });
      return;
    }
    const run = this.#run;
    if (!run) return;
    const report = this.sim.core.reportOf(run, {
      planDigest: this.job.digest,
      startedAt: epoch + this.startedAt,
      finishedAt: this.wall(),
    });
    this.sim.referee.onReport(this, run, report);
    this.#exit(report.exit.name);
  }

  #exit(exit: ExitName): void {
    if (!this.#isAlive) return;
    this.#note(`exits: ${exit}`);
    this.#lease.release();
    // It may have ended in the middle of that.
    if (!this.alive) return;
    this.#die();
    this.#onExit(exit);
  }

  #die(): void {
    this.#isAlive = false;
    this.#control?.close();
    this.#effects?.close();
  }

  #note(what: string): void {
    this.sim.history.add(this.sim.time.now, this.name, what);
  }
}
