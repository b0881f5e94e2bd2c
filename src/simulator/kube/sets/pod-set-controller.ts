import type { SimClock } from '../../clock.ts';
import { templateHash } from '../deployments.ts';
import type { StoreEvent } from '../history.ts';
import type { Writer } from '../managed-fields.ts';
import type { KubeObject } from '../objects.ts';
import type { PodKeeper } from '../pods/pod-keeper.ts';
import type { OwnedPod, PodSource } from '../pods/pod-state.ts';
import type { RolloutBehaviour } from '../pods/rollout-behaviour.ts';
import { backOffOf } from '../pods/pod-state.ts';
import { failureOf } from '../pods/rollout-behaviour.ts';
import { deployments } from '../resources.ts';
import type { Store } from '../store.ts';
import type { Writes } from '../writes.ts';
import { PodSet } from './pod-set.ts';
import type { SetKind } from './set-kind.ts';

/** Of a set that came by a manifest: it rolls out in a second. */
const plain: RolloutBehaviour = { rolloutSeconds: 1 };
/** How long a controller takes to see a change: until then the old status looks healthy. */
const lookAfterMs = 50;

interface Tracked {
  readonly set: PodSet;
  behaviour: RolloutBehaviour;
  look?: () => void;
  wake?: () => void;
}

export interface SetControllerOptions {
  readonly store: Store;
  readonly writes: Writes;
  readonly clock: SimClock;
  readonly pods: PodKeeper;
  readonly nodes: number;
  /** Who writes the status. */
  readonly manager: string;
}

/**
 * Rolls out the sets of one kind pod by pod, and keeps their status: the controllers of
 * StatefulSets and DaemonSets (kube-controller-manager) and of Argo's Rollouts.
 */
export class PodSetController implements PodSource {
  readonly #kind: SetKind;
  readonly #options: SetControllerOptions;
  readonly #writer: Writer;
  readonly #tracked = new Map<string, Tracked>();
  readonly #unsubscribe: () => void;

  constructor(kind: SetKind, options: SetControllerOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#writer = { manager: options.manager, operation: 'Update', subresource: 'status' };
    this.#unsubscribe = options.store.subscribe((event) => {
      this.#onEvent(event);
    });
    options.pods.use(kind.type, this);
  }

  /** Takes it as rolled out completely, when it was made. Without this, it begins with a rollout. */
  settle(object: KubeObject, behaviour: RolloutBehaviour): void {
    this.#forget(object);
    const tracked = this.#track(object, behaviour);
    const made = Date.parse(object.metadata.creationTimestamp ?? '');
    const template = this.#kind.template(object, this.#options.store);
    if (template) tracked.set.settle(object, { template, hash: templateHash(template) }, made);
    this.#show(object, tracked);
    this.#wakeLater(object, tracked);
  }

  /** Of pods that are made from now on. */
  behave(object: KubeObject, behaviour: Partial<RolloutBehaviour>): void {
    const tracked = this.#tracked.get(keyOf(object));
    if (!tracked) return;
    tracked.behaviour = { ...tracked.behaviour, ...behaviour };
    tracked.set.failing = failureOf(tracked.behaviour);
  }

  *owners(): Iterable<KubeObject> {
    for (const object of this.#options.store.list(this.#kind.type))
      if (this.#tracked.has(keyOf(object))) yield object;
  }

  podsOf(owner: KubeObject): readonly OwnedPod[] {
    const tracked = this.#tracked.get(keyOf(owner));
    if (!tracked) return [];
    return tracked.set.pods.map((pod) => ({
      id: String(pod.serial),
      name: this.#kind.podName(owner, pod),
      labels: { ...pod.revision.template.metadata?.labels, ...this.#kind.podLabels(owner, pod) },
      template: pod.revision.template,
      createdAt: pod.createdAt,
      nodeName: `node-${(pod.slot % this.#options.nodes) + 1}`,
      state: pod.ready ? 'ready' : (pod.failing ?? 'starting'),
      backOffMs: backOffOf(tracked.behaviour),
    }));
  }

  gone(owner: KubeObject, name: string): void {
    const tracked = this.#tracked.get(keyOf(owner));
    const pod = tracked?.set.pods.find((one) => this.#kind.podName(owner, one) === name);
    if (!tracked || !pod) return;
    tracked.set.remove(pod);
    this.#lookLater(owner, tracked);
  }

  close(): void {
    this.#unsubscribe();
    for (const tracked of this.#tracked.values()) cancel(tracked);
    this.#tracked.clear();
  }

  #onEvent({ resource, type, object, previous }: StoreEvent): void {
    if (this.#kind.type.custom && resource === deployments && this.#tracked.size > 0)
      this.#onReferred(object, previous);
    if (resource !== this.#kind.type) return;
    if (type === 'DELETED') {
      this.#forget(object);
      this.#options.pods.changed(this.#kind.type, object);
    } else if (previous?.metadata.generation !== object.metadata.generation)
      this.#lookLater(object, this.#tracked.get(keyOf(object)) ?? this.#track(object, plain));
  }

  /** A Deployment whose template someone else here may run (`spec.workloadRef`). */
  #onReferred(deployment: KubeObject, previous: KubeObject | undefined): void {
    if (deployment.spec === previous?.spec) return;
    for (const [key, tracked] of this.#tracked)
      if (key.startsWith(`${deployment.metadata.namespace ?? ''}/`)) {
        const object = this.#read(key);
        if (object) this.#lookLater(object, tracked);
      }
  }

  #lookLater({ metadata }: KubeObject, tracked: Tracked): void {
    const { clock } = this.#options;
    tracked.look ??= clock.after(lookDelay(tracked.behaviour), () => {
      delete tracked.look;
      const object = this.#read(keyOf({ metadata }));
      if (object) this.#reconcile(object, tracked);
    });
  }

  /** Level-triggered: compares what is wanted now with the pods that there are. */
  #reconcile(object: KubeObject, tracked: Tracked): void {
    const template = this.#kind.template(object, this.#options.store);
    if (!template) return;
    const left = tracked.behaviour.rolloutSeconds * 1000 - lookDelay(tracked.behaviour);
    tracked.set.reconcile(object, { template, hash: templateHash(template) }, left);
    this.#show(object, tracked);
    this.#wakeLater(object, tracked);
  }

  #wakeLater(object: KubeObject, tracked: Tracked): void {
    tracked.wake?.();
    const after = this.#kind.wakeAfter?.(object, this.#options.clock.now());
    if (after === undefined) delete tracked.wake;
    else
      tracked.wake = this.#options.clock.after(after, () => {
        delete tracked.wake;
        const now = this.#read(keyOf(object));
        if (now) this.#reconcile(now, tracked);
      });
  }

  #show(object: KubeObject, { set }: Tracked): void {
    const { type } = this.#kind;
    const current = this.#read(keyOf(object));
    if (!current) return;
    const status = set.takeStatus(current);
    this.#options.writes.update(type, current, { ...current, status }, this.#writer);
    this.#options.pods.changed(type, current);
  }

  #track(object: KubeObject, behaviour: RolloutBehaviour): Tracked {
    const key = keyOf(object);
    const tracked: Tracked = {
      behaviour,
      set: new PodSet(this.#kind, this.#options.clock, failureOf(behaviour), () => {
        const current = this.#read(key);
        if (!current) return undefined;
        return {
          object: current,
          shown: () => {
            this.#show(current, tracked);
          },
        };
      }),
    };
    this.#tracked.set(key, tracked);
    return tracked;
  }

  #read(key: string): KubeObject | undefined {
    const [namespace, name = ''] = key.split('/');
    return this.#options.store.get(this.#kind.type, namespace, name);
  }

  #forget(object: KubeObject): void {
    const tracked = this.#tracked.get(keyOf(object));
    if (tracked) cancel(tracked);
    this.#tracked.delete(keyOf(object));
  }
}

const keyOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

const lookDelay = ({ rolloutSeconds }: RolloutBehaviour): number =>
  Math.min(lookAfterMs, rolloutSeconds * 100);

function cancel({ set, look, wake }: Tracked): void {
  look?.();
  wake?.();
  set.close();
}
