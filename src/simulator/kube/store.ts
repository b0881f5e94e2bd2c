import { createHash } from 'node:crypto';
import type { StoreEvent } from './history.ts';
import { History } from './history.ts';
import type { KubeObject } from './objects.ts';
import { deepFreeze } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { qualified } from './status-error.ts';

export type StoreListener = (event: StoreEvent) => void;

/**
 * The objects of one cluster under one rising resourceVersion. Objects are frozen. Every listener
 * is told of every write, in order, also of writes that a listener makes.
 */
export class Store {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #history: History;
  readonly #listeners = new Set<StoreListener>();
  readonly #pending: StoreEvent[] = [];
  #telling = false;
  #version = 0;

  /** `historyLimit`: how many writes at least are held for watches to go on from. */
  constructor(historyLimit: number) {
    this.#history = new History(historyLimit);
  }

  /** Of the last write to the cluster. */
  get version(): number {
    return this.#version;
  }

  get(type: ResourceType, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(qualified(type))?.get(keyOf(namespace, name));
  }

  /** By namespace and name, as etcd orders its keys. */
  list(type: ResourceType, namespace?: string): readonly KubeObject[] {
    return sortedByKey(this.#objects.get(qualified(type)) ?? new Map(), namespace);
  }

  /** The list as it was at `version`; `undefined` when the history does not reach back to it. */
  listAt(
    version: number,
    type: ResourceType,
    namespace?: string,
  ): readonly KubeObject[] | undefined {
    const later = this.#history.since(version);
    if (!later) return undefined;
    const then = new Map(this.#objects.get(qualified(type)));
    for (const { resource, object, previous } of later.toReversed()) {
      if (resource !== type) continue;
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      if (previous) then.set(key, previous);
      else then.delete(key);
    }
    return sortedByKey(then, namespace);
  }

  /** Stores a new object or the next state of one; gives it version and uid. */
  put(type: ResourceType, desired: KubeObject): KubeObject {
    const { namespace, name } = desired.metadata;
    const previous = this.get(type, namespace, name);
    const version = ++this.#version;
    const object: KubeObject = deepFreeze({
      ...desired,
      metadata: {
        ...desired.metadata,
        uid: previous?.metadata.uid ?? uidOf(type, keyOf(namespace, name), version),
        resourceVersion: String(version),
      },
    });
    this.#ofType(type).set(keyOf(namespace, name), object);
    this.#tell({
      type: previous ? 'MODIFIED' : 'ADDED',
      resource: type,
      object,
      ...(previous && { previous }),
      version,
    });
    return object;
  }

  /** False when there is none. */
  remove(type: ResourceType, namespace: string | undefined, name: string): boolean {
    const previous = this.get(type, namespace, name);
    if (!previous) return false;
    const version = ++this.#version;
    this.#ofType(type).delete(keyOf(namespace, name));
    const object = atVersion(previous, version);
    this.#tell({ type: 'DELETED', resource: type, object, previous, version });
    return true;
  }

  /** Events after `version`, or `undefined` when they are no longer held. */
  since(version: number): readonly StoreEvent[] | undefined {
    return this.#history.since(version);
  }

  compact(): void {
    this.#history.compact();
  }

  /** The result ends the subscription. */
  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #ofType(type: ResourceType): Map<string, KubeObject> {
    const name = qualified(type);
    const objects = this.#objects.get(name) ?? new Map<string, KubeObject>();
    this.#objects.set(name, objects);
    return objects;
  }

  /** A write made by a listener waits until all have been told of the write before it. */
  #tell(event: StoreEvent): void {
    this.#history.add(event);
    this.#pending.push(event);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift())
        for (const listener of [...this.#listeners]) listener(next);
    } finally {
      this.#telling = false;
    }
  }
}

/** The same object, at another version. */
export const atVersion = (object: KubeObject, version: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(version) },
});

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

const sortedByKey = (
  objects: ReadonlyMap<string, KubeObject>,
  namespace: string | undefined,
): readonly KubeObject[] =>
  [...objects]
    .filter(([, { metadata }]) => namespace === undefined || metadata.namespace === namespace)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, object]) => object);

/** A UUID by content: two runs of the same steps give the same. */
function uidOf(type: ResourceType, key: string, version: number): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([qualified(type), key, version]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
