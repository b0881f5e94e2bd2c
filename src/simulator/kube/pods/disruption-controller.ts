import type { SimClock } from '../../clock.ts';
import { at } from '../fields.ts';
import type { StoreEvent } from '../history.ts';
import type { Writer } from '../managed-fields.ts';
import type { KubeObject } from '../objects.ts';
import { disruptionBudgets, pods, typeOfKind } from '../resources.ts';
import type { Store } from '../store.ts';
import type { Writes } from '../writes.ts';
import { covers, statusOf } from './disruption-budget.ts';
import { isReadyPod } from './pod-object.ts';
import type { PodKeeper } from './pod-keeper.ts';

const lookAfterMs = 20;
const writer: Writer = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
};

/** Counts the pods of each PodDisruptionBudget (pkg/controller/disruption/disruption.go). */
export class DisruptionController {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #clock: SimClock;
  readonly #keeper: PodKeeper;
  readonly #looks = new Map<string, () => void>();
  readonly #unsubscribe: () => void;

  constructor(store: Store, writes: Writes, clock: SimClock, keeper: PodKeeper) {
    this.#store = store;
    this.#writes = writes;
    this.#clock = clock;
    this.#keeper = keeper;
    this.#unsubscribe = store.subscribe((event) => {
      this.#onEvent(event);
    });
  }

  close(): void {
    this.#unsubscribe();
    for (const stop of this.#looks.values()) stop();
  }

  #onEvent({ resource, type, object, previous }: StoreEvent): void {
    const { namespace = '', generation } = object.metadata;
    if (resource === disruptionBudgets) {
      if (type !== 'DELETED' && generation !== previous?.metadata.generation)
        this.#lookLater(namespace);
    } else if (resource === pods) this.#lookLater(namespace);
  }

  #lookLater(namespace: string): void {
    if (this.#looks.has(namespace) || this.#store.list(disruptionBudgets, namespace).length === 0)
      return;
    const look = this.#clock.after(lookAfterMs, () => {
      this.#looks.delete(namespace);
      for (const budget of this.#store.list(disruptionBudgets, namespace)) this.#count(budget);
    });
    this.#looks.set(namespace, look);
  }

  #count(budget: KubeObject): void {
    this.#keeper.refresh();
    const covered = this.#store
      .list(pods, budget.metadata.namespace)
      .filter((pod) => covers(budget, pod));
    const owners = new Map(covered.map((pod) => [pod.metadata.ownerReferences?.[0]?.uid, pod]));
    const expected = [...owners.values()].reduce((sum, pod) => sum + this.#siblings(pod), 0);
    const status = statusOf(budget, covered.filter(isReadyPod).length, expected);
    this.#writes.update(disruptionBudgets, budget, { ...budget, status }, writer);
  }

  /** How many pods the pod's owner is to have. */
  #siblings({ metadata }: KubeObject): number {
    const owner = metadata.ownerReferences?.[0];
    const type = owner && typeOfKind(owner.kind);
    const found = type && this.#store.get(type, metadata.namespace, owner.name);
    return Number(
      at(found, 'spec', 'replicas') ?? at(found, 'status', 'desiredNumberScheduled') ?? 1,
    );
  }
}
