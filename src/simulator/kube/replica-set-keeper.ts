import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from './deployments.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject, StringMap } from './objects.ts';
import type { ReplicaSet, Size } from './replica-sets.ts';
import {
  atRevision,
  copiedAnnotations,
  newReplicaSet,
  oldSizes,
  replicaSetName,
  revisionOf,
  sized,
} from './replica-sets.ts';
import { replicaSets } from './resources.ts';
import type { PodCounts } from './rollout.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

const writer: Writer = { manager: 'kube-controller-manager', operation: 'Update' };

/**
 * The ReplicaSets of every Deployment: made, found again, sized and cleaned away as the Deployment
 * controller does it (pkg/controller/deployment/sync.go and rolling.go).
 */
export class ReplicaSetKeeper {
  readonly #store: Store;
  readonly #writes: Writes;
  /** Names by Deployment, in the order of their revisions. */
  readonly #names = new Map<string, readonly string[]>();

  constructor(store: Store, writes: Writes) {
    this.#store = store;
    this.#writes = writes;
  }

  /**
   * Makes the template's ReplicaSet the newest: the one that it had before, or a new one.
   *
   * @param made when, in milliseconds. Default: now.
   * @returns its revision: one more than that of any other
   */
  adopt(deployment: Deployment, hash: string, made?: number): number {
    const name = replicaSetName(deployment, hash);
    const others = this.#namesOf(deployment).filter((one) => one !== name);
    const revision =
      1 + Math.max(0, ...this.#read(deployment, others).map((one) => revisionOf(one)));
    const [found] = this.#read(deployment, [name]);
    if (!found) {
      const object = newReplicaSet(deployment, hash, revision);
      this.#writes.create(replicaSets, object, writer, made === undefined ? {} : { made });
    } else if (revisionOf(found) < revision)
      this.#annotate(deployment, found, atRevision(found.metadata.annotations ?? {}, revision));
    this.#names.set(keyOf(deployment), [...others, name]);
    return found ? Math.max(revision, revisionOf(found)) : revision;
  }

  /** Copies the Deployment's annotations and numbers to the ReplicaSet of a template, if it has one. */
  annotate(deployment: Deployment, hash: string): void {
    const [found] = this.#read(deployment, [replicaSetName(deployment, hash)]);
    if (found) this.#annotate(deployment, found, found.metadata.annotations ?? {});
  }

  /** How many pods the template has. */
  podsOf(deployment: Deployment, hash: string): number {
    const [found] = this.#read(deployment, [replicaSetName(deployment, hash)]);
    return found?.spec.replicas ?? 0;
  }

  /** Shares the pods out: `updated` of them are of the newest ReplicaSet. */
  resize(deployment: Deployment, { replicas, updated, available }: PodCounts): void {
    const sets = this.#read(deployment, this.#namesOf(deployment));
    const newest = sets.at(-1);
    if (!newest) return;
    const old = sets.slice(0, -1);
    const sizes = oldSizes(
      old.map(({ spec }) => spec.replicas),
      old.length === 0 ? 0 : replicas - updated,
    );
    let ready = available;
    // Old pods are ready; new ones are as far as the count goes.
    old.forEach((set, index) => {
      const size = { replicas: sizes[index] ?? 0, ready: Math.min(sizes[index] ?? 0, ready) };
      ready -= size.ready;
      this.#put(set, size);
    });
    const wanted = old.length === 0 ? replicas : updated;
    this.#put(newest, { replicas: wanted, ready: Math.min(wanted, ready) });
  }

  /** Deletes the oldest beyond `revisionHistoryLimit` (default: 10), once they have no pods. */
  cleanUp(deployment: Deployment): void {
    const { revisionHistoryLimit: limit } = deployment.spec;
    const names = this.#namesOf(deployment);
    const surplus = names.length - 1 - (typeof limit === 'number' ? limit : 10);
    if (surplus <= 0) return;
    const gone = this.#read(deployment, names.slice(0, surplus))
      .filter(({ spec }) => spec.replicas === 0)
      .map(({ metadata }) => metadata.name);
    for (const name of gone) this.#store.remove(replicaSets, deployment.metadata.namespace, name);
    const left = names.filter((name) => !gone.includes(name));
    this.#names.set(keyOf(deployment), left);
  }

  /** What the garbage collector does once the Deployment is gone. */
  removeAll(deployment: KubeObject): void {
    for (const name of this.#namesOf(deployment))
      this.#store.remove(replicaSets, deployment.metadata.namespace, name);
    this.#names.delete(keyOf(deployment));
  }

  #annotate(deployment: Deployment, set: ReplicaSet, annotations: StringMap): void {
    const next = copiedAnnotations(deployment, annotations);
    if (isDeepStrictEqual(next, set.metadata.annotations)) return;
    this.#store.put(replicaSets, { ...set, metadata: { ...set.metadata, annotations: next } });
  }

  /** Straight into the store: only the numbers change, and they are right. */
  #put(set: ReplicaSet, size: Size): void {
    const next = sized(set, size);
    if (next.spec === set.spec && isDeepStrictEqual(next.status, set.status)) return;
    this.#store.put(replicaSets, next);
  }

  #namesOf(deployment: KubeObject): readonly string[] {
    return this.#names.get(keyOf(deployment)) ?? [];
  }

  #read({ metadata }: KubeObject, names: readonly string[]): readonly ReplicaSet[] {
    return names
      .map((name) => this.#store.get(replicaSets, metadata.namespace, name))
      .filter((found): found is ReplicaSet => found !== undefined);
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
