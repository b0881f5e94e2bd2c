import { isDeepStrictEqual } from 'node:util';
import type { SimClock } from '../clock.ts';
import { afterApply, afterCreate, afterUpdate, ownedBy, ownedByOthers } from './managed-fields.ts';
import type { Writer } from './managed-fields.ts';
import { fieldsOf, removalOf, without } from './field-sets.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject, ManagedFieldsEntry } from './objects.ts';
import { timestamp } from './objects.ts';
import { refuseConflicts } from './conflicts.ts';
import { withDefaults } from './defaults.ts';
import { withNewStatus } from './new-status.ts';
import type { ResourceType } from './resources.ts';
import { checkIdentity, nextState, raisesGeneration } from './next-state.ts';
import type { Store } from './store.ts';
import { withRaisedTemplate, withTemplateGeneration } from './template-generation.ts';
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
    const wanted = withTemplateGeneration(type, withDefaults(type, object));
    validate(type, wanted);
    // A new object has no status, whatever is sent (pkg/registry, PrepareForCreate).
    const bare = type.subresources.includes('status') ? withNewStatus(type, wanted) : wanted;
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
    const next = nextState(type, current, desired, writer);
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
    const next = nextState(type, current, merged, writer);
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
    const raised = withRaisedTemplate(type, object, current);
    return dryRun ? raised : this.#store.put(type, raised);
  }

  #time(): string {
    return timestamp(this.#clock.now());
  }
}

const withMeta = (object: KubeObject, extra: Partial<KubeObject['metadata']>): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, ...extra },
});
