import { isDeepStrictEqual } from 'node:util';
import { withDefaults } from './defaults.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject } from './objects.ts';
import { isRecord, omit } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { badRequest, conflict, modified } from './status-error.ts';
import { withTemplateGeneration } from './template-generation.ts';

/** What is named is what is written, on the version and uid that are asked for: 400 and 409 otherwise. */
export function checkIdentity(type: ResourceType, current: KubeObject, desired: KubeObject): void {
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

/** What an object becomes by a write: with defaults, and without what a writer can't change. */
export const nextState = (
  type: ResourceType,
  current: KubeObject,
  desired: KubeObject,
  writer: Writer,
): KubeObject =>
  withTemplateGeneration(
    type,
    withDefaults(type, prepared(type, current, desired, writer)),
    current,
  );

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
export function raisesGeneration(
  type: ResourceType,
  current: KubeObject,
  next: KubeObject,
): boolean {
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
