import type { ApiResponse } from '../../../../src/simulator/kube/api-server.ts';
import { toObserved } from '../../../../jobs/restart/kube/to-observed.ts';
import { LinkError, WatchExpired } from '../../../../jobs/restart/link-error.ts';
import type { WatchEvent, WorkloadQuery, Workloads } from '../../../../jobs/restart/ports.ts';

/** Sends one request to a cluster. */
export type Send = (
  method: string,
  path: string,
  signal: AbortSignal,
  body?: unknown,
) => Promise<ApiResponse>;

/**
 * The port over the simulated API, without a server between.
 *
 * @param alive resolves at once in a process that runs, and never in one that was killed
 */
export function simWorkloads(send: Send, alive: () => Promise<void>): Workloads {
  const base = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const selector = ({ name }: WorkloadQuery): string =>
    name === undefined ? '' : `&fieldSelector=metadata.name%3D${name}`;
  return {
    async list(query, signal) {
      const body = bodyOf(
        await send('GET', `${base(query.namespace)}?limit=500${selector(query)}`, signal),
      );
      const { items, metadata } = body as {
        items: unknown[];
        metadata: { resourceVersion: string };
      };
      return { items: items.map(toObserved), resourceVersion: metadata.resourceVersion };
    },
    async *watch(query, resourceVersion, signal): AsyncGenerator<WatchEvent> {
      const path = `${base(query.namespace)}?watch=1&resourceVersion=${resourceVersion}${selector(query)}`;
      const response = await send('GET', path, signal);
      if (response.kind !== 'stream') throw failure(response);
      for await (const line of response.lines) {
        const { type, object } = line as { type: string; object: { code?: number } };
        if (type === 'ERROR' && object.code === 410) throw new WatchExpired();
        await alive();
        if (type === 'ADDED' || type === 'MODIFIED')
          yield { type: 'changed', object: toObserved(object) };
        if (type === 'DELETED') yield { type: 'deleted', object: toObserved(object) };
      }
    },
    async get(namespace, name, signal) {
      const response = await send('GET', `${base(namespace)}/${name}`, signal);
      return response.kind === 'json' && response.status === 404
        ? undefined
        : toObserved(bodyOf(response));
    },
    async patch(namespace, name, stamp, signal) {
      const annotations = { 'kubectl.kubernetes.io/restartedAt': stamp.instant };
      const response = await send(
        'PATCH',
        `${base(namespace)}/${name}?fieldManager=rollcall`,
        signal,
        {
          metadata: {
            resourceVersion: stamp.resourceVersion,
            annotations: { 'rollcall.dev/run': `${stamp.instant}/${stamp.restart}` },
          },
          spec: { template: { metadata: { annotations } } },
        },
      );
      if (response.status === 409) return { kind: 'conflict' };
      if (response.status === 404) return { kind: 'notFound' };
      return { kind: 'patched', object: toObserved(bodyOf(response)) };
    },
  };
}

function bodyOf(response: ApiResponse): unknown {
  if (response.kind === 'json' && response.status < 300) return response.body;
  throw failure(response);
}

function failure(response: ApiResponse): LinkError {
  const message = response.kind === 'json' ? JSON.stringify(response.body) : 'a stream';
  if (response.status === 401) return new LinkError('mapping', message);
  if (response.status === 403) return new LinkError('rbac', message);
  return new LinkError('network', message);
}
