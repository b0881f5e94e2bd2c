import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mergeOrThrow } from '../../../../src/demo/generate.ts';
import { deploymentManifest } from '../../../../src/simulator/kube/deployments.ts';
import type { AwsAuthFragment } from '../../../../src/simulator/load/generated-output.ts';
import type { PriorCluster } from '../../../../src/simulator/load/prior-state.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { failingAnnotation, readyDelayAnnotation } from '../cluster/kwok.ts';
import { until } from '../../../support/wait.ts';

const awsAuth = '/api/v1/namespaces/kube-system/configmaps/aws-auth';

/** What exists before: namespaces, workloads that are rolled out, and aws-auth. */
export async function applyPrior(cluster: RealCluster, prior: PriorCluster): Promise<void> {
  const { admin } = cluster;
  const namespaces = new Set([
    ...prior.namespaces,
    ...prior.deployments.map(({ namespace }) => namespace),
  ]);
  for (const name of namespaces) await makeNamespace(cluster, name);
  for (const deployment of prior.deployments) {
    const path = `/apis/apps/v1/namespaces/${deployment.namespace}/deployments`;
    await admin.call(`${path}?fieldManager=kubectl-client-side-apply`, {
      method: 'POST',
      body: withReadyDelay(deploymentManifest(deployment), deployment),
    });
  }
  await admin.call('/api/v1/namespaces/kube-system/configmaps', {
    method: 'POST',
    body: { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: prior.awsAuth },
  });
  for (const { namespace, name, paused } of prior.deployments) {
    if (paused) continue;
    await cluster.mustKubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`]);
  }
}

/** Applies the manifests of a cluster's folder of the generated tree. */
export type ApplyManifests = (cluster: RealCluster, folder: string) => Promise<void>;

interface Generated {
  readonly outputDir: string;
  readonly fragment?: AwsAuthFragment | undefined;
  readonly applyManifests?: ApplyManifests | undefined;
}

/** As a user applies it: server-side with strict validation, then aws-auth merged. */
export async function applyGenerated(
  cluster: RealCluster,
  { outputDir, fragment, applyManifests = applyByKubectl }: Generated,
): Promise<void> {
  await applyManifests(cluster, join(outputDir, cluster.name));
  if (fragment) await mapRoles(cluster, (text) => mergeOrThrow(text, fragment));
}

const applyByKubectl: ApplyManifests = async (cluster, folder) => {
  for (const base of ['hub', 'target']) {
    const file = join(folder, `${base}.k8s.yaml`);
    if (!existsSync(file)) continue;
    await cluster.mustKubectl(['apply', '--server-side', '--validate=strict', '-f', file]);
  }
};

/** Changes the section `mapRoles` of the live aws-auth. */
export async function mapRoles(
  { admin }: RealCluster,
  change: (text: string | undefined) => string,
): Promise<void> {
  const { data } = await admin.call<{ readonly data?: Readonly<Record<string, string>> }>(awsAuth);
  await admin.call(awsAuth, {
    method: 'PATCH',
    body: { data: { mapRoles: change(data?.mapRoles) } },
  });
}

/** Made if need be, with the ServiceAccount that pods get by default. */
export async function makeNamespace({ admin }: RealCluster, name: string): Promise<void> {
  const { status, body } = await admin.send('/api/v1/namespaces', {
    method: 'POST',
    body: { metadata: { name } },
  });
  if (status !== 201 && status !== 409) throw new Error(JSON.stringify(body));
  await until(`the ServiceAccount default of ${name}`, () =>
    admin.find(`/api/v1/namespaces/${name}/serviceaccounts/default`),
  );
}

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * A rollout takes about as long as the prior state says, each pod being ready after a part of it; one
 * that fails comes to its deadline by then.
 */
function withReadyDelay(
  manifest: ReturnType<typeof deploymentManifest>,
  {
    rolloutSeconds,
    failing,
  }: { readonly rolloutSeconds: number; readonly failing?: boolean | undefined },
): unknown {
  const spec = manifest.spec as { readonly template: Template };
  const metadata = {
    ...spec.template.metadata,
    annotations: {
      ...spec.template.metadata?.annotations,
      [readyDelayAnnotation]: `${Math.round((rolloutSeconds * 1000) / 4)}ms`,
      ...(failing && { [failingAnnotation]: 'yes' }),
    },
  };
  return {
    ...manifest,
    spec: {
      ...spec,
      ...(failing && { progressDeadlineSeconds: Math.ceil(rolloutSeconds) }),
      template: { ...spec.template, metadata },
    },
  };
}
