import type { ApiResponse } from '../../../../src/simulator/kube/api-server.ts';
import { workloadPath } from '../../../../jobs/restart/kube/kinds.ts';
import { stampPatch } from '../../../../jobs/restart/kube/stamp.ts';
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
  return {
    async list(query, signal) {
      const response = await send('GET', pathOf(query, { limit: '500' }), signal);
      if (isAbsentKind(query, response)) return { items: [], resourceVersion: '0' };
      const { items, metadata } = bodyOf(response) as {
        items: unknown[];
        metadata: { resourceVersion: string };
      };
      return {
        items: items.map((item) => toObserved(query.kind, item)),
        resourceVersion: metadata.resourceVersion,
      };
    },
    async *watch(query, resourceVersion, signal): AsyncGenerator<WatchEvent> {
      const response = await send('GET', pathOf(query, { watch: '1', resourceVersion }), signal);
      if (isAbsentKind(query, response)) return untilAborted(signal);
      if (response.kind !== 'stream') throw failure(response);
      for await (const line of response.lines) {
        const { type, object } = line as { type: string; object: { code?: number } };
        if (type === 'ERROR' && object.code === 410) throw new WatchExpired();
        await alive();
        if (type === 'ADDED' || type === 'MODIFIED')
          yield { type: 'changed', object: toObserved(query.kind, object) };
        if (type === 'DELETED') yield { type: 'deleted', object: toObserved(query.kind, object) };
      }
    },
    async get({ kind, namespace, name }, signal) {
      const response = await send('GET', workloadPath(kind, namespace, name), signal);
      return response.kind === 'json' && response.status === 404
        ? undefined
        : toObserved(kind, bodyOf(response));
    },
    async patch({ kind, namespace, name }, stamp, signal) {
      const path = `${workloadPath(kind, namespace, name)}?fieldManager=rollcall`;
      const response = await send('PATCH', path, signal, stampPatch(kind, stamp));
      if (response.status === 409) return { kind: 'conflict' };
      if (response.status === 404) return { kind: 'notFound' };
      return { kind: 'patched', object: toObserved(kind, bodyOf(response)) };
    },
  };
}

function pathOf(query: WorkloadQuery, parameters: Readonly<Record<string, string>>): string {
  const { kind, namespace, name } = query;
  const search = new URLSearchParams(parameters);
  if (name !== undefined) search.set('fieldSelector', `metadata.name=${name}`);
  return `${workloadPath(kind, namespace)}?${search.toString()}`;
}

/** Rollouts where Argo is not installed. */
const isAbsentKind = ({ kind }: WorkloadQuery, response: ApiResponse): boolean =>
  kind === 'Rollout' && response.kind === 'json' && response.status === 404;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

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
