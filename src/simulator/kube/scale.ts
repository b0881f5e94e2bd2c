import { formatSelector } from './columns.ts';
import type { Deployment } from './deployments.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import { badRequest } from './status-error.ts';

/** A Deployment seen as `autoscaling/v1` Scale (pkg/registry/apps/deployment/storage/storage.go). */
export function scaleOf(deployment: KubeObject): KubeObject {
  const { metadata, spec, status } = deployment as Deployment;
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
    spec: { replicas: spec.replicas },
    status: { replicas: status?.replicas ?? 0, selector: formatSelector(spec.selector) },
  };
}

/** The Deployment with the number that the Scale asks for, on the version that it names. */
export function scaledTo(deployment: KubeObject, scale: KubeObject): KubeObject {
  const { resourceVersion } = scale.metadata;
  const replicas = isRecord(scale.spec) ? (scale.spec.replicas ?? 0) : 0;
  if (typeof replicas !== 'number') throw badRequest('spec.replicas: expected a number');
  return {
    ...deployment,
    metadata: {
      ...deployment.metadata,
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    spec: { ...(deployment as Deployment).spec, replicas },
  };
}
