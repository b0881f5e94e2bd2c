import type { SimClock } from '../clock.ts';
import type { Deployment } from './deployments.ts';
import { revisionAnnotation, templateHash } from './deployments.ts';
import type { StoreEvent } from './history.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject } from './objects.ts';
import { timestamp } from './objects.ts';
import { failureOf } from './pods/rollout-behaviour.ts';
import type { RolloutBehaviour } from './pods/rollout-behaviour.ts';
import { ReplicaSetKeeper } from './replica-set-keeper.ts';
import { replicaSetName } from './replica-sets.ts';
import { deployments } from './resources.ts';
import type { PodCounts, Progress } from './rollout.ts';
import {
  complete,
  firstSteps,
  recreateSteps,
  rolloutSteps,
  scalingSteps,
  statusOf,
} from './rollout.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

/** Of a Deployment that came by a manifest: it rolls out in a second. */
const plain: RolloutBehaviour = { rolloutSeconds: 1 };

/** How long the controller takes to see a change: until then the old status looks healthy. */
const lookAfterMs = 50;

const statusWriter: Writer = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
};

/** What the controller knows of one Deployment. */
interface Tracked {
  readonly namespace: string;
  readonly name: string;
  behaviour: RolloutBehaviour;
  /** Of the template that it last began to roll out. */
  hash: string;
  revision: number;
  /** From the first step of a rollout until it is complete: also while paused or stuck. */
  rolling: boolean;
  wanted: number;
  counts: PodCounts;
  progress: Progress;
  observedGeneration: number;
  /** Cancel the next look, and the next step of what is under way. */
  look?: () => void;
  step?: () => void;
}

/**
 * Rolls Deployments out over time by way of their ReplicaSets, as kube-controller-manager does, but
 * without any pods.
 */
export class DeploymentController {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #clock: SimClock;
  readonly #sets: ReplicaSetKeeper;
  readonly #tracked = new Map<string, Tracked>();
  readonly #unsubscribe: () => void;

  constructor(store: Store, writes: Writes, clock: SimClock) {
    this.#store = store;
    this.#writes = writes;
    this.#clock = clock;
    this.#sets = new ReplicaSetKeeper(store, writes);
    this.#unsubscribe = store.subscribe((event) => {
      this.#onEvent(event);
    });
  }

  /** Takes it as rolled out completely, when it was made. Without this, it begins with a rollout. */
  settle(deployment: Deployment, behaviour: RolloutBehaviour): void {
    this.#forget(deployment);
    const tracked = this.#track(deployment, behaviour);
    this.#observe(tracked, deployment);
    tracked.hash = templateHash(deployment.spec.template);
    const made = Date.parse(deployment.metadata.creationTimestamp ?? '');
    tracked.revision = this.#sets.adopt(deployment, tracked.hash, made);
    tracked.counts = complete(tracked.wanted);
    tracked.progress = deployment.spec.paused ? 'paused' : 'complete';
    this.#resize(tracked);
    this.#writeStatus(tracked);
  }

  /** Of rollouts that begin from now on. */
  behave({ metadata }: KubeObject, behaviour: Partial<RolloutBehaviour>): void {
    const tracked = this.#tracked.get(keyOf({ metadata }));
    if (tracked) tracked.behaviour = { ...tracked.behaviour, ...behaviour };
  }

  behaviourOf(namespace: string, name: string): RolloutBehaviour {
    return this.#tracked.get(`${namespace}/${name}`)?.behaviour ?? plain;
  }

  close(): void {
    this.#unsubscribe();
    for (const tracked of this.#tracked.values()) cancel(tracked);
    this.#tracked.clear();
  }

  #onEvent({ resource, type, object, previous }: StoreEvent): void {
    if (resource !== deployments) return;
    if (type === 'DELETED') {
      this.#forget(object);
      this.#sets.removeAll(object);
    } else if (previous?.metadata.generation !== object.metadata.generation) {
      const deployment = object as Deployment;
      const tracked = this.#tracked.get(keyOf(deployment)) ?? this.#track(deployment, plain);
      tracked.look ??= this.#clock.after(
        Math.min(lookAfterMs, tracked.behaviour.rolloutSeconds * 100),
        () => {
          delete tracked.look;
          this.#reconcile(tracked);
        },
      );
    }
  }

  /** Level-triggered: compares what is wanted now with what was last seen. */
  #reconcile(tracked: Tracked): void {
    const deployment = this.#read(tracked);
    if (!deployment) return;
    const { wanted, hash } = tracked;
    const wasPaused = tracked.progress === 'paused';
    this.#observe(tracked, deployment);
    const template = templateHash(deployment.spec.template);
    this.#sets.annotate(deployment, template);
    if (deployment.spec.paused) {
      tracked.step?.();
      tracked.progress = 'paused';
      // Of a template that is not rolled out yet there are the pods that it had before, if any.
      tracked.counts = { ...tracked.counts, updated: this.#sets.podsOf(deployment, template) };
      this.#writeStatus(tracked);
      return;
    }
    if (template !== hash) {
      tracked.hash = template;
      tracked.revision = this.#sets.adopt(deployment, template);
      this.#roll(tracked, deployment, tracked.counts.replicas > 0);
    } else if (wanted === tracked.wanted && !wasPaused) this.#writeStatus(tracked);
    else if (tracked.rolling)
      this.#roll(tracked, deployment, tracked.counts.replicas > tracked.counts.updated);
    else this.#walk(tracked, scalingSteps(tracked.wanted, tracked.counts.available), 'complete');
  }

  #roll(tracked: Tracked, { spec }: Deployment, hasOldPods: boolean): void {
    const failing = failureOf(tracked.behaviour) !== undefined;
    tracked.rolling = true;
    const steps = hasOldPods
      ? (spec.strategy?.type === 'Recreate' ? recreateSteps : rolloutSteps)(tracked.wanted, failing)
      : firstSteps(tracked.wanted, tracked.counts.available);
    this.#walk(tracked, steps, failing && steps.length > 0 ? 'deadline exceeded' : 'complete');
  }

  #observe(tracked: Tracked, { metadata, spec }: Deployment): void {
    tracked.observedGeneration = metadata.generation ?? 0;
    tracked.wanted = spec.replicas;
  }

  /** Takes the steps at even distances; the end comes `rolloutSeconds` after the change. */
  #walk(
    tracked: Tracked,
    steps: readonly PodCounts[],
    end: 'complete' | 'deadline exceeded',
  ): void {
    tracked.step?.();
    const total = tracked.behaviour.rolloutSeconds * 1000;
    const left = total - Math.min(lookAfterMs, total / 10);
    const take = (index: number): void => {
      const counts = steps[index];
      delete tracked.step;
      tracked.progress = counts ? 'progressing' : end;
      if (counts) tracked.counts = counts;
      else if (end === 'complete') {
        tracked.counts = complete(tracked.wanted);
        tracked.rolling = false;
      }
      if (counts)
        tracked.step = this.#clock.after(left / steps.length, () => {
          take(index + 1);
        });
      this.#resize(tracked);
      this.#writeStatus(tracked);
    };
    take(0);
  }

  /** The ReplicaSets first, then the status that is told of them, as the real controller writes. */
  #resize(tracked: Tracked): void {
    const deployment = this.#read(tracked);
    if (!deployment) return;
    this.#sets.resize(deployment, tracked.counts);
    if (!tracked.rolling) this.#sets.cleanUp(deployment);
  }

  #writeStatus(tracked: Tracked): void {
    const current = this.#read(tracked);
    if (!current) return;
    const { observedGeneration, counts, progress, hash, revision, wanted } = tracked;
    const replicaSet = replicaSetName(current, hash);
    const time = timestamp(this.#clock.now());
    const desired = {
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { ...current.metadata.annotations, [revisionAnnotation]: String(revision) },
      },
      status: statusOf(
        counts,
        progress,
        { observedGeneration, replicaSet, time, wanted },
        current.status,
      ),
    };
    this.#writes.update(deployments, current, desired, statusWriter);
  }

  #read({ namespace, name }: Tracked): Deployment | undefined {
    return this.#store.get(deployments, namespace, name) as Deployment | undefined;
  }

  #track(deployment: Deployment, behaviour: RolloutBehaviour): Tracked {
    const { namespace = '', name } = deployment.metadata;
    const tracked: Tracked = {
      namespace,
      name,
      behaviour,
      hash: '',
      revision: 0,
      rolling: false,
      wanted: deployment.spec.replicas,
      counts: complete(0),
      progress: 'complete',
      observedGeneration: 0,
    };
    this.#tracked.set(keyOf(deployment), tracked);
    return tracked;
  }

  #forget(object: { readonly metadata: Deployment['metadata'] }): void {
    const tracked = this.#tracked.get(keyOf(object));
    if (tracked) cancel(tracked);
    this.#tracked.delete(keyOf(object));
  }
}

const keyOf = ({ metadata }: { readonly metadata: Deployment['metadata'] }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

function cancel(tracked: Tracked): void {
  tracked.look?.();
  tracked.step?.();
}
