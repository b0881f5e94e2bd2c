import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mergeOrThrow } from '../../../../src/demo/generate.ts';
import type { AwsAuthFragment } from '../../../../src/simulator/load/generated-output.ts';
import type { PriorCluster } from '../../../../src/simulator/load/prior-state.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { until } from '../../../support/wait.ts';
import { applyWorkloads, settled, workloadsOf } from './prior-workloads.ts';

const awsAuth = '/api/v1/namespaces/kube-system/configmaps/aws-auth';

/** What exists before: namespaces, workloads that are rolled out, and aws-auth. */
export async function applyPrior(cluster: RealCluster, prior: PriorCluster): Promise<void> {
  const workloads = workloadsOf(prior);
  const namespaces = new Set([...prior.namespaces, ...workloads.map(({ namespace }) => namespace)]);
  for (const name of namespaces) await makeNamespace(cluster, name);
  await applyWorkloads(cluster, workloads);
  await cluster.admin.call('/api/v1/namespaces/kube-system/configmaps', {
    method: 'POST',
    body: { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: prior.awsAuth },
  });
  await settled(cluster, workloads);
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
