import type { ApiRequest, ApiResponse } from '../../../src/simulator/kube/api-server.ts';
import type { Kube } from '../laboratory.ts';

/** Comes between a cluster and its clients: it may wait, act, and let the request through or not. */
export type Interceptor = (
  request: ApiRequest,
  handle: () => Promise<ApiResponse>,
) => Promise<ApiResponse>;

export function intercept(kube: Kube, interceptor: Interceptor): void {
  const handle = kube.handle.bind(kube);
  kube.handle = (request) => interceptor(request, () => handle(request));
}

const isOf = (resource: string, request: ApiRequest): boolean =>
  new URL(request.path, 'https://cluster').pathname.split('/').includes(resource);
const isWatch = ({ path }: ApiRequest): boolean => /[?&]watch=/.test(path);

/** Requests of the job, by what they do. */
export const requests = {
  readRecord: (one: ApiRequest) => one.method === 'GET' && isOf('configmaps', one),
  writeRecord: (one: ApiRequest) => one.method === 'PATCH' && isOf('configmaps', one),
  list: (one: ApiRequest) => one.method === 'GET' && isOf('deployments', one) && !isWatch(one),
  watch: (one: ApiRequest) => isOf('deployments', one) && isWatch(one),
  patch: (one: ApiRequest) => one.method === 'PATCH' && isOf('deployments', one),
} as const;
