import { createHash } from 'node:crypto';
import type { KubeObject, ObjectMeta } from './objects.ts';

export { deploymentManifest } from './prior-workloads.ts';
export type { PriorDeployment } from './prior-workloads.ts';
export { restartedAt, stampOf } from './restartable.ts';

/** A Deployment as it stands in the store: validated on its way in. */
export interface Deployment extends KubeObject {
  readonly spec: DeploymentSpec;
  readonly status?: DeploymentStatus;
}

export interface DeploymentSpec {
  readonly replicas: number;
  readonly paused?: boolean;
  readonly strategy?: { readonly type?: string };
  readonly template: PodTemplate;
  readonly [field: string]: unknown;
}

export interface PodTemplate {
  readonly metadata?: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
}

/** Numbers that are 0 are absent, as the API server leaves them out. */
export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export interface Condition {
  readonly type: 'Available' | 'Progressing';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly lastUpdateTime: string;
  readonly lastTransitionTime: string;
}

/** Kept by the deployment controller (deployment/util). */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** Ten characters that stand for a pod template: the tail of its ReplicaSet's name. */
export function templateHash(template: PodTemplate): string {
  const { annotations = {}, ...metadata } = template.metadata ?? {};
  const kept = Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
  return createHash('sha256')
    .update(JSON.stringify(ordered({ ...template, metadata: kept })))
    .digest('hex')
    .slice(0, 10);
}

/** The same JSON whatever the order of its keys was. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, ordered(member)]);
}
