import { formatSelector } from './selector-text.ts';
import { at, count } from './fields.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import { badRequest } from './status-error.ts';

/** A workload seen as `autoscaling/v1` Scale (pkg/registry/apps/deployment/storage/storage.go). */
export function scaleOf(workload: KubeObject): KubeObject {
  const { metadata, spec, status } = workload;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    // A custom resource may leave it out; the API server fills in 1 for its own kinds.
    spec: { replicas: at(spec, 'replicas') ?? 1 },
    status: {
      replicas: count(at(status, 'replicas')),
      selector: formatSelector(at(spec, 'selector')),
    },
  };
}

/** The workload with the number that the Scale asks for, on the version that it names. */
export function scaledTo(workload: KubeObject, scale: KubeObject): KubeObject {
  const { resourceVersion } = scale.metadata;
  const replicas = isRecord(scale.spec) ? (scale.spec.replicas ?? 0) : 0;
  if (typeof replicas !== 'number') throw badRequest('spec.replicas: expected a number');
  return {
    ...workload,
    metadata: {
      ...workload.metadata,
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    spec: { ...(isRecord(workload.spec) && workload.spec), replicas },
  };
}
