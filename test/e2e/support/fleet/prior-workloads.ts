import { rolloutStatus } from '../../../../jobs/restart/core/status.ts';
import { workloadPath } from '../../../../jobs/restart/kube/kinds.ts';
import { toObserved } from '../../../../jobs/restart/kube/to-observed.ts';
import type { WorkloadKind } from '../../../../src/plan/restart-plan.ts';
import {
  daemonSetManifest,
  deploymentManifest,
  rolloutManifest,
  statefulSetManifest,
} from '../../../../src/simulator/kube/prior-workloads.ts';
import { failureOf } from '../../../../src/simulator/kube/pods/rollout-behaviour.ts';
import type { PriorCluster } from '../../../../src/simulator/load/prior-state.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { failingAnnotation, readyDelayAnnotation } from '../cluster/kwok.ts';
import { until } from '../../../support/wait.ts';

type Prior = PriorCluster['deployments'][number] | PriorCluster['daemonSets'][number];

interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** It rolls out nothing before someone resumes it. */
  readonly paused: boolean;
  readonly manifest: object;
}

type Manifest = ReturnType<typeof deploymentManifest>;

/** Every workload of a prior state, as it is applied to a real cluster. */
export const workloadsOf = (prior: PriorCluster): readonly Workload[] => [
  ...prior.deployments.map((one) => workload('Deployment', one, deploymentManifest(one))),
  ...prior.statefulSets.map((one) => workload('StatefulSet', one, statefulSetManifest(one))),
  ...prior.daemonSets.map((one) => workload('DaemonSet', one, daemonSetManifest(one))),
  ...prior.rollouts.map((one) => workload('Rollout', one, rolloutManifest(one))),
];

const workload = (kind: WorkloadKind, prior: Prior, manifest: Manifest): Workload => ({
  kind,
  namespace: prior.namespace,
  name: prior.name,
  paused: 'paused' in prior && prior.paused === true,
  manifest: withBehaviour(kind, prior, manifest),
});

export async function applyWorkloads(
  { admin }: RealCluster,
  workloads: readonly Workload[],
): Promise<void> {
  for (const { kind, namespace, manifest } of workloads) {
    const path = `${workloadPath(kind, namespace)}?fieldManager=kubectl-client-side-apply`;
    await admin.call(path, { method: 'POST', body: manifest });
  }
}

/** Waits until all of them are rolled out. */
export async function settled(
  { admin }: RealCluster,
  workloads: readonly Workload[],
): Promise<void> {
  for (const { kind, namespace, name, paused } of workloads) {
    if (paused) continue;
    await until(`${kind} ${namespace}/${name} is rolled out`, async () => {
      const object = await admin.call(workloadPath(kind, namespace, name));
      return rolloutStatus(toObserved(kind, object)).kind === 'done';
    });
  }
}

interface Spec {
  readonly template?: {
    readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  };
}

/**
 * A rollout takes about as long as the prior state says, each pod being ready after a part of it; a
 * Deployment that fails comes to its deadline by then.
 */
function withBehaviour(kind: WorkloadKind, prior: Prior, manifest: Manifest): object {
  const { template, ...spec } = manifest.spec as Spec;
  if (!template) return manifest;
  const { rolloutSeconds } = prior;
  const failing = failureOf(prior);
  const metadata = {
    ...template.metadata,
    annotations: {
      ...template.metadata?.annotations,
      [readyDelayAnnotation]: `${Math.round((rolloutSeconds * 1000) / 4)}ms`,
      ...(failing && { [failingAnnotation]: failing }),
    },
  };
  const deadline = Math.max(1, Math.ceil(rolloutSeconds));
  return {
    ...manifest,
    spec: {
      ...spec,
      ...(failing && kind === 'Deployment' && { progressDeadlineSeconds: deadline }),
      template: { ...template, metadata },
    },
  };
}
