import { established } from './established.ts';
import {
  certManager,
  findCustomResources,
  type Found,
} from '../../../controlplane/custom-resources.ts';
import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';

let found: Found | undefined;

/** cert-manager's CustomResourceDefinitions. Why they can't be had here is told once. */
export function certManagerCrds(): Found {
  if (found) return found;
  found = findCustomResources(certManager);
  if ('missing' in found) process.stderr.write(`cert-manager's kinds: skipped: ${found.missing}\n`);
  return found;
}

const published = '/openapi/v3/apis/cert-manager.io/v1';

/** Makes them, and waits until the API server serves and publishes their kinds. Without them: nothing. */
export async function installCertManagerCrds(cluster: RealCluster): Promise<void> {
  const crds = certManagerCrds();
  if ('missing' in crds) return;
  await cluster.mustKubectl(['apply', '--server-side', '-f', crds.folder]);
  await established(cluster);
  // It publishes a while after it serves, one after the other.
  await until('their schemas', async () => {
    const { body } = await cluster.admin.send(published);
    const text = JSON.stringify(body);
    return ['Certificate', 'Issuer', 'ClusterIssuer'].every((kind) =>
      text.includes(`"kind":"${kind}"`),
    );
  });
}
