import type {
  Observed,
  PatchResult,
  Stamp,
  WatchEvent,
  WorkloadQuery,
  Workloads,
} from '../ports.ts';
import { kubeAnswer } from './classify.ts';
import type { KubeClient } from './client.ts';
import { restartedAt, runAnnotation, toObserved } from './to-observed.ts';
import { watch, type RawWatchEvent } from './watch.ts';

/**
 * Who writes the stamp, in `managedFields`. It must not start with `kubectl`: Flux takes over the
 * fields of such managers and drops them (fluxcd/pkg, ssa/patch.go).
 */
export const fieldManager = 'rollcall';

/** A merge-patch works on every kind; client-node sends a JSON Patch unless told otherwise. */
export const mergePatch = 'application/merge-patch+json';

/** Objects in one page of a list. */
const pageSize = 500;

export interface WorkloadsOptions {
  /** As in `WatchRequest`. */
  readonly timeoutSeconds?: number;
  readonly idleMs?: number;
}

/**
 * Deployments of one cluster. Nothing is retried here: a patch whose answer was lost may have
 * landed, and the rest is retried by whoever asks.
 */
export function createWorkloads(client: KubeClient, options: WorkloadsOptions = {}): Workloads {
  return {
    async list(query, signal) {
      const items: Observed[] = [];
      const doing = `list ${place(query)}`;
      for (let next: string | undefined; ;) {
        const _continue = next;
        const page = await client.call(doing, signal, async (perCall) =>
          toPage(
            await client.apps.listNamespacedDeployment(
              {
                namespace: query.namespace,
                limit: pageSize,
                ...(_continue && { _continue }),
                ...(query.name !== undefined && { fieldSelector: `metadata.name=${query.name}` }),
              },
              perCall,
            ),
          ),
        );
        items.push(...page.items);
        if (!page.next) return { items, resourceVersion: page.resourceVersion };
        next = page.next;
      }
    },

    async *watch(query, resourceVersion, signal) {
      const doing = `watch ${place(query)}`;
      let headers;
      try {
        headers = await client.headers(signal);
      } catch (error) {
        if (signal.aborted) return;
        throw client.classify(error, doing);
      }
      const events = watch({
        url: watchUrl(client.url, query),
        resourceVersion,
        agent: client.agent,
        headers,
        signal,
        ...options,
        refused: (answer) => client.refused(answer, doing),
        failed: (error) => client.classify(error, doing),
      });
      for await (const event of events) yield toWatchEvent(event);
      client.gone();
    },

    async get(namespace, name, signal) {
      return client.call(`get deployment ${namespace}/${name}`, signal, async (perCall) => {
        try {
          return toObserved(
            await client.apps.readNamespacedDeployment({ namespace, name }, perCall),
          );
        } catch (error) {
          if (kubeAnswer(error)?.status === 404) return undefined;
          throw error;
        }
      });
    },

    patch(namespace, name, stamp, signal) {
      return client.call(
        `patch deployment ${namespace}/${name}`,
        signal,
        async (perCall): Promise<PatchResult> => {
          try {
            const body = stampPatch(stamp);
            const parameters = { namespace, name, body, fieldManager };
            const object = await client.apps.patchNamespacedDeployment(parameters, perCall);
            return { kind: 'patched', object: toObserved(object) };
          } catch (error) {
            const status = kubeAnswer(error)?.status;
            if (status === 409) return { kind: 'conflict' };
            if (status === 404) return { kind: 'notFound' };
            throw error;
          }
        },
        mergePatch,
      );
    },
  };
}

/** A page's facts. What is not a list must never pass for an empty one. */
function toPage(list: {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly _continue?: string };
}) {
  const { items, metadata } = list;
  // Go writes an empty slice that was never made as null.
  if (items === undefined || !metadata?.resourceVersion) {
    throw new Error('the answer has no items or no resourceVersion: it is no list');
  }
  return {
    items: (items ?? []).map(toObserved),
    resourceVersion: metadata.resourceVersion,
    next: metadata._continue,
  };
}

/**
 * The restart: our instant in the pod template, and on the object which run it was, on the
 * precondition that nobody has written since the decision (a resourceVersion in a patch is one:
 * Kubernetes API concepts, Resource versions).
 */
export const stampPatch = (stamp: Stamp) => ({
  metadata: {
    resourceVersion: stamp.resourceVersion,
    annotations: { [runAnnotation]: `${stamp.instant}/${stamp.restart}` },
  },
  spec: { template: { metadata: { annotations: { [restartedAt]: stamp.instant } } } },
});

function toWatchEvent(event: RawWatchEvent): WatchEvent {
  switch (event.type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'changed', object: toObserved(event.object) };
    case 'DELETED':
      return { type: 'deleted', object: toObserved(event.object) };
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion: event.resourceVersion };
  }
}

function watchUrl(base: string, query: WorkloadQuery): URL {
  const url = new URL(
    `${base}/apis/apps/v1/namespaces/${encodeURIComponent(query.namespace)}/deployments`,
  );
  if (query.name !== undefined)
    url.searchParams.set('fieldSelector', `metadata.name=${query.name}`);
  return url;
}

const place = ({ namespace, name }: WorkloadQuery): string =>
  name === undefined ? `deployments in ${namespace}` : `deployment ${namespace}/${name}`;
