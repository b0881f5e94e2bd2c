import type { Eviction, Observed, Pods, Stamp } from '../ports.ts';
import { safeText } from '../redact.ts';
import { statusMessage } from './classify.ts';
import type { KubeClient } from './client.ts';
import { ailingPods, diagnosisOf } from './diagnosis.ts';
import { chooseEviction } from './evictable.ts';
import { apiVersionOf, kinds } from './kinds.ts';
import type { PodEvent } from './pod-events.ts';
import { nameOf, type Pod } from './pod-facts.ts';
import { isOwn } from './pod-owner.ts';
import { fieldManager, namespacedPath } from './request.ts';

const api = '/api/v1';
/** Enough to see what is wrong with a workload's pods. */
const pageSize = 500;
const mostEvents = 50;

/** Pods of one cluster's workloads. Nothing is retried here. */
export function createPods(client: KubeClient, now: () => number): Pods {
  const page = <T>(
    resource: string,
    workload: Observed,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Page<T>> =>
    client.request(
      {
        doing: `list ${resource} of ${placeOf(workload)}`,
        method: 'GET',
        path: namespacedPath(api, workload.namespace, resource),
        query,
      },
      signal,
      ({ body }) => toPage<T>(body),
    );

  const podsOf = (workload: Observed, signal: AbortSignal, next?: string): Promise<Page<Pod>> =>
    // An empty selector selects every pod there is, not those of nobody.
    workload.podSelector === ''
      ? Promise.resolve({ items: [], next: undefined })
      : page(
          'pods',
          workload,
          {
            labelSelector: workload.podSelector,
            limit: String(pageSize),
            ...(next && { continue: next }),
          },
          signal,
        );

  return {
    async diagnose(workload, since, signal) {
      const { items } = await podsOf(workload, signal);
      const ailing = ailingPods(
        items.filter((pod) => isOwn(workload, pod)),
        since,
      );
      const [worst] = ailing;
      if (!worst) return diagnosisOf([], []);
      const query = { fieldSelector: eventsOf(worst.pod), limit: String(mostEvents) };
      const events = await page<PodEvent>('events', workload, query, signal);
      return diagnosisOf(ailing, events.items);
    },

    async evictOne(workload, signal) {
      const pods: Pod[] = [];
      for (let next: string | undefined; ;) {
        const found = await podsOf(workload, signal, next);
        pods.push(...found.items);
        if (!found.next) break;
        next = found.next;
      }
      const choice = chooseEviction(workload, pods);
      return choice.kind === 'evict' ? evict(client, workload, choice.pod, signal) : choice;
    },

    announce: (workload, stamp, signal) =>
      client.request(
        {
          doing: `create an event of ${placeOf(workload)}`,
          method: 'POST',
          path: namespacedPath(api, workload.namespace, 'events'),
          query: { fieldManager },
          body: toEvent(workload, stamp, now()),
          // A second try finds the first one's.
          answers: [409],
        },
        signal,
        () => undefined,
      ),
  };
}

/** Through the Eviction API, so that PodDisruptionBudgets hold; never a namesake that came after. */
const evict = (
  client: KubeClient,
  workload: Observed,
  pod: Pod,
  signal: AbortSignal,
): Promise<Eviction> => {
  const name = nameOf(pod);
  const { namespace } = workload;
  return client.request(
    {
      doing: `evict pod ${namespace}/${name}`,
      method: 'POST',
      path: `${namespacedPath(api, namespace, 'pods', name)}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace, name },
        deleteOptions: { preconditions: { uid: pod.metadata?.uid } },
      },
      answers: [404, 409, 429],
    },
    signal,
    ({ status, body }) =>
      status < 300
        ? { kind: 'evicted', pod: name }
        : { kind: 'blocked', message: safeText(`pod ${name}: ${statusMessage(body)}`) },
  );
};

/** The Event's name tells the run, so that there is one for each. */
function toEvent(workload: Observed, { instant, restart }: Stamp, now: number) {
  const { kind, namespace, name, uid, resourceVersion } = workload;
  const suffix = `.rollcall-${kinds[kind].singular}-${Math.floor(Date.parse(instant) / 1000)}`;
  const at = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name.slice(0, longestName - suffix.length)}${suffix}` },
    involvedObject: { apiVersion: apiVersionOf(kind), kind, namespace, name, uid, resourceVersion },
    reason: 'Restarted',
    type: 'Normal',
    message: `Restarted by run ${instant} of ${restart}`,
    source: { component: 'rollcall' },
    reportingComponent: 'rollcall',
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

/** Of a DNS subdomain (Kubernetes, Object names). */
const longestName = 253;

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

function toPage<T>(body: unknown): Page<T> {
  const { items, metadata } = (body ?? {}) as {
    readonly items?: readonly T[] | null;
    readonly metadata?: { readonly continue?: string };
  };
  if (items === undefined) throw new Error('the answer has no items: it is no list');
  return { items: items ?? [], next: metadata?.continue };
}

const eventsOf = (pod: Pod): string =>
  [
    'involvedObject.kind=Pod',
    `involvedObject.name=${nameOf(pod)}`,
    `involvedObject.uid=${pod.metadata?.uid ?? ''}`,
  ].join(',');

const placeOf = ({ kind, namespace, name }: Observed): string =>
  `${kinds[kind].singular} ${namespace}/${name}`;
