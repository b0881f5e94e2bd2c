import { isDeepStrictEqual } from 'node:util';
import type { SimClock } from '../clock.ts';
import { afterApply, afterCreate, afterUpdate, ownedBy, ownedByOthers } from './managed-fields.ts';
import type { Writer } from './managed-fields.ts';
import { fieldsOf, removalOf, without } from './field-sets.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject, ManagedFieldsEntry } from './objects.ts';
import { isRecord, omit, timestamp } from './objects.ts';
import { refuseConflicts } from './conflicts.ts';
import { withDefaults } from './defaults.ts';
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
    { made = this.#clock.now(), dryRun = false }: { made?: number; dryRun?: boolean } = {},
  ): KubeObject {
    const wanted = withDefaults(type, object);
    validate(type, wanted);
    // A new object has no status, whatever is sent (pkg/registry, PrepareForCreate).
    const bare = type.subresources.includes('status') ? { ...wanted, status: {} } : wanted;
    const next = withMeta(bare, {
      ...(type.generation !== 'none' && { generation: 1 }),
      creationTimestamp: timestamp(made),
      // Who applies owns what the manifest says; who creates owns the defaults too.
      managedFields: afterCreate(
        writer.operation === 'Apply' ? object : wanted,
        writer,
        timestamp(made),
      ),
    });
    return dryRun ? next : this.#store.put(type, next);
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
    if (isDeepStrictEqual(next, current)) return current;
    return this.#commit(type, current, next, { dryRun, writer }, () =>
      afterUpdate(current, next, writer, this.#time()),
    );
  }

  /**
   * Server-side apply: sets what the manifest says, takes away what this writer alone applied
   * before and no longer says, and leaves what others wrote: a run record keeps its data.
   * `force`: also what others own, which is refused with 409 without it.
   */
  apply(
    type: ResourceType,
    manifest: KubeObject,
    writer: Writer,
    { force = true, dryRun = false } = {},
  ): KubeObject {
    const { namespace, name } = manifest.metadata;
    const current = this.#store.get(type, namespace, name);
    if (!current) return this.create(type, manifest, writer, { dryRun });
    checkIdentity(type, current, manifest);
    const owned = ownedBy(current, writer);
    const said = fieldsOf(manifest);
    const dropped = without(without(owned, said), ownedByOthers(current, writer));
    const merged = mergePatch(mergePatch(current, removalOf(dropped)), manifest) as KubeObject;
    const next = withDefaults(type, prepared(type, current, merged, writer));
    if (!force) refuseConflicts(current, next, writer);
    // Who says what stands there already becomes an owner of it all the same.
    if (isDeepStrictEqual(owned, said) && isDeepStrictEqual(next, current)) return current;
    return this.#commit(type, current, next, { dryRun, writer }, () =>
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

/**
 * Puts back what a writer can't change: the server's metadata, a status that it is not for, and by
 * a write of the status everything but that and the annotations.
 */
function prepared(
  { generation }: ResourceType,
  current: KubeObject,
  desired: KubeObject,
  writer: Writer,
): KubeObject {
  const { annotations } = desired.metadata;
  const ofStatus = writer.subresource === 'status';
  const { labels } = ofStatus ? current.metadata : desired.metadata;
  const {
    spec,
    status: wanted,
    ...rest
  } = ofStatus ? { ...current, status: desired.status } : desired;
  const status = ofStatus || generation === 'none' ? wanted : current.status;
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
