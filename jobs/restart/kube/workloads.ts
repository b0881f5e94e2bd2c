import type { WorkloadKind } from '../../../src/plan/restart-plan.ts';
import type { Observed, WatchEvent, WorkloadId, WorkloadQuery, Workloads } from '../ports.ts';
import { absentVersion, isAbsentKind } from './absent-kind.ts';
import type { KubeClient } from './client.ts';
import { kinds, workloadPath } from './kinds.ts';
import { fieldManager, mergePatch } from './request.ts';
import { stampPatch } from './stamp.ts';
import { toObserved } from './to-observed.ts';
import type { RawWatchEvent, WatchLimits } from './watch.ts';

/** Objects in one page of a list. */
const pageSize = 500;

/**
 * Workloads of one cluster. Nothing is retried here: a patch whose answer was lost may have landed,
 * and the rest is retried by whoever asks.
 */
export function createWorkloads(client: KubeClient, limits: WatchLimits = {}): Workloads {
  return {
    async list(query, signal) {
      const items: Observed[] = [];
      for (let next: string | undefined; ;) {
        const request = {
          doing: `list ${placeOf(query)}`,
          method: 'GET',
          path: workloadPath(query.kind, query.namespace),
          query: {
            limit: String(pageSize),
            ...(next && { continue: next }),
            ...selectors(query),
          },
          answers: query.kind === 'Rollout' ? [404] : [],
        } as const;
        const page = await client.request(request, signal, (reply) =>
          isAbsentKind(reply)
            ? { items: [], resourceVersion: absentVersion, next: undefined }
            : toPage(query.kind, reply.body),
        );
        items.push(...page.items);
        if (!page.next) return { items, resourceVersion: page.resourceVersion };
        next = page.next;
      }
    },

    async *watch(query, resourceVersion, signal) {
      if (resourceVersion === absentVersion) {
        await untilAborted(signal);
        return;
      }
      const events = client.watch(
        {
          doing: `watch ${placeOf(query)}`,
          path: workloadPath(query.kind, query.namespace),
          query: selectors(query),
          resourceVersion,
          ...limits,
        },
        signal,
      );
      for await (const event of events) yield toWatchEvent(query.kind, event);
    },

    get: ({ kind, namespace, name }, signal) =>
      client.request(
        {
          doing: `get ${placeOf({ kind, namespace, name })}`,
          method: 'GET',
          path: workloadPath(kind, namespace, name),
          answers: [404],
        },
        signal,
        ({ status, body }) => (status === 404 ? undefined : toObserved(kind, body)),
      ),

    patch: ({ kind, namespace, name }, stamp, signal) =>
      client.request(
        {
          doing: `patch ${placeOf({ kind, namespace, name })}`,
          method: 'PATCH',
          path: workloadPath(kind, namespace, name),
          query: { fieldManager },
          body: stampPatch(kind, stamp),
          contentType: mergePatch,
          answers: [404, 409],
        },
        signal,
        ({ status, body }) => {
          if (status === 409) return { kind: 'conflict' };
          if (status === 404) return { kind: 'notFound' };
          return { kind: 'patched', object: toObserved(kind, body) };
        },
      ),
  };
}

/** A page's facts. What is not a list must never pass for an empty one. */
function toPage(kind: WorkloadKind, body: unknown) {
  const { items, metadata } = (body ?? {}) as {
    readonly items?: readonly unknown[] | null;
    readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  };
  // Go writes an empty slice that was never made as null.
  if (items === undefined || !metadata?.resourceVersion) {
    throw new Error('the answer has no items or no resourceVersion: it is no list');
  }
  return {
    items: (items ?? []).map((item) => toObserved(kind, item)),
    resourceVersion: metadata.resourceVersion,
    next: metadata.continue,
  };
}

function toWatchEvent(kind: WorkloadKind, event: RawWatchEvent): WatchEvent {
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'changed', object: toObserved(kind, event.object) };
    case 'DELETED':
      return { type: 'deleted', object: toObserved(kind, event.object) };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: event.resourceVersion };
  }
}

const selectors = ({ name }: WorkloadQuery) =>
  name === undefined ? {} : { fieldSelector: `metadata.name=${name}` };

const placeOf = ({ kind, namespace, name }: WorkloadQuery | WorkloadId): string =>
  name === undefined
    ? `${kinds[kind].plural} in ${namespace}`
    : `${kinds[kind].singular} ${namespace}/${name}`;

/** A port's watch ends quietly on abort. */
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
