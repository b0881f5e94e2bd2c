import type { WorkloadKind } from '../../../src/plan/restart-plan.ts';
import { namespacedPath } from './request.ts';

/** Where a kind stands in the API. */
export interface KindPlace {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** As a message names one of them. */
  readonly singular: string;
}

/** Kubernetes API reference, Workload resources; Argo Rollouts, manifests/crds/rollout-crd.yaml. */
export const kinds: Readonly<Record<WorkloadKind, KindPlace>> = {
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments', singular: 'deployment' },
  StatefulSet: { group: 'apps', version: 'v1', plural: 'statefulsets', singular: 'statefulset' },
  DaemonSet: { group: 'apps', version: 'v1', plural: 'daemonsets', singular: 'daemonset' },
  Rollout: { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts', singular: 'rollout' },
};

/** `apps/v1` */
export const apiVersionOf = (kind: WorkloadKind): string =>
  `${kinds[kind].group}/${kinds[kind].version}`;

/** The path of a namespace's objects of a kind, or of one of them. */
export const workloadPath = (kind: WorkloadKind, namespace: string, name?: string): string =>
  namespacedPath(`/apis/${apiVersionOf(kind)}`, namespace, kinds[kind].plural, name);
