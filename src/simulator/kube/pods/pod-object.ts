import type { KubeObject } from '../objects.ts';
import { isRecord, timestamp } from '../objects.ts';
import { apiVersionOf, pods } from '../resources.ts';
import type { ResourceType } from '../resources.ts';
import type { OwnedPod } from './pod-state.ts';
import { restartsAfter } from './pod-state.ts';

interface Container {
  readonly name: string;
  readonly image: string;
}

/** A pod with the status that kubelet and scheduler would give it. */
export function podObject(
  type: ResourceType,
  owner: KubeObject,
  pod: OwnedPod,
  now: number,
): KubeObject {
  const { namespace, name, uid } = owner.metadata;
  const { annotations } = pod.template.metadata ?? {};
  const isScheduled = pod.state !== 'unschedulable';
  const spec = isRecord(pod.template.spec) ? pod.template.spec : {};
  return {
    apiVersion: apiVersionOf(pods),
    kind: pods.kind,
    metadata: {
      name: pod.name,
      ...(namespace !== undefined && { namespace }),
      creationTimestamp: timestamp(pod.createdAt),
      labels: pod.labels,
      ...(annotations && { annotations }),
      ownerReferences: [
        {
          apiVersion: apiVersionOf(type),
          kind: type.kind,
          name,
          uid: uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { ...spec, ...(isScheduled && { nodeName: pod.nodeName }) },
    status: statusOf(pod, containersOf(spec), now),
  };
}

export const containersOf = (spec: Readonly<Record<string, unknown>>): readonly Container[] =>
  Array.isArray(spec.containers) ? (spec.containers as readonly Container[]) : [];

function statusOf(pod: OwnedPod, containers: readonly Container[], now: number): unknown {
  const since = timestamp(pod.createdAt);
  const condition = (type: string, holds: boolean, extra: object = {}): object => ({
    type,
    status: holds ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: since,
    ...extra,
  });
  if (pod.state === 'unschedulable')
    return {
      phase: 'Pending',
      conditions: [
        condition('PodScheduled', false, { reason: 'Unschedulable', message: unschedulable }),
      ],
      qosClass: 'BestEffort',
    };
  const isReady = pod.state === 'ready';
  const names = `[${containers.map(({ name }) => name).join(' ')}]`;
  const unready = isReady
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: ${names}` };
  return {
    phase: pod.state === 'starting' || pod.state === 'imagePull' ? 'Pending' : 'Running',
    conditions: [
      condition('Initialized', true),
      condition('Ready', isReady, unready),
      condition('ContainersReady', isReady, unready),
      condition('PodScheduled', true),
    ],
    startTime: since,
    containerStatuses: containers.map((container) => containerStatus(pod, container, now)),
    qosClass: 'BestEffort',
  };
}

function containerStatus(pod: OwnedPod, { name, image }: Container, now: number): unknown {
  const startedAt = timestamp(pod.createdAt);
  const common = { name, image, imageID: '', ready: pod.state === 'ready', restartCount: 0 };
  const waiting = (reason: string, message?: string) => ({
    ...common,
    started: false,
    state: { waiting: { reason, ...(message !== undefined && { message }) } },
    lastState: {},
  });
  switch (pod.state) {
    case 'ready':
    case 'notReady':
      return { ...common, started: true, state: { running: { startedAt } }, lastState: {} };
    case 'starting':
    case 'unschedulable':
      return waiting('ContainerCreating');
    case 'imagePull':
      return waiting('ImagePullBackOff', backOffPulling(image));
    case 'crashLoop': {
      const message = `back-off restarting failed container=${name} pod=${pod.name}`;
      return {
        ...waiting('CrashLoopBackOff', message),
        restartCount: restartsAfter(now - pod.createdAt, pod.backOffMs),
        lastState: {
          terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: startedAt },
        },
      };
    }
  }
}

export const backOffPulling = (image: string): string => `Back-off pulling image "${image}"`;
export const unschedulable =
  '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';

export const isReadyPod = ({ status }: KubeObject): boolean =>
  isRecord(status) &&
  Array.isArray(status.conditions) &&
  status.conditions.some(
    (one: unknown) => isRecord(one) && one.type === 'Ready' && one.status === 'True',
  );
