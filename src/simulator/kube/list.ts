import { z } from 'zod';
import { checkListOptions } from './list-options.ts';
import type { KubeObject } from './objects.ts';
import type { ListMeta } from './representation.ts';
import type { ResourceType } from './resources.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, expired, StatusError } from './status-error.ts';
import type { Store } from './store.ts';

/**
 * A `continue` token: the version that the first page was read at, and the last object given out.
 * Version -1: the list goes on as things are now, no longer consistent with its beginning.
 */
const continuation = z.object({
  version: z.int().min(-1),
  after: z.tuple([z.string(), z.string()]),
});
type Continuation = z.infer<typeof continuation>;

export interface Listed {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
}

/**
 * LIST, with selectors and consistent paging: every page shows the version of the first. An exact
 * version is read from the history; any other is answered by what is newest, which is always allowed.
 */
export function list(
  store: Store,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): Listed {
  checkListOptions(query);
  const selects = selectorOf(query, type);
  // A list from the cache, of any version, comes whole (storage/cacher, ShouldDelegateList).
  const cached = query.get('resourceVersion') === '0' && !query.get('continue');
  const limit = cached ? 0 : (wholeNumber(query, 'limit') ?? 0);
  const from = decode(query.get('continue'));
  const asked = wholeNumber(query, 'resourceVersion') ?? 0;
  if (from && asked > 0)
    throw badRequest('specifying resource version is not allowed when using continue');
  notFromTheFuture(store, asked);
  const version = readAt(store, from, query.get('resourceVersionMatch') === 'Exact' ? asked : 0);

  const all = store.listAt(version, type, namespace);
  if (!all) throw tooOld(from);
  const left = all.filter((object) => selects(object) && (!from || isAfter(object, from.after)));
  const page = limit > 0 ? left.slice(0, limit) : left;
  const last = page.at(-1);
  const more = left.length - page.length;
  const selective = query.get('labelSelector') || query.get('fieldSelector');
  return {
    items: page,
    metadata: {
      resourceVersion: String(version),
      ...(last && more > 0 && { continue: encode(version, nameOf(last)) }),
      // Not told to who selects: the real server would have to read on to know it.
      ...(last && more > 0 && !selective && { remainingItemCount: more }),
    },
  };
}

/** A query parameter that is a whole number; empty is absent. 400 otherwise. */
export function wholeNumber(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter) ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid ${parameter}: ${JSON.stringify(text)}`);
  return Number(text);
}

function readAt(store: Store, from: Continuation | undefined, exact: number): number {
  if (exact > 0) return exact;
  return from && from.version >= 0 ? from.version : store.version;
}

/** 504, as the API server answers for a version that it has not seen yet. */
function notFromTheFuture(store: Store, version: number): void {
  if (version <= store.version) return;
  const message = `Timeout: Too large resource version: ${version}, current: ${store.version}`;
  const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
  throw new StatusError(504, 'Timeout', message, { causes: [cause], retryAfterSeconds: 1 });
}

/** With a token to go on as things are now (k8s.io/apiserver pkg/storage/etcd3/errors.go). */
function tooOld(from: Continuation | undefined): StatusError {
  if (!from)
    return expired('The provided resource version is too old to display a consistent list result.');
  return expired(continueTooOld, encode(-1, from.after));
}

type ObjectName = readonly [namespace: string, name: string];

const nameOf = ({ metadata }: KubeObject): ObjectName => [metadata.namespace ?? '', metadata.name];

const isAfter = ({ metadata }: KubeObject, [namespace, name]: ObjectName): boolean =>
  `${metadata.namespace ?? ''}/${metadata.name}` > `${namespace}/${name}`;

const encode = (version: number, after: ObjectName): string =>
  Buffer.from(JSON.stringify({ version, after })).toString('base64url');

function decode(token: string | null): Continuation | undefined {
  if (token === null || token === '') return undefined;
  try {
    return continuation.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
}

const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
