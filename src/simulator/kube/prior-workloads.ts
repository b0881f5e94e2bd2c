import type { KubeObject, StringMap } from './objects.ts';
import type { RolloutBehaviour } from './pods/rollout-behaviour.ts';
import { apiVersionOf, daemonSets, deployments, rollouts, statefulSets } from './resources.ts';
import type { ResourceType } from './resources.ts';

/** A workload that exists before Rollcall does. */
export interface PriorWorkload extends RolloutBehaviour {
  readonly namespace: string;
  readonly name: string;
  /** Added to `app: NAME`. */
  readonly labels?: StringMap | undefined;
  /** Of the object. Default: none. */
  readonly annotations?: StringMap | undefined;
}

export interface PriorDeployment extends PriorWorkload {
  readonly replicas: number;
  /** `spec.paused`. Default: false. */
  readonly paused?: boolean | undefined;
  /** Default: `RollingUpdate`, with 25 % surge and 25 % unavailable. */
  readonly strategy?: 'RollingUpdate' | 'Recreate' | undefined;
}

export interface PriorStatefulSet extends PriorWorkload {
  readonly replicas: number;
  /** Default: `RollingUpdate`. */
  readonly updateStrategy?: 'RollingUpdate' | 'OnDelete' | undefined;
  /** Default: 0. */
  readonly partition?: number | undefined;
}

/** It has a pod on each node. */
export interface PriorDaemonSet extends PriorWorkload {
  /** Default: `RollingUpdate`. */
  readonly updateStrategy?: 'RollingUpdate' | 'OnDelete' | undefined;
}

/** Argo's. */
export interface PriorRollout extends PriorWorkload {
  readonly replicas: number;
  /** `spec.paused`. Default: false. */
  readonly paused?: boolean | undefined;
  /** Of the Deployment whose template it runs. Default: it has a template of its own. */
  readonly workloadRef?: string | undefined;
}

export const deploymentManifest = (prior: PriorDeployment): KubeObject => ({
  ...headOf(deployments, prior),
  spec: {
    replicas: prior.replicas,
    ...(prior.paused && { paused: prior.paused }),
    progressDeadlineSeconds: 600,
    revisionHistoryLimit: 10,
    strategy:
      prior.strategy === 'Recreate'
        ? { type: 'Recreate' }
        : {
            type: 'RollingUpdate',
            rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
          },
    ...podsOf(prior),
  },
});

export const statefulSetManifest = (prior: PriorStatefulSet): KubeObject => ({
  ...headOf(statefulSets, prior),
  spec: {
    replicas: prior.replicas,
    serviceName: prior.name,
    updateStrategy:
      prior.updateStrategy === 'OnDelete'
        ? { type: 'OnDelete' }
        : { type: 'RollingUpdate', rollingUpdate: { partition: prior.partition ?? 0 } },
    ...podsOf(prior),
  },
});

export const daemonSetManifest = (prior: PriorDaemonSet): KubeObject => ({
  ...headOf(daemonSets, prior),
  spec: {
    ...(prior.updateStrategy && { updateStrategy: { type: prior.updateStrategy } }),
    ...podsOf(prior),
  },
});

export function rolloutManifest(prior: PriorRollout): KubeObject {
  const { selector, template } = podsOf(prior);
  const { workloadRef: name } = prior;
  const { kind } = deployments;
  return {
    ...headOf(rollouts, prior),
    spec: {
      replicas: prior.replicas,
      ...(prior.paused && { paused: prior.paused }),
      strategy: { canary: {} },
      ...(name === undefined
        ? { selector, template }
        : { workloadRef: { apiVersion: apiVersionOf(deployments), kind, name } }),
    },
  };
}

const headOf = (type: ResourceType, prior: PriorWorkload): KubeObject => ({
  apiVersion: apiVersionOf(type),
  kind: type.kind,
  metadata: {
    namespace: prior.namespace,
    name: prior.name,
    labels: { app: prior.name, ...prior.labels },
    ...(prior.annotations && { annotations: prior.annotations }),
  },
});

const podsOf = ({ name }: PriorWorkload) => ({
  selector: { matchLabels: { app: name } },
  template: {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name, image: `example.invalid/${name}:1` }] },
  },
});
