import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import type { Denial, Needed } from '../../../jobs/restart/core/events.ts';
import type { Trouble } from '../../../jobs/restart/core/outcome.ts';
import type { WorkloadState } from '../../../jobs/restart/core/state.ts';
import type {
  Eviction,
  Observed,
  PatchResult,
  WorkloadId,
  WorkloadQuery,
} from '../../../jobs/restart/ports.ts';
import { backoff, retrying, type Host, type Scope } from './host.ts';
import { Observer } from './observer.ts';

/** One target while it is open, as `jobs/restart/cluster-driver.ts` has it, without promises. */
export class Driver {
  readonly #host: Host;
  readonly #index: number;
  readonly #scope: Scope = { open: true };
  readonly #observers: Observer[] = [];
  readonly #failures = new Map<number, number>();

  constructor(host: Host, index: number) {
    this.#host = host;
    this.#index = index;
  }

  connect(): void {
    this.#retrying(
      'connect',
      4,
      () => true,
      (_, trouble) => {
        if (trouble) this.#host.emit({ type: 'clusterLost', cluster: this.#index, trouble });
        else this.#host.emit({ type: 'connected', cluster: this.#index });
      },
    );
  }

  review(needs: readonly Needed[]): void {
    const { sim, emit } = this.#host;
    const serve = (): readonly Denial[] => sim.denials(this.#index, needs);
    this.#retrying('review', 5, serve, (denials, trouble) => {
      if (trouble) emit({ type: 'clusterLost', cluster: this.#index, trouble });
      else emit({ type: 'reviewed', cluster: this.#index, denials: denials ?? [] });
    });
  }

  observe(query: WorkloadQuery): void {
    const observer = new Observer(this.#host, this.#scope, this.#index, query);
    this.#observers.push(observer);
    observer.start();
  }

  look(queries: readonly WorkloadQuery[]): void {
    const { sim, emit } = this.#host;
    const cluster = this.#index;
    let waiting = queries.length;
    let lost: Trouble | undefined;
    const over = (): void => {
      waiting -= 1;
      if (waiting === 0) emit({ type: 'lookedAgain', cluster, ...(lost && { trouble: lost }) });
    };
    for (const query of queries) {
      const serve = (): readonly Observed[] => sim.list(sim.cluster(cluster), query).items;
      this.#retrying(`look ${query.kind}/${query.namespace}`, 5, serve, (items, trouble) => {
        if (items) emit({ type: 'snapshot', cluster, query, items });
        lost ??= trouble;
        over();
      });
    }
  }

  patch({ index, kind, namespace, name }: WorkloadState, resourceVersion: string): void {
    const { sim, job, emit } = this.#host;
    const id: WorkloadId = { kind, namespace, name };
    const instant = formatInstant(job.instant);
    const stamp = { instant, run: `${instant}/${job.plan.restart}`, resourceVersion };
    this.#host.send<PatchResult>({
      to: this.#index,
      doing: `patch ${kind}/${namespace}/${name}`,
      conflict: { kind: 'conflict' },
      serve: () => {
        const result = sim.cluster(this.#index).patch(id, stamp);
        sim.referee.onServedPatch(this.#host, this.#index, result);
        return result;
      },
      answer: (reply) => {
        if (!this.#scope.open) return;
        if (!reply.ok) {
          const { trouble, retryAfterMs } = reply;
          if (!trouble.transient) emit({ type: 'patchRefused', workload: index, trouble });
          else this.#readAfter(index, id, trouble, retryAfterMs);
        } else if (reply.value.kind === 'patched') {
          emit({ type: 'patched', workload: index, object: reply.value.object });
        } else if (reply.value.kind === 'notFound') {
          emit({ type: 'notPatched', workload: index, object: undefined });
        } else this.#read(index, id, undefined);
      },
    });
  }

  evict(workload: number, seen: Observed): void {
    const { sim, emit } = this.#host;
    this.#host.send<Eviction>({
      to: this.#index,
      doing: `evict a pod of ${seen.kind}/${seen.namespace}/${seen.name}`,
      serve: () => {
        if (sim.dice.strikes('pdb')) return { kind: 'blocked', message: 'disruption budget' };
        const result = sim.cluster(this.#index).evict(seen);
        sim.referee.onServedEviction(this.#host, this.#index, seen, result);
        return result;
      },
      answer: (reply) => {
        if (!this.#scope.open) return;
        const answer = reply.ok
          ? reply.value
          : { kind: 'trouble' as const, trouble: reply.trouble };
        emit({ type: 'evicted', workload, answer });
      },
    });
  }

  diagnose(workload: number, seen: Observed): void {
    const { sim, emit } = this.#host;
    this.#host.send({
      to: this.#index,
      doing: `list pods of ${seen.kind}/${seen.namespace}/${seen.name}`,
      serve: () => sim.diagnose(this.#index, seen),
      answer: (reply) => {
        if (!this.#scope.open) return;
        const unread = { summary: "its pods can't be read", hopeless: false };
        emit({ type: 'diagnosed', workload, diagnosis: reply.ok ? reply.value : unread });
      },
    });
  }

  announce(seen: Observed): void {
    this.#host.send({
      to: this.#index,
      doing: `create an event of ${seen.kind}/${seen.namespace}/${seen.name}`,
      serve: () => undefined,
      answer: () => undefined,
    });
  }

  close(): void {
    this.#scope.open = false;
    for (const observer of this.#observers) observer.close();
  }

  #readAfter(
    index: number,
    id: WorkloadId,
    trouble: Trouble | undefined,
    retryAfterMs: number,
  ): void {
    const failures = (this.#failures.get(index) ?? 0) + 1;
    this.#failures.set(index, failures);
    this.#host.later(retryAfterMs + backoff(this.#host, failures), () => {
      if (this.#scope.open) this.#read(index, id, trouble);
    });
  }

  #read(workload: number, id: WorkloadId, trouble: Trouble | undefined): void {
    const { sim, emit } = this.#host;
    this.#host.send({
      to: this.#index,
      doing: `get ${id.kind}/${id.namespace}/${id.name}`,
      serve: () => sim.cluster(this.#index).get(id),
      answer: (reply) => {
        if (!this.#scope.open) return;
        if (!reply.ok && reply.trouble.transient && reply.trouble.link === 'network') {
          emit({ type: 'patchUnsure', workload, trouble: reply.trouble });
          this.#readAfter(workload, id, trouble, reply.retryAfterMs);
        } else if (!reply.ok) emit({ type: 'patchRefused', workload, trouble: reply.trouble });
        else
          emit({ type: 'notPatched', workload, object: reply.value, ...(trouble && { trouble }) });
      },
    });
  }

  #retrying<T>(
    doing: string,
    attempts: number,
    serve: () => T,
    done: (value: T | undefined, trouble: Trouble | undefined) => void,
  ): void {
    const ask = {
      to: this.#index,
      doing,
      serve,
      answer: (reply: { ok: true; value: T } | { ok: false; trouble: Trouble }) => {
        if (reply.ok) done(reply.value, undefined);
        else done(undefined, reply.trouble);
      },
    };
    retrying(this.#host, this.#scope, ask, attempts);
  }
}
