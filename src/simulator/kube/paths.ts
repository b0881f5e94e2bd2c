import type { ApiRequest, ApiResponse } from './api.ts';
import { aggregatedType, discovery } from './discovery.ts';
import { openApi } from './openapi.ts';
import type { PathRequest } from './request-info.ts';
import type { ResourceType } from './resources.ts';
import { methodNotAllowed, noSuchResource } from './status-error.ts';

const healthPaths: readonly string[] = ['/healthz', '/livez', '/readyz'];

const version = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.0-rollcall-simulator',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/** Whatever is no resource: health, version, discovery, OpenAPI. 404 for the rest. */
export function pathAnswer(
  { verb, path }: PathRequest,
  { headers }: ApiRequest,
  served: readonly ResourceType[],
): ApiResponse {
  if (verb !== 'get') throw methodNotAllowed();
  const trimmed = path.replace(/(?<=.)\/$/, '');
  if (healthPaths.includes(trimmed)) return { kind: 'json', status: 200, body: 'ok' };
  if (trimmed === '/version') return { kind: 'json', status: 200, body: version };
  // An older client asks for plain JSON alone, or for a form of before v2: it gets the plain one.
  const aggregated =
    (trimmed === '/api' || trimmed === '/apis') &&
    (headers.accept ?? '').split(',').some((type) => type.replaceAll(' ', '') === aggregatedType);
  const body = discovery(trimmed, aggregated, served) ?? openApi(trimmed, served);
  if (body === undefined) throw noSuchResource();
  return {
    kind: 'json',
    status: 200,
    ...(aggregated && { headers: { 'content-type': aggregatedType } }),
    body,
  };
}
