import type { Trouble } from '../../../jobs/restart/core/outcome.ts';
import type { WorkloadQuery } from '../../../jobs/restart/ports.ts';
import { isAsked, type SimCluster, type Version } from '../world/cluster.ts';
import { backoff, type Host, type Scope } from './host.ts';

/** An outage is reported after so long, once. Milliseconds. */
const problemAfterMs = 60_000;
/** A full list is taken again after so long. Milliseconds. */
const relistMs = 5 * 60_000;
const watchFailures = 3;

/** One list and one watch, as `jobs/restart/observe.ts` keeps them, without promises. */
export class Observer {
  readonly #host: Host;
  readonly #scope: Scope;
  readonly #index: number;
  readonly #cluster: SimCluster;
  readonly #query: WorkloadQuery;
  #watch: { open: boolean } = { open: false };
  #version = 0;
  #listDue = 0;
  #failures = 0;
  #watchFailures = 0;
  #failingSince: number | undefined;
  #reported = false;
  #stop: () => void = () => undefined;

  constructor(host: Host, scope: Scope, index: number, query: WorkloadQuery) {
    this.#host = host;
    this.#scope = scope;
    this.#index = index;
    this.#cluster = host.sim.cluster(index);
    this.#query = query;
  }

  start(): void {
    this.#list();
  }

  /** Lets go of the watch. */
  close(): void {
    this.#watch.open = false;
    this.#stop();
  }

  #list(): void {
    this.close();
    const { sim } = this.#host;
    const { kind, namespace } = this.#query;
    this.#host.send({
      to: this.#index,
      doing: `list ${kind}/${namespace}`,
      serve: () => sim.list(this.#cluster, this.#query),
      answer: (reply) => {
        if (!this.#scope.open) return;
        if (!reply.ok) {
          this.#failed(reply.trouble, () => {
            this.#list();
          });
          return;
        }
        this.#failures = 0;
        this.#over();
        const { items, version } = reply.value;
        this.#version = version;
        this.#listDue = this.#host.monotonic() + relistMs;
        this.#watchFailures = 0;
        this.#host.emit({ type: 'snapshot', cluster: this.#index, query: this.#query, items });
        this.#follow();
      },
    });
  }

  #follow(): void {
    if (!this.#scope.open) return;
    const { dice } = this.#host.sim;
    if (this.#host.monotonic() >= this.#listDue) {
      this.#list();
      return;
    }
    this.#host.send({
      to: this.#index,
      doing: `watch ${this.#query.kind}/${this.#query.namespace}`,
      serve: () => (dice.strikes('watchExpired') ? 'expired' : 'open'),
      answer: (reply) => {
        if (!this.#scope.open) return;
        if (reply.ok && reply.value === 'open') {
          this.#open();
          return;
        }
        this.#watchFailures += 1;
        const relists = reply.ok || this.#watchFailures >= watchFailures;
        const again = (): void => {
          if (relists) this.#list();
          else this.#follow();
        };
        if (reply.ok) this.#pause(again);
        else this.#failed(reply.trouble, again);
      },
    });
  }

  #open(): void {
    if (!this.#scope.open) return;
    const watch = { open: true };
    this.#watch = watch;
    this.#over();
    const { log, watchers } = this.#cluster;
    let deliveredAt = 0;
    const see = (version: Version): void => {
      if (!isAsked(this.#query, version.object)) return;
      deliveredAt = this.#plan(version, watch, deliveredAt);
    };
    const from = log.findIndex(({ resourceVersion }) => resourceVersion > this.#version);
    if (from !== -1) for (const version of log.slice(from)) see(version);
    watchers.add(see);
    const due = this.#host.later(this.#listDue - this.#host.monotonic(), () => {
      if (watch.open) this.#list();
    });
    this.#stop = () => {
      watchers.delete(see);
      this.#host.sim.time.cancel(due);
    };
  }

  /** When an event arrives: in order, but for its faults. */
  #plan(version: Version, watch: Scope, notBefore: number): number {
    const { dice, random, time } = this.#host.sim;
    if (dice.strikes('watchLost')) return notBefore;
    const late = dice.strikes('watchLate') ? random.between(2_000, 30_000) : 0;
    const at = Math.max(notBefore, time.now + random.between(2, 200) + late);
    const arrive = (afterMs: number): void => {
      this.#host.later(afterMs, () => {
        if (watch.open && this.#scope.open) this.#deliver(version);
      });
    };
    if (dice.strikes('watchReordered')) {
      arrive(at - time.now + random.between(500, 15_000));
      return notBefore;
    }
    arrive(at - time.now);
    if (dice.strikes('watchDuplicated')) arrive(at - time.now + random.between(0, 10_000));
    return at;
  }

  #deliver({ object, deleted, resourceVersion }: Version): void {
    const { dice } = this.#host.sim;
    this.#failures = 0;
    this.#version = Math.max(this.#version, resourceVersion);
    if (!deleted) this.#host.emit({ type: 'changed', cluster: this.#index, object });
    else this.#ask(object);
    if (!dice.strikes('watchClosed') || !this.#watch.open) return;
    this.close();
    this.#pause(() => {
      this.#follow();
    });
  }

  /** A deletion is asked for once more: it may have been made anew. */
  #ask({ kind, namespace, name }: Version['object']): void {
    const id = { kind, namespace, name };
    this.#host.send({
      to: this.#index,
      doing: `get ${kind}/${namespace}/${name}`,
      serve: () => this.#cluster.get(id),
      answer: (reply) => {
        if (!this.#scope.open) return;
        const cluster = this.#index;
        if (!reply.ok) this.#list();
        else if (reply.value) this.#host.emit({ type: 'changed', cluster, object: reply.value });
        else this.#host.emit({ type: 'deleted', cluster, ...id });
      },
    });
  }

  #failed(trouble: Trouble, again: () => void): void {
    const now = this.#host.monotonic();
    this.#failingSince ??= now;
    const isProblem = !this.#reported && now - this.#failingSince >= problemAfterMs;
    if (!trouble.transient || isProblem) {
      this.#reported = true;
      this.#host.emit({
        type: 'observationLost',
        cluster: this.#index,
        query: this.#query,
        trouble,
      });
    }
    if (trouble.transient) this.#pause(again);
  }

  #over(): void {
    this.#failingSince = undefined;
    this.#reported = false;
  }

  #pause(again: () => void): void {
    this.#failures += 1;
    this.#host.later(backoff(this.#host, this.#failures), () => {
      if (this.#scope.open) again();
    });
  }
}
