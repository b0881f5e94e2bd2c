import { z } from 'zod';
import type { KubeObject } from './objects.ts';
import { omit } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, expired, StatusError } from './status-error.ts';
import type { Store } from './store.ts';

/** A `continue` token: the version that the first page was read at, and the last object given out. */
const continuation = z.object({ version: z.int(), after: z.tuple([z.string(), z.string()]) });

/** LIST, with selectors and consistent paging: every page shows the version of the first. */
export function list(
  store: Store,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): unknown {
  const selects = selectorOf(query);
  const limit = wholeNumber(query, 'limit') ?? 0;
  const from = decode(query.get('continue'));
  const version = from?.version ?? store.version;
  notFromTheFuture(store, wholeNumber(query, 'resourceVersion') ?? 0);

  const all = store.listAt(version, type, namespace);
  if (!all) throw expired(continueTooOld);
  const left = all.filter((object) => selects(object) && (!from || isAfter(object, from.after)));
  const page = limit > 0 ? left.slice(0, limit) : left;
  const last = page.at(-1);
  return {
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata: {
      resourceVersion: String(version),
      ...(last && page.length < left.length && { continue: encode(version, last) }),
    },
    items: page.map(withoutKind),
  };
}

/** A query parameter that is a whole number; empty is absent. 400 otherwise. */
export function wholeNumber(query: URLSearchParams, parameter: string): number | undefined {
  const text = query.get(parameter) ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid ${parameter}: ${JSON.stringify(text)}`);
  return Number(text);
}

/** 504, as the API server answers for a version that it has not seen yet. */
function notFromTheFuture(store: Store, version: number): void {
  if (version <= store.version) return;
  const message = `Timeout: Too large resource version: ${version}, current: ${store.version}`;
  throw new StatusError(504, 'Timeout', message, { retryAfterSeconds: 1 });
}

/** Items of a typed list carry neither `kind` nor `apiVersion`. */
const withoutKind = (object: KubeObject): unknown => omit(object, 'kind', 'apiVersion');

const isAfter = ({ metadata }: KubeObject, [namespace, name]: readonly [string, string]): boolean =>
  `${metadata.namespace ?? ''}/${metadata.name}` > `${namespace}/${name}`;

const encode = (version: number, { metadata }: KubeObject): string =>
  Buffer.from(
    JSON.stringify({ version, after: [metadata.namespace ?? '', metadata.name] }),
  ).toString('base64url');

function decode(token: string | null): z.infer<typeof continuation> | undefined {
  if (token === null || token === '') return undefined;
  try {
    return continuation.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw badRequest('continue key is not valid');
  }
}

const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
