import type { SimClock } from '../clock.ts';
import type { ApiRequest, ApiResponse } from './api.ts';
import { list } from './list.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import type { Evictions } from './pods/evictions.ts';
import type { PodKeeper } from './pods/pod-keeper.ts';
import type { KubeUser } from './rbac.ts';
import { representationOf } from './representation.ts';
import type { Representation } from './representation.ts';
import type { ResourceRequest } from './request-info.ts';
import { events, pods as podType } from './resources.ts';
import type { ResourceType } from './resources.ts';
import { methodNotAllowed, noSuchResource, notFound } from './status-error.ts';
import type { Store } from './store.ts';
import { SubresourceHandlers } from './subresource-handlers.ts';
import type { Watches } from './watch.ts';
import type { WriteHandlers, WriteRequest, Written } from './write-handlers.ts';

export interface ObjectHandlersOptions {
  readonly store: Store;
  readonly watches: Watches;
  readonly writes: WriteHandlers;
  readonly evictions: Evictions;
  readonly pods: PodKeeper;
  readonly clock: SimClock;
}

/** The verbs on stored objects. Everything refused is thrown as a `StatusError`. */
export class ObjectHandlers {
  readonly #store: Store;
  readonly #watches: Watches;
  readonly #writes: WriteHandlers;
  readonly #subresources: SubresourceHandlers;
  readonly #evictions: Evictions;
  readonly #pods: PodKeeper;
  readonly #clock: SimClock;

  constructor({ store, watches, writes, evictions, pods, clock }: ObjectHandlersOptions) {
    this.#store = store;
    this.#watches = watches;
    this.#writes = writes;
    this.#subresources = new SubresourceHandlers(writes);
    this.#evictions = evictions;
    this.#pods = pods;
    this.#clock = clock;
  }

  handle(
    type: ResourceType,
    info: ResourceRequest,
    request: ApiRequest,
    user: KubeUser,
  ): ApiResponse {
    const { verb, subresource } = info;
    if (type === podType || (type === events && verb !== 'create')) this.#pods.refresh();
    const write: WriteRequest = { type, info, request, user };
    const answered = subresource === 'scale' ? { ...type, kind: 'Scale' } : type;
    const accept = request.headers.accept ?? '';
    const shown = representationOf(answered, accept, info.query, () => this.#clock.now());
    if (subresource !== undefined) {
      const served = type.subresources.find((name) => name === subresource);
      if (!served) throw noSuchResource();
      if (served === 'eviction') {
        const body = this.#evictions.evict(write, this.#get(type, info));
        return { kind: 'json', status: 201, body };
      }
      return answer(this.#subresources.handle(served, write, this.#get(type, info)), shown);
    }
    const needsName = verb === 'update' || verb === 'patch';
    if (!type.verbs.some((served) => served === verb) || (needsName && info.name === undefined))
      throw methodNotAllowed();
    return this.#object(write, shown);
  }

  #object(write: WriteRequest, shown: Representation): ApiResponse {
    const { type, info, request } = write;
    switch (info.verb) {
      case 'get':
        return ok(shown.object(this.#get(type, info)));
      case 'list': {
        const { items, metadata } = list(this.#store, type, info.namespace, info.query);
        return ok(shown.list(items, metadata));
      }
      case 'watch':
        return this.#watch(write, shown);
      case 'create':
        return answer(this.#writes.create(write), shown);
      case 'update':
        return answer(this.#writes.update(write, this.#get(type, info)), shown);
      case 'patch':
        return answer(this.#writes.patch(write, this.#find(type, info)), shown);
      case 'delete':
        return ok(this.#writes.delete(write, this.#get(type, info)));
      case 'deletecollection': {
        const { items, metadata } = this.#writes.deleteAll({
          type,
          info,
          request,
          user: write.user,
        });
        return ok(shown.list(items, metadata));
      }
      default:
        throw methodNotAllowed();
    }
  }

  #watch({ type, info, request }: WriteRequest, shown: Representation): ApiResponse {
    const { namespace, query } = info;
    const lines = this.#watches.open({ type, namespace, query, signal: request.signal });
    return { kind: 'stream', status: 200, lines: represented(lines, shown) };
  }

  #find(type: ResourceType, { namespace, name = '' }: ResourceRequest): KubeObject | undefined {
    return this.#store.get(type, type.namespaced ? namespace : undefined, name);
  }

  #get(type: ResourceType, info: ResourceRequest): KubeObject {
    const object = this.#find(type, info);
    if (!object) throw notFound(type, info.name ?? '');
    return object;
  }
}

const ok = (body: unknown): ApiResponse => ({ kind: 'json', status: 200, body });

const answer = ({ status, object }: Written, shown: Representation): ApiResponse => ({
  kind: 'json',
  status,
  body: shown.object(object),
});

async function* represented(lines: AsyncIterable<unknown>, shown: Representation): AsyncGenerator {
  for await (const line of lines)
    yield isRecord(line) ? { ...line, object: shown.line(line.object) } : line;
}
