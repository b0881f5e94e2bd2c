import {
  admitted,
  placed,
  refuseDeletion,
  refuseEscalation,
  withKnownFields,
} from './admission.ts';
import type { ApiRequest } from './api.ts';
import { bodyOf, mediaType, objectFrom } from './body.ts';
import { list } from './list.ts';
import type { Listed } from './list.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import { applyPatchType, patched } from './patches.ts';
import type { KubeUser, RbacAuthorizer } from './rbac.ts';
import type { ResourceRequest } from './request-info.ts';
import { isTrue } from './request-info.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf, namespaces, resourceTypes } from './resources.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  invalidOptions,
  methodNotAllowed,
  notFound,
  unsupportedMediaType,
} from './status-error.ts';
import type { Store } from './store.ts';
import { requireTypes } from './validation.ts';
import type { Writes } from './writes.ts';

/** A write that a user asks for. */
export interface WriteRequest {
  readonly type: ResourceType;
  readonly info: ResourceRequest;
  readonly request: ApiRequest;
  readonly user: KubeUser;
}

export interface Written {
  readonly status: 200 | 201;
  readonly object: KubeObject;
}

/** The writing verbs. What is refused is thrown as a `StatusError`. */
export class WriteHandlers {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #authorizer: RbacAuthorizer;

  constructor(store: Store, writes: Writes, authorizer: RbacAuthorizer) {
    this.#store = store;
    this.#writes = writes;
    this.#authorizer = authorizer;
  }

  create({ type, info, request, user }: WriteRequest): Written {
    // POST goes to the collection.
    if (info.name !== undefined || (type.namespaced && info.namespace === undefined))
      throw methodNotAllowed();
    const sent = this.#sent(type, info, bodyOf(request));
    const object = admitted(type, placed(this.#store, type, sent, info.namespace));
    const { name, namespace } = object.metadata;
    if (this.#store.get(type, namespace, name)) throw alreadyExists(type, name);
    refuseEscalation(this.#authorizer, user, type, object);
    const writer = writerOf(info, request);
    return { status: 201, object: this.#writes.create(type, object, writer, optionsOf(info)) };
  }

  update(write: WriteRequest, current: KubeObject): Written {
    const { type, info, request } = write;
    return this.store(write, current, this.#sent(type, info, bodyOf(request)));
  }

  /** `current` is absent where there is none: an apply makes it. */
  patch(write: WriteRequest, current: KubeObject | undefined): Written {
    const { type, info, request } = write;
    if (mediaType(request) === applyPatchType) {
      if (info.subresource !== undefined) throw unsupportedMediaType(['application/json']);
      return this.#apply(write, current);
    }
    if (!current) throw notFound(type, info.name ?? '');
    const next = patched(type, current, info.query, request);
    return this.store(write, current, withKnownFields(type, next, info.query, 'patch'));
  }

  /** The next state of an object, however it came about. */
  store(
    { type, info, request, user }: WriteRequest,
    current: KubeObject,
    next: KubeObject,
  ): Written {
    refuseEscalation(this.#authorizer, user, type, next);
    const writer = writerOf(info, request);
    return {
      status: 200,
      object: this.#writes.update(type, current, next, writer, optionsOf(info)),
    };
  }

  #apply({ type, info, request, user }: WriteRequest, current: KubeObject | undefined): Written {
    const { name = '', query } = info;
    if (!query.get('fieldManager'))
      throw invalidOptions(
        'PatchOptions',
        'fieldManager',
        'Required value: is required for apply patch',
      );
    const body = bodyOf(request);
    if (!isRecord(body) || body.kind !== type.kind || body.apiVersion !== apiVersionOf(type))
      throw badRequest(
        `invalid object type: expected ${apiVersionOf(type)}, Kind=${type.kind}, in the body of the apply`,
      );
    const sent = this.#sent(type, info, body);
    const named = { ...sent, metadata: { ...sent.metadata, name: sent.metadata.name || name } };
    if (named.metadata.name !== name)
      throw badRequest(
        `the name of the object (${named.metadata.name}) does not match the name on the URL (${name})`,
      );
    const manifest = admitted(type, placed(this.#store, type, named, info.namespace));
    refuseEscalation(this.#authorizer, user, type, manifest);
    const writer: Writer = { ...writerOf(info, request), operation: 'Apply' };
    const force = isTrue(query.get('force'));
    const object = this.#writes.apply(type, manifest, writer, { force, ...optionsOf(info) });
    return { status: current ? 200 : 201, object };
  }

  /** Gone at once: there are no finalizers, and what is in a namespace goes with it. */
  delete({ type, info, request }: WriteRequest, current: KubeObject): unknown {
    const options = request.body === undefined ? {} : bodyOf(request);
    checkDeleteOptions(type, current, isRecord(options) ? options : {}, info.query);
    const { name, uid } = current.metadata;
    refuseDeletion(type, name);
    if (!optionsOf(info).dryRun) this.#remove(type, current);
    if (type === namespaces) return terminating(current);
    const { group, plural } = type;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, ...(group !== '' && { group }), kind: plural, uid },
    };
  }

  /** What was deleted, as a list. */
  deleteAll({ type, info }: WriteRequest): Listed {
    if (type.namespaced && info.namespace === undefined) throw methodNotAllowed();
    const listed = list(this.#store, type, info.namespace, info.query);
    if (!optionsOf(info).dryRun) for (const item of listed.items) this.#remove(type, item);
    return listed;
  }

  #remove(type: ResourceType, { metadata }: KubeObject): void {
    if (type === namespaces)
      for (const inner of resourceTypes.filter(({ namespaced }) => namespaced))
        for (const object of this.#store.list(inner, metadata.name)) this.#remove(inner, object);
    this.#store.remove(type, metadata.namespace, metadata.name);
  }

  /** A body as an object of its kind: with the fields, and the types of fields, that it has. */
  #sent(type: ResourceType, { query }: ResourceRequest, body: unknown): KubeObject {
    const object = withKnownFields(type, objectFrom(type, body), query, 'body');
    requireTypes(type, object);
    return object;
  }
}

const optionsOf = ({ query }: ResourceRequest): { readonly dryRun: boolean } => ({
  dryRun: query.get('dryRun') === 'All',
});

function checkDeleteOptions(
  type: ResourceType,
  { metadata, kind }: KubeObject,
  body: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
): void {
  const policy = body.propagationPolicy ?? query.get('propagationPolicy');
  if (policy === 'Orphan' || body.orphanDependents === true)
    throw badRequest('propagationPolicy Orphan is not supported by the simulated API server');
  const { uid, resourceVersion } = isRecord(body.preconditions) ? body.preconditions : {};
  const named = { group: type.group, plural: kind };
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      named,
      metadata.name,
      `the UID in the precondition (${text(uid)}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      named,
      metadata.name,
      `the ResourceVersion in the precondition (${text(resourceVersion)}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`,
    );
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A namespace as its deletion begins; here that is also its end. */
const terminating = (namespace: KubeObject): KubeObject => ({
  ...namespace,
  status: { phase: 'Terminating' },
});

/** The manager is `fieldManager`, or what the User-Agent says before its `/` (handlers/create.go). */
function writerOf({ query, subresource }: ResourceRequest, { headers }: ApiRequest): Writer {
  const given = query.get('fieldManager') ?? '';
  if (given.length > 128) throw badRequest('fieldManager: may not be more than 128 bytes');
  const manager = given || headers['user-agent']?.split('/')[0] || 'unknown';
  return {
    manager: manager.slice(0, 128),
    operation: 'Update',
    ...(subresource === 'status' && { subresource }),
  };
}
