import type { SimClock } from '../../clock.ts';
import type { StoreEvent } from '../history.ts';
import type { KubeObject } from '../objects.ts';
import type { ReplicaSet } from '../replica-sets.ts';
import { replicaSets } from '../resources.ts';
import type { Store } from '../store.ts';
import type { PodTemplate } from '../deployments.ts';
import type { PodKeeper } from './pod-keeper.ts';
import type { OwnedPod, PodSource } from './pod-state.ts';
import type { RolloutBehaviour } from './rollout-behaviour.ts';
import { backOffOf, nameSuffix } from './pod-state.ts';
import { failureOf } from './rollout-behaviour.ts';

interface Slot {
  readonly name: string;
  readonly createdAt: number;
}

export interface ReplicaSetPodsOptions {
  readonly store: Store;
  readonly clock: SimClock;
  readonly pods: PodKeeper;
  readonly nodes: number;
  /** Of the Deployment of this name. */
  readonly behaviourOf: (namespace: string, deployment: string) => RolloutBehaviour;
}

/**
 * The pods of Deployments, made from the numbers of their ReplicaSets. One that is deleted is back
 * at once, and ready: the Deployment's status does not know of it.
 */
export class ReplicaSetPods implements PodSource {
  readonly #options: ReplicaSetPodsOptions;
  readonly #slots = new Map<string, readonly Slot[]>();
  readonly #unsubscribe: () => void;
  #serial = 0;

  constructor(options: ReplicaSetPodsOptions) {
    this.#options = options;
    options.pods.use(replicaSets, this);
    this.#unsubscribe = options.store.subscribe((event) => {
      this.#onEvent(event);
    });
  }

  owners(): Iterable<KubeObject> {
    return this.#options.store.list(replicaSets);
  }

  podsOf({ metadata }: KubeObject): readonly OwnedPod[] {
    const { store } = this.#options;
    const set = store.get(replicaSets, metadata.namespace, metadata.name) as ReplicaSet | undefined;
    if (!set || set.metadata.uid !== metadata.uid) {
      this.#slots.delete(metadata.uid ?? '');
      return [];
    }
    const slots = this.#sized(set);
    const behaviour = this.#options.behaviourOf(
      metadata.namespace ?? '',
      set.metadata.ownerReferences?.[0]?.name ?? '',
    );
    const ready = set.status?.readyReplicas ?? 0;
    return slots.map(({ name, createdAt }, index) => ({
      id: name,
      name,
      labels: set.metadata.labels ?? {},
      template: set.spec.template as PodTemplate,
      createdAt,
      nodeName: `node-${(index % this.#options.nodes) + 1}`,
      state: index < ready ? 'ready' : (failureOf(behaviour) ?? 'starting'),
      backOffMs: backOffOf(behaviour),
    }));
  }

  gone({ metadata }: KubeObject, pod: string): void {
    const uid = metadata.uid ?? '';
    const slots = this.#slots.get(uid) ?? [];
    this.#slots.set(
      uid,
      slots.map((slot) => (slot.name === pod ? this.#slot(metadata.name) : slot)),
    );
  }

  close(): void {
    this.#unsubscribe();
  }

  #onEvent({ resource, object }: StoreEvent): void {
    if (resource === replicaSets && this.#options.pods.active)
      this.#options.pods.changed(replicaSets, object);
  }

  /** As many as the ReplicaSet has now: the newest go first. */
  #sized({ metadata, spec }: ReplicaSet): readonly Slot[] {
    const uid = metadata.uid ?? '';
    const before = this.#slots.get(uid);
    // Seen for the first time: as old as their ReplicaSet is.
    const made = Date.parse(metadata.creationTimestamp ?? '');
    const slots = (before ?? []).slice(0, spec.replicas);
    while (slots.length < spec.replicas)
      slots.push(this.#slot(metadata.name, before ? undefined : made));
    this.#slots.set(uid, slots);
    return slots;
  }

  #slot(replicaSet: string, createdAt: number = this.#options.clock.now()): Slot {
    const serial = this.#serial++;
    return { name: `${replicaSet}-${nameSuffix(`${replicaSet}/${serial}`)}`, createdAt };
  }
}
