import { readMapRolesText, writeMapRolesText } from './aws-auth-config-map.ts';
import type { WorldCluster } from './cluster.ts';
import type { GeneratedOutput, Manifest } from './generated-output.ts';
import { LoadError, textOf } from './load-error.ts';

/** Text of the new `mapRoles`. Throws when the fragment can't be merged. */
export type MergeAwsAuth = (existing: string | undefined, fragment: unknown) => string;

/** Applies what was generated for a cluster: its manifests, namespaces first, and its aws-auth. */
export function applyToCluster(
  cluster: WorldCluster,
  output: GeneratedOutput,
  mergeAwsAuth: MergeAwsAuth,
): void {
  const { name, kube } = cluster;
  cluster.manifests = (output.manifests.get(name) ?? []).toSorted((a, b) => rank(a) - rank(b));
  for (const manifest of cluster.manifests) {
    const { namespace, name: object } = manifest.metadata;
    const place = [name, manifest.kind, namespace, object].filter(Boolean).join('/');
    refusedAs('simulator/manifest', place, () => {
      kube.apply(manifest);
    });
  }
  const fragment = output.awsAuth.find((one) => one.cluster === name);
  if (!fragment) return;
  cluster.fragment = fragment;
  refusedAs('simulator/aws-auth', `${name}/_aws-auth`, () => {
    writeMapRolesText(kube, mergeAwsAuth(readMapRolesText(kube), fragment));
  });
}

/** Flux, Helm and kustomize all make namespaces before what is in them. */
const rank = ({ kind }: Manifest): number => (kind === 'Namespace' ? 0 : 1);

function refusedAs(code: string, place: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    throw new LoadError(code, place, textOf(cause), { cause });
  }
}
