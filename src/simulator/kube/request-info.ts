import { exactName } from './selectors.ts';
import { badRequest } from './status-error.ts';

/** What a request asks for, as authorization sees it (k8s.io/apiserver endpoints/request/requestinfo.go). */
export type RequestInfo = ResourceRequest | PathRequest;

export interface ResourceRequest {
  readonly kind: 'resource';
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  /** From the path, or for list and watch from `fieldSelector=metadata.name=X`. */
  readonly name?: string;
  readonly query: URLSearchParams;
}

export interface PathRequest {
  readonly kind: 'path';
  /** The HTTP method in lower case. */
  readonly verb: string;
  readonly path: string;
}

export function requestInfo(method: string, target: string): RequestInfo {
  const url = new URL(target, 'https://kubernetes.default.svc');
  const path = (): RequestInfo => ({
    kind: 'path',
    verb: method.toLowerCase(),
    path: url.pathname,
  });
  const [root, ...rest] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const prefix =
    root === 'api' ? ['', rest.shift()] : root === 'apis' ? [rest.shift(), rest.shift()] : [];
  const [group, version] = prefix;
  if (group === undefined || version === undefined || rest.length === 0) return path();

  const scoped = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = rest[0] === 'namespaces' ? rest[1] : undefined;
  const [resource = '', pathName, subresource, ...beyond] = scoped ? rest.slice(2) : rest;
  if (beyond.length > 0) return path();
  const query = url.searchParams;
  const verb = verbOf(method, pathName !== undefined, isTrue(query.get('watch')));
  const name =
    pathName ??
    (verb === 'list' || verb === 'watch' ? exactName(query.get('fieldSelector')) : undefined);
  return {
    kind: 'resource',
    verb,
    group,
    version,
    resource,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    query,
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest(`invalid URL escape in the path`);
  }
}

function verbOf(method: string, named: boolean, watch: boolean): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (named) return 'get';
      return watch ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return method.toLowerCase();
  }
}

/** A query parameter as Go's conversion reads it: present, and neither `0` nor `false`. */
export const isTrue = (value: string | null): boolean =>
  value !== null && !['0', 'false'].includes(value.toLowerCase());
