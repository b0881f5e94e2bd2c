import type { KubeObject } from './objects.ts';
import { omit } from './objects.ts';
import type { ResourceType } from './resources.ts';

/** What Go writes of an empty status: the numbers without `omitempty` (k8s.io/api types.go). */
const zeros: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  },
  PodDisruptionBudget: {
    currentHealthy: 0,
    desiredHealthy: 0,
    disruptionsAllowed: 0,
    expectedPods: 0,
  },
};

/** As it is before any controller has written one. A custom resource has none. */
export function withNewStatus({ kind, custom }: ResourceType, object: KubeObject): KubeObject {
  return custom ? (omit(object, 'status') as KubeObject) : { ...object, status: zeros[kind] ?? {} };
}
