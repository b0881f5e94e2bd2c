import type { Deployment } from './deployments.ts';
import { revisionAnnotation } from './deployments.ts';
import type { KubeObject, StringMap } from './objects.ts';
import { isRecord } from './objects.ts';
import { apiVersionOf, deployments, replicaSets } from './resources.ts';

/** The pods of one pod template, as the Deployment controller keeps them. */
export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: unknown;
    readonly [field: string]: unknown;
  };
  readonly status?: ReplicaSetStatus;
}

export interface ReplicaSetStatus {
  readonly observedGeneration?: number;
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
}

/** How many pods it is to have, and how many of them are ready. */
export interface Size {
  readonly replicas: number;
  readonly ready: number;
}

const hashLabel = 'pod-template-hash';
const deploymentAnnotation = (name: string): string => `deployment.kubernetes.io/${name}`;
const historyAnnotation = deploymentAnnotation('revision-history');
const desiredAnnotation = deploymentAnnotation('desired-replicas');
const maxAnnotation = deploymentAnnotation('max-replicas');

/** Not copied from a Deployment to its ReplicaSets (deployment/util, annotationsToSkip). */
const notCopied: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
];

export const replicaSetName = (deployment: Deployment, hash: string): string =>
  `${deployment.metadata.name}-${hash}`;

export const revisionOf = ({ metadata }: KubeObject): number =>
  Number(metadata.annotations?.[revisionAnnotation] ?? 0);

/** A new one, still without pods (pkg/controller/deployment/sync.go, getNewReplicaSet). */
export function newReplicaSet(deployment: Deployment, hash: string, revision: number): KubeObject {
  const { name, namespace, uid } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const matched = isRecord(selector) && isRecord(selector.matchLabels) ? selector.matchLabels : {};
  return {
    apiVersion: apiVersionOf(replicaSets),
    kind: replicaSets.kind,
    metadata: {
      name: replicaSetName(deployment, hash),
      ...(namespace !== undefined && { namespace }),
      labels,
      annotations: copiedAnnotations(deployment, { [revisionAnnotation]: String(revision) }),
      ownerReferences: [
        {
          apiVersion: apiVersionOf(deployments),
          kind: deployments.kind,
          name,
          uid: uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: 0,
      selector: {
        ...(isRecord(selector) && selector),
        matchLabels: { ...matched, [hashLabel]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** The Deployment's annotations and numbers over those that the ReplicaSet has. */
export function copiedAnnotations(deployment: Deployment, own: StringMap): StringMap {
  const { annotations = {} } = deployment.metadata;
  const { replicas } = deployment.spec;
  return {
    ...own,
    ...Object.fromEntries(Object.entries(annotations).filter(([key]) => !notCopied.includes(key))),
    [desiredAnnotation]: String(replicas),
    [maxAnnotation]: String(replicas + Math.ceil(replicas / 4)),
  };
}

/** Annotations of one that is rolled back to: the newest revision, and those that it was before. */
export function atRevision(annotations: StringMap, revision: number): StringMap {
  const { [revisionAnnotation]: old = '', [historyAnnotation]: history } = annotations;
  return {
    ...annotations,
    [revisionAnnotation]: String(revision),
    [historyAnnotation]: history === undefined ? old : `${history},${old}`,
  };
}

/** With another size; its status follows at once, since it has no pods to wait for. */
export function sized(set: ReplicaSet, { replicas, ready }: Size): ReplicaSet {
  const { generation = 1 } = set.metadata;
  const next = set.spec.replicas === replicas ? generation : generation + 1;
  return {
    ...set,
    metadata: { ...set.metadata, generation: next },
    spec: set.spec.replicas === replicas ? set.spec : { ...set.spec, replicas },
    status: {
      observedGeneration: next,
      replicas,
      ...(replicas > 0 && { fullyLabeledReplicas: replicas }),
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    },
  };
}

/**
 * How the pods that there are share out: the newest template has its own, older ones keep what is
 * left, the newer before the older.
 *
 * @param before sizes of the old ones, oldest first
 */
export function oldSizes(before: readonly number[], left: number): readonly number[] {
  const sizes = before.map(() => 0);
  let rest = left;
  for (let index = before.length - 1; index >= 0; index--) {
    const take = Math.min(before[index] ?? 0, rest);
    sizes[index] = take;
    rest -= take;
  }
  // A Deployment that was scaled up meanwhile: the newest of the old takes it.
  if (sizes.length > 0) sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + rest;
  return sizes;
}
