import { isDeepStrictEqual } from 'node:util';
import type { SimClock } from '../clock.ts';
import { afterApply, afterCreate, afterUpdate, ownedBy } from './managed-fields.ts';
import type { Writer } from './managed-fields.ts';
import { fieldsOf, removalOf, without } from './field-sets.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject, ManagedFieldsEntry } from './objects.ts';
import { isRecord, omit, timestamp } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { badRequest, conflict, modified } from './status-error.ts';
import type { Store } from './store.ts';
import { validate } from './validation.ts';

/** The one way into the store: what the API server does between a decoded body and etcd. */
export class Writes {
  readonly #store: Store;
  readonly #clock: SimClock;

  constructor(store: Store, clock: SimClock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** `made`: when, for what stands there from before; milliseconds, default: now. */
  create(
    type: ResourceType,
    object: KubeObject,
    writer: Writer,
    made: number = this.#clock.now(),
  ): KubeObject {
    const wanted = withDefaults(type, object);
    validate(type, wanted);
    return this.#store.put(
      type,
      withMeta(wanted, {
        ...(type.generation !== 'none' && { generation: 1 }),
        creationTimestamp: timestamp(made),
        managedFields: afterCreate(wanted, writer, timestamp(made)),
      }),
    );
  }

  /**
   * PUT, and what a merge-patch comes down to. A `resourceVersion` in `desired` is a precondition;
   * a write that changes nothing is none: the same version and generation are returned.
   * `dryRun`: everything but the storing.
   */
  update(
    type: ResourceType,
    current: KubeObject,
    desired: KubeObject,
    writer: Writer,
    { dryRun = false } = {},
  ): KubeObject {
    checkIdentity(type, current, desired);
    const next = withDefaults(type, prepared(type, current, desired, writer));
    return this.#commit(type, current, next, { dryRun, writer }, () =>
      afterUpdate(current, next, writer, this.#time()),
    );
  }

  /**
   * Server-side apply with force: sets what the manifest says, takes away what this writer applied
   * before and no longer says, and leaves what others wrote: a run record keeps its data.
   */
  apply(type: ResourceType, manifest: KubeObject, writer: Writer): KubeObject {
    const { namespace, name } = manifest.metadata;
    const current = this.#store.get(type, namespace, name);
    if (!current) return this.create(type, manifest, writer);
    const dropped = without(ownedBy(current, writer), fieldsOf(manifest));
    const merged = mergePatch(mergePatch(current, removalOf(dropped)), manifest) as KubeObject;
    const next = withDefaults(type, prepared(type, current, merged, writer));
    return this.#commit(type, current, next, { dryRun: false, writer }, () =>
      afterApply(current, next, manifest, writer, this.#time()),
    );
  }

  #commit(
    type: ResourceType,
    current: KubeObject,
    next: KubeObject,
    { dryRun, writer }: { readonly dryRun: boolean; readonly writer: Writer },
    managedFields: () => readonly ManagedFieldsEntry[],
  ): KubeObject {
    if (isDeepStrictEqual(next, current)) return current;
    validate(type, next, current);
    const object = withMeta(next, {
      ...(writer.subresource === undefined &&
        raisesGeneration(type, current, next) && {
          generation: (current.metadata.generation ?? 0) + 1,
        }),
      managedFields: managedFields(),
    });
    return dryRun ? object : this.#store.put(type, object);
  }

  #time(): string {
    return timestamp(this.#clock.now());
  }
}

function checkIdentity(type: ResourceType, current: KubeObject, desired: KubeObject): void {
  const { name, namespace, uid, resourceVersion } = desired.metadata;
  const now = current.metadata;
  if (name !== now.name)
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${now.name})`,
    );
  if (namespace !== undefined && namespace !== now.namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (uid !== undefined && uid !== now.uid)
    throw conflict(
      type,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${now.uid ?? ''}`,
    );
  if (resourceVersion && resourceVersion !== now.resourceVersion) throw modified(type, name);
}

/** Puts back what a writer can't change: the server's metadata, and a status that it is not for. */
function prepared(
  { generation }: ResourceType,
  current: KubeObject,
  desired: KubeObject,
  writer: Writer,
): KubeObject {
  const { labels, annotations } = desired.metadata;
  const { spec, status: wanted, ...rest } = desired;
  const ownStatus = writer.subresource === 'status' || generation === 'none';
  const status = ownStatus ? wanted : current.status;
  return {
    ...rest,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: {
      ...omit(current.metadata, 'labels', 'annotations'),
      ...(!isEmpty(labels) && { labels }),
      ...(!isEmpty(annotations) && { annotations }),
    },
    ...(spec !== undefined && { spec }),
    ...(status !== undefined && { status }),
  };
}

/** An empty map is stored as none. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || (isRecord(value) && Object.keys(value).length === 0);

/** `spec.replicas` defaults to 1 (pkg/apis/apps/v1/defaults.go). */
const withDefaults = (type: ResourceType, object: KubeObject): KubeObject =>
  type.kind === 'Deployment' && isRecord(object.spec) && object.spec.replicas === undefined
    ? { ...object, spec: { ...object.spec, replicas: 1 } }
    : object;

/** Of a write that is not one of the status: those never do. */
function raisesGeneration(type: ResourceType, current: KubeObject, next: KubeObject): boolean {
  const specChanged = !isDeepStrictEqual(current.spec, next.spec);
  switch (type.generation) {
    case 'none':
      return false;
    case 'spec':
      return specChanged;
    case 'spec-and-annotations':
      return (
        specChanged ||
        !isDeepStrictEqual(current.metadata.annotations ?? {}, next.metadata.annotations ?? {})
      );
  }
}

const withMeta = (object: KubeObject, extra: Partial<KubeObject['metadata']>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...extra },
});
