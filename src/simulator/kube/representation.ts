import { columnsOf } from './columns.ts';
import type { KubeObject } from './objects.ts';
import { isRecord, omit } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import { badRequest, notAcceptable } from './status-error.ts';

/** `metadata` of a list. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** In which form an object, a list or a watch's line is answered. */
export interface Representation {
  object(object: KubeObject): unknown;
  list(items: readonly KubeObject[], metadata: ListMeta): unknown;
  /** The object of a line of a watch, in the order of the lines. */
  line(object: unknown): unknown;
}

const tableOrPartial = /^(Table|PartialObjectMetadata|PartialObjectMetadataList)$/;

/**
 * The first of the accepted media types that can be served, as the API server chooses
 * (k8s.io/apiserver pkg/endpoints/handlers/negotiation, response.go). Only JSON is written.
 *
 * @param now for ages, in milliseconds
 */
export function representationOf(
  type: ResourceType,
  accept: string,
  query: URLSearchParams,
  now: () => number,
): Representation {
  const accepted = accept === '' ? ['*/*'] : accept.split(',').map((one) => one.trim());
  for (const one of accepted) {
    const [media = '', ...rest] = one.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*'].includes(media)) continue;
    const parameters = new Map(rest.map((part) => part.split('=', 2) as [string, string]));
    const as = parameters.get('as');
    if (as === undefined) return plain(type);
    if (parameters.get('g') !== 'meta.k8s.io' || !tableOrPartial.test(as)) continue;
    const version = `meta.k8s.io/${parameters.get('v') ?? ''}`;
    if (version !== 'meta.k8s.io/v1' && version !== 'meta.k8s.io/v1beta1') continue;
    return as === 'Table' ? table(type, version, query, now) : partial(version);
  }
  throw notAcceptable();
}

const plain = (type: ResourceType): Representation => ({
  object: (object) => object,
  list: (items, metadata) => ({
    kind: `${type.kind}List`,
    apiVersion: apiVersionOf(type),
    metadata,
    // Items of a typed list carry neither `kind` nor `apiVersion`; those of custom resources do.
    items: type.custom ? items : items.map((item) => omit(item, 'kind', 'apiVersion')),
  }),
  line: (object) => object,
});

const partialOf = (apiVersion: string, { metadata }: KubeObject): unknown => ({
  kind: 'PartialObjectMetadata',
  apiVersion,
  metadata,
});

const partial = (apiVersion: string): Representation => ({
  object: (object) => partialOf(apiVersion, object),
  list: (items, metadata) => ({
    kind: 'PartialObjectMetadataList',
    apiVersion,
    metadata,
    items: items.map((item) => partialOf(apiVersion, item)),
  }),
  line: (object) => (isStatus(object) ? object : partialOf(apiVersion, object as KubeObject)),
});

function table(
  type: ResourceType,
  apiVersion: string,
  query: URLSearchParams,
  now: () => number,
): Representation {
  const columns = columnsOf(type.kind);
  const include = query.get('includeObject') ?? 'Metadata';
  if (!['None', 'Metadata', 'Object'].includes(include))
    throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
  const definitions = columns.map(({ name, type: kind, wide }) => ({
    name,
    type: kind,
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: wide ? 1 : 0,
  }));
  const row = (object: KubeObject): unknown => ({
    cells: columns.map(({ cell }) => cell(object, now())),
    ...(include === 'Metadata' && { object: partialOf(apiVersion, object) }),
    ...(include === 'Object' && { object }),
  });
  const of = (items: readonly KubeObject[], metadata: object, columnDefinitions: unknown) => ({
    kind: 'Table',
    apiVersion,
    metadata,
    columnDefinitions,
    rows: items.map(row),
  });
  const one = (object: KubeObject, columnDefinitions: unknown): unknown =>
    of([object], { resourceVersion: object.metadata.resourceVersion }, columnDefinitions);

  // The columns stand in the first line alone (response.go, watchEmbeddedEncoder).
  let headers: unknown = definitions;
  return {
    object: (object) => one(object, definitions),
    list: (items, metadata) => of(items, metadata, definitions),
    line(object) {
      if (isStatus(object)) return object;
      const line = one(object as KubeObject, headers);
      headers = null;
      return line;
    },
  };
}

/** An error in a watch is told as it is. */
const isStatus = (object: unknown): boolean => isRecord(object) && object.kind === 'Status';
