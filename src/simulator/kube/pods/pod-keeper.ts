import type { SimClock } from '../../clock.ts';
import type { StoreEvent } from '../history.ts';
import type { KubeObject } from '../objects.ts';
import { pods } from '../resources.ts';
import type { ResourceType } from '../resources.ts';
import type { Store } from '../store.ts';
import { recordFailure } from './failure-events.ts';
import { podObject } from './pod-object.ts';
import type { OwnedPod, PodSource } from './pod-state.ts';

interface Kept {
  readonly owner: KubeObject;
  readonly type: ResourceType;
  /** By name. */
  readonly pods: Map<string, KeptPod>;
}

/** What is stored of a pod. */
interface KeptPod {
  readonly id: string;
  readonly uid: string | undefined;
  readonly status: string;
}

/**
 * Keeps the pods of every workload in the store, from the first request for pods on. Until then
 * there are none, so that rollouts that nobody looks into cost nothing more.
 */
export class PodKeeper {
  readonly #store: Store;
  readonly #clock: SimClock;
  readonly #sources = new Map<ResourceType, PodSource>();
  readonly #kept = new Map<string, Kept>();
  /** Owners of pods that change as time goes by: whose containers crash. */
  readonly #failing = new Set<string>();
  #unsubscribe: (() => void) | undefined;

  constructor(store: Store, clock: SimClock) {
    this.#store = store;
    this.#clock = clock;
  }

  get active(): boolean {
    return this.#unsubscribe !== undefined;
  }

  /** Owners of this type have the pods that `source` says. */
  use(type: ResourceType, source: PodSource): void {
    this.#sources.set(type, source);
  }

  /** Called before pods or events are read: all is as it stands now. */
  refresh(): void {
    if (this.active) {
      for (const uid of this.#failing) {
        const kept = this.#kept.get(uid);
        if (kept) this.changed(kept.type, kept.owner);
      }
      return;
    }
    this.#unsubscribe = this.#store.subscribe((event) => {
      this.#onEvent(event);
    });
    for (const [type, source] of this.#sources)
      for (const owner of source.owners()) this.changed(type, owner);
  }

  /** The owner's pods are not what they were, or it is gone. */
  changed(type: ResourceType, owner: KubeObject): void {
    const source = this.#sources.get(type);
    if (!this.active || !source) return;
    const uid = owner.metadata.uid ?? '';
    const kept = this.#kept.get(uid) ?? { owner, type, pods: new Map<string, KeptPod>() };
    const wanted = source.podsOf(owner);
    const names = new Set(wanted.map(({ name }) => name));
    for (const name of [...kept.pods.keys()].filter((one) => !names.has(one))) {
      kept.pods.delete(name);
      this.#store.remove(pods, owner.metadata.namespace, name);
    }
    for (const pod of wanted) this.#put(kept, pod);
    if (wanted.length === 0) this.#kept.delete(uid);
    else this.#kept.set(uid, kept);
    if (wanted.some(isFailing)) this.#failing.add(uid);
    else this.#failing.delete(uid);
  }

  close(): void {
    this.#unsubscribe?.();
  }

  #put({ owner, type, pods: stored }: Kept, pod: OwnedPod): void {
    const { namespace } = owner.metadata;
    const now = this.#clock.now();
    const object = podObject(type, owner, pod, now);
    const status = JSON.stringify(object.status);
    const old = stored.get(pod.name);
    if (old?.id === pod.id && old.status === status) return;
    // Another one in the place of the old, as in a StatefulSet: that is deleted first.
    if (old && old.id !== pod.id) {
      stored.delete(pod.name);
      this.#store.remove(pods, namespace, pod.name);
    }
    const put = this.#store.put(pods, object);
    stored.set(pod.name, { id: pod.id, uid: put.metadata.uid, status });
    if (isFailing(pod)) recordFailure(this.#store, put, pod, now);
  }

  /** A pod that is not of this keeper's own taking away. */
  #onEvent({ resource, type, object }: StoreEvent): void {
    if (resource !== pods || type !== 'DELETED') return;
    const { name, uid, ownerReferences = [] } = object.metadata;
    const kept = this.#kept.get(ownerReferences[0]?.uid ?? '');
    if (!kept || kept.pods.get(name)?.uid !== uid) return;
    kept.pods.delete(name);
    this.#sources.get(kept.type)?.gone(kept.owner, name);
    this.changed(kept.type, kept.owner);
  }
}

const isFailing = ({ state }: OwnedPod): boolean => state !== 'ready' && state !== 'starting';
