import type {
  Eviction,
  PatchResult,
  WorkloadId,
  WorkloadQuery,
} from '../../../jobs/restart/ports.ts';
import type { Observed } from '../../../jobs/restart/observed.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { reconcile } from './controllers.ts';
import { observedOf, renewedSince, rfc3339, epoch, type SimWorkload } from './workload.ts';

/** One version of one object, for as long as the seed lasts. */
export interface Version {
  readonly resourceVersion: number;
  readonly time: number;
  readonly key: string;
  /** As it is, or was when it was deleted. */
  readonly object: Observed;
  readonly deleted: boolean;
  /** See `renewedSince`. */
  readonly renewed: number;
}

export const keyOf = ({ kind, namespace, name }: WorkloadId): string =>
  `${kind}/${namespace}/${name}`;

export const isAsked = (query: WorkloadQuery, object: Observed): boolean =>
  object.kind === query.kind &&
  object.namespace === query.namespace &&
  (query.name === undefined || object.name === query.name);

/** The controllers of a cluster come by in so long. Milliseconds. */
const controllerMs = 3_000;

/** One cluster's API server, its store and its controllers. */
export class SimCluster {
  readonly name: string;
  readonly workloads = new Map<string, SimWorkload>();
  /** Everything ever written, in order. */
  readonly log: Version[] = [];
  readonly versions = new Map<string, Version[]>();
  readonly watchers = new Set<(version: Version) => void>();
  reach: 'up' | 'down' | 'refuses' = 'up';
  readonly #time: VirtualTime;
  readonly #busy = new Set<string>();
  #version = 100;

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  get resourceVersion(): number {
    return this.#version;
  }

  /** After every change of an object. */
  written(one: SimWorkload): void {
    this.#note(one, false);
    this.#wake(one);
  }

  remove(one: SimWorkload): void {
    this.workloads.delete(keyOf(one));
    this.#note(one, true);
  }

  list(query: WorkloadQuery, at = Infinity): readonly Observed[] {
    const found: Observed[] = [];
    for (const versions of this.versions.values()) {
      const version = versions.findLast(({ resourceVersion }) => resourceVersion <= at);
      if (version && !version.deleted && isAsked(query, version.object)) found.push(version.object);
    }
    return found;
  }

  get(id: WorkloadId): Observed | undefined {
    const version = this.versions.get(keyOf(id))?.at(-1);
    return version?.deleted === false ? version.object : undefined;
  }

  patch(
    id: WorkloadId,
    stamp: { readonly instant: string; readonly run: string; readonly resourceVersion: string },
  ): PatchResult & { readonly restarted?: boolean } {
    const one = this.workloads.get(keyOf(id));
    if (!one) return { kind: 'notFound' };
    if (String(one.resourceVersion) !== stamp.resourceVersion) return { kind: 'conflict' };
    const restarted = one.stamp !== stamp.instant;
    if (restarted || one.run !== stamp.run) {
      one.run = stamp.run;
      if (restarted) this.stamp(one, stamp.instant, 'rollcall');
      else this.written(one);
    }
    return { kind: 'patched', object: observedOf(one), restarted };
  }

  /** Changes the template: of all but Argo's the pods roll. */
  stamp(one: SimWorkload, stamp: string | undefined, manager: string): void {
    const time = rfc3339(epoch + this.#time.now);
    const owned = stamp !== undefined && { ownsStamp: true as const };
    const others = one.managers
      .filter((other) => other.manager !== manager)
      .map(({ manager: name, operation, time: wroteAt }) => ({
        manager: name,
        operation,
        time: wroteAt,
      }));
    one.managers = [...others, { manager, operation: 'Update', time, ...owned }];
    one.stamp = stamp;
    one.generation += 1;
    if (one.kind !== 'Rollout') one.revision += 1;
    this.written(one);
  }

  /** Evicts one pod that is older than what the caller has seen. */
  evict(seen: Observed): Eviction & { readonly wasNewest?: boolean } {
    const one = this.workloads.get(keyOf(seen));
    if (one?.uid !== seen.uid || (seen.kind !== 'StatefulSet' && seen.kind !== 'DaemonSet')) {
      return { kind: 'none' };
    }
    if (seen.status.observedGeneration < seen.generation) {
      return { kind: 'blocked', message: 'its controller has not seen the new template yet' };
    }
    const stale = one.pods.filter((pod) =>
      seen.kind === 'StatefulSet'
        ? `r${pod.revision}` !== seen.status.updateRevision
        : pod.restarted !== Date.parse(seen.stamp ?? ''),
    );
    const [next] = stale.sort((a, b) => b.ordinal - a.ordinal);
    if (one.pods.length < one.replicas || one.pods.some(({ ready }) => !ready)) {
      return { kind: 'blocked', message: 'a pod is not ready' };
    }
    if (!next) return { kind: 'none' };
    one.pods = one.pods.filter((pod) => pod !== next);
    this.written(one);
    const wasNewest = next.revision === one.revision && seen.generation === one.generation;
    return { kind: 'evicted', pod: `${one.name}-${next.ordinal}`, wasNewest };
  }

  #note(one: SimWorkload, deleted: boolean): void {
    this.#version += 1;
    one.resourceVersion = this.#version;
    const key = keyOf(one);
    const version: Version = {
      resourceVersion: this.#version,
      time: this.#time.now,
      key,
      object: observedOf(one),
      deleted,
      renewed: renewedSince(one),
    };
    this.log.push(version);
    const versions = this.versions.get(key);
    if (versions) versions.push(version);
    else this.versions.set(key, [version]);
    for (const watcher of this.watchers) watcher(version);
  }

  #wake(one: SimWorkload): void {
    if (this.#busy.has(one.uid)) return;
    this.#busy.add(one.uid);
    const again = (): void => {
      const state =
        this.workloads.get(keyOf(one)) === one ? reconcile(one, this.#time.now) : 'idle';
      if (state === 'idle') {
        this.#busy.delete(one.uid);
        return;
      }
      if (state === 'changed') this.#note(one, false);
      this.#time.after(controllerMs, again);
    };
    this.#time.after(controllerMs, again);
  }
}
