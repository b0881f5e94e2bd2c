import type { ApiRequest, ApiResponse } from './api.ts';
import { list } from './list.ts';
import type { Writer } from './managed-fields.ts';
import { mergePatch } from './merge-patch.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import type { ResourceRequest } from './request-info.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { badRequest, methodNotAllowed, notFound, unsupportedMediaType } from './status-error.ts';
import type { Store } from './store.ts';
import type { Watches } from './watch.ts';
import type { Writes } from './writes.ts';

const mergePatchType = 'application/merge-patch+json';

/** The verbs on stored objects. Everything refused is thrown as a `StatusError`. */
export class ObjectHandlers {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #watches: Watches;

  constructor(store: Store, writes: Writes, watches: Watches) {
    this.#store = store;
    this.#writes = writes;
    this.#watches = watches;
  }

  handle(type: ResourceType, info: ResourceRequest, request: ApiRequest): ApiResponse {
    const { namespace, query } = info;
    switch (info.verb) {
      case 'get':
        return ok(this.#get(type, info));
      case 'list':
        return ok(list(this.#store, type, namespace, query));
      case 'watch': {
        const { signal } = request;
        const lines = this.#watches.open({ type, namespace, query, signal });
        return { kind: 'stream', status: 200, lines };
      }
      case 'patch':
      case 'update': {
        if (!type.writes.includes(info.verb)) throw methodNotAllowed();
        const current = this.#get(type, info);
        const desired =
          info.verb === 'patch' ? patched(current, request) : replacement(type, request);
        return ok(
          this.#writes.update(type, current, desired, writerOf(info, request), {
            dryRun: query.get('dryRun') === 'All',
          }),
        );
      }
      default:
        throw methodNotAllowed();
    }
  }

  #get(type: ResourceType, { namespace, name = '' }: ResourceRequest): KubeObject {
    const object = this.#store.get(type, type.namespaced ? namespace : undefined, name);
    if (!object) throw notFound(type, name);
    return object;
  }
}

const ok = (body: unknown): ApiResponse => ({ kind: 'json', status: 200, body });

function patched(current: KubeObject, request: ApiRequest): KubeObject {
  if (mediaType(request) !== mergePatchType) throw unsupportedMediaType([mergePatchType]);
  const patch = jsonBody(request);
  if (!isRecord(patch)) throw badRequest('the patch is not a JSON object');
  return objectOf(mergePatch(current, patch));
}

function replacement(type: ResourceType, request: ApiRequest): KubeObject {
  const own = { apiVersion: apiVersionOf(type), kind: type.kind };
  // Clients may leave out what the URL says.
  const object = { ...own, ...objectOf(jsonBody(request)) };
  if (object.kind !== own.kind || object.apiVersion !== own.apiVersion)
    throw badRequest(
      `the object provided is unrecognized: ${object.apiVersion} ${object.kind}, expected ${own.apiVersion} ${own.kind}`,
    );
  return object;
}

function objectOf(value: unknown): KubeObject {
  if (!isRecord(value) || !isRecord(value.metadata))
    throw badRequest('the object provided has no metadata');
  return value as KubeObject;
}

/** The JSON that was sent; 415 for another format, 400 for what does not parse. */
export function jsonBody(request: ApiRequest): unknown {
  const type = mediaType(request);
  if (type !== '' && !/^application\/(.*\+)?json$/.test(type))
    throw unsupportedMediaType(['application/json']);
  try {
    return JSON.parse(request.body ?? '');
  } catch {
    throw badRequest('the body of the request is not valid JSON');
  }
}

const mediaType = ({ headers }: ApiRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** The manager is `fieldManager`, or what the User-Agent says before its `/` (handlers/create.go). */
function writerOf({ query }: ResourceRequest, { headers }: ApiRequest): Writer {
  const given = query.get('fieldManager') ?? '';
  if (given.length > 128) throw badRequest('fieldManager: may not be more than 128 bytes');
  const manager = given || headers['user-agent']?.split('/')[0] || 'unknown';
  return { manager: manager.slice(0, 128), operation: 'Update' };
}
