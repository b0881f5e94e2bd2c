import {
  argoCd,
  findCustomResources,
  helmController,
} from '../../../controlplane/custom-resources.ts';
import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { established } from '../manifests/established.ts';
import { dataFolder } from '../process/binaries.ts';

const inModules = {
  argocd: findCustomResources(argoCd),
  helm: findCustomResources(helmController),
};

/** Why the kinds of Argo CD and of Flux's Helm can't be had here, in one line each. */
export const missingKinds: readonly string[] = Object.values(inModules).flatMap((found) =>
  'missing' in found ? [found.missing] : [],
);

/** Makes the kinds of Flux and of Argo CD, as far as they can be had, and waits until they are published. */
export async function installGitopsKinds(cluster: RealCluster): Promise<void> {
  const folders = ['kustomize-crds', 'source-crds'].map((one) =>
    dataFolder('kustomize-controller', one),
  );
  if (!('missing' in inModules.helm)) folders.push(inModules.helm.folder);
  for (const folder of folders) await cluster.mustKubectl(['apply', '--server-side', '-f', folder]);
  if (!('missing' in inModules.argocd)) {
    await cluster.mustKubectl(['apply', '--server-side', '-k', inModules.argocd.folder]);
  }
  await established(cluster);
  if (missingKinds.length > 0) return;
  for (const [path, kind] of [
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease'],
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization'],
    ['source.toolkit.fluxcd.io/v1', 'OCIRepository'],
    ['source.toolkit.fluxcd.io/v1', 'GitRepository'],
    ['source.toolkit.fluxcd.io/v1', 'HelmRepository'],
    ['argoproj.io/v1alpha1', 'ApplicationSet'],
    ['argoproj.io/v1alpha1', 'AppProject'],
    ['argoproj.io/v1alpha1', 'Application'],
  ] as const) {
    await until(`the schema of ${kind}`, async () => {
      const { body } = await cluster.admin.send(`/openapi/v3/apis/${path}`);
      return JSON.stringify(body).includes(`"kind":"${kind}"`);
    });
  }
}
