import type { ObservedDeployment } from '../../../../jobs/restart/observed.ts';

/** A Deployment as the API server writes it. */
export const makeDeployment = (
  name: string,
  changes: { resourceVersion?: string; stamp?: string; generation?: number } = {},
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    namespace: 'sts',
    name,
    uid: `uid-of-${name}`,
    resourceVersion: changes.resourceVersion ?? '7',
    generation: changes.generation ?? 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [
      { manager: 'helm', operation: 'Update', time: '2026-01-01T00:00:00Z', apiVersion: 'apps/v1' },
      {
        manager: 'kube-controller-manager',
        operation: 'Update',
        subresource: 'status',
        time: '2026-01-02T00:00:00Z',
        apiVersion: 'apps/v1',
      },
    ],
  },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: {
        labels: { app: name },
        ...(changes.stamp && {
          annotations: { 'kubectl.kubernetes.io/restartedAt': changes.stamp },
        }),
      },
      spec: { containers: [{ name: 'main', image: 'app:1' }] },
    },
  },
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
});

export const makeList = (names: readonly string[], resourceVersion = '100') => ({
  apiVersion: 'apps/v1',
  kind: 'DeploymentList',
  metadata: { resourceVersion },
  items: names.map((name) => makeDeployment(name)),
});

/** A Status object, as a refusal has it. */
export const makeStatus = (code: number, message: string, reason = '') => ({
  apiVersion: 'v1',
  kind: 'Status',
  status: 'Failure',
  message,
  reason,
  code,
});

/** A workload as the core sees it. */
export const makeObserved = (name: string, resourceVersion = '7'): ObservedDeployment => ({
  kind: 'Deployment',
  namespace: 'sts',
  name,
  uid: `uid-of-${name}`,
  resourceVersion,
  generation: 3,
  labels: {},
  replicas: 2,
  podSelector: `app=${name}`,
  managers: [],
  paused: false,
  strategy: 'RollingUpdate',
  status: { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
});
