import type { KubeObject } from '../objects.ts';
import { isRecord, timestamp } from '../objects.ts';
import { apiVersionOf, events, pods } from '../resources.ts';
import type { Store } from '../store.ts';
import { backOffPulling, containersOf, unschedulable } from './pod-object.ts';
import type { OwnedPod } from './pod-state.ts';
import type { FailureMode } from './rollout-behaviour.ts';
import { nameSuffix, restartsAfter } from './pod-state.ts';

interface Told {
  readonly reason: string;
  readonly message: string;
  readonly component: 'kubelet' | 'default-scheduler';
}

/** What kubelet and scheduler tell of a failing pod; told again, it only counts up. */
export function recordFailure(store: Store, pod: KubeObject, owned: OwnedPod, now: number): void {
  if (owned.state === 'ready' || owned.state === 'starting') return;
  const count = Math.max(1, restartsAfter(now - owned.createdAt, owned.backOffMs));
  const [container] = containersOf(isRecord(pod.spec) ? pod.spec : {});
  for (const told of toldOf(owned.state, pod, container ?? { name: '', image: '' }))
    store.put(events, eventOf(pod, told, { count, first: owned.createdAt, last: now }));
}

function toldOf(
  mode: FailureMode,
  { metadata }: KubeObject,
  { name, image }: { readonly name: string; readonly image: string },
): readonly Told[] {
  const kubelet = (reason: string, message: string): Told => ({
    ...{ reason, message },
    component: 'kubelet',
  });
  const { namespace = '', name: pod, uid = '' } = metadata;
  switch (mode) {
    case 'notReady':
      return [
        kubelet('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
      ];
    case 'crashLoop':
      return [
        kubelet(
          'BackOff',
          `Back-off restarting failed container ${name} in pod ${pod}_${namespace}(${uid})`,
        ),
      ];
    case 'imagePull':
      return [
        kubelet('Failed', `Failed to pull image "${image}": not found`),
        kubelet('BackOff', backOffPulling(image)),
      ];
    case 'unschedulable':
      return [
        { reason: 'FailedScheduling', message: unschedulable, component: 'default-scheduler' },
      ];
  }
}

function eventOf(
  { metadata }: KubeObject,
  { reason, message, component }: Told,
  { count, first, last }: { readonly count: number; readonly first: number; readonly last: number },
): KubeObject {
  const { name, namespace = '', uid = '', resourceVersion = '' } = metadata;
  return {
    apiVersion: apiVersionOf(events),
    kind: events.kind,
    metadata: {
      name: `${name}.${nameSuffix(`${uid}/${reason}`)}`,
      namespace,
      creationTimestamp: timestamp(first),
    },
    involvedObject: {
      apiVersion: apiVersionOf(pods),
      kind: pods.kind,
      ...{ name, namespace, uid, resourceVersion },
    },
    reason,
    message,
    type: 'Warning',
    count,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
    eventTime: null,
    firstTimestamp: timestamp(first),
    lastTimestamp: timestamp(last),
  };
}
