import { readAwsAuth, writeAwsAuth, type AwsAuthSection } from './aws-auth-config-map.ts';
import type { WorldCluster } from './cluster.ts';
import type { GeneratedOutput, Manifest } from './generated-output.ts';
import { LoadError, textOf } from './load-error.ts';

/**
 * Text of a section of aws-auth with the fragment's entries for it. Throws when it can't be merged.
 * Asked for `mapUsers` only where the fragment has some.
 */
export type MergeAwsAuth = (
  existing: string | undefined,
  fragment: unknown,
  section: AwsAuthSection,
) => string;

/** Applies what was generated for a cluster: its manifests, namespaces first, and its aws-auth. */
export function applyToCluster(
  cluster: WorldCluster,
  output: GeneratedOutput,
  mergeAwsAuth: MergeAwsAuth,
): void {
  const { name, kube } = cluster;
  cluster.manifests = (output.manifests.get(name) ?? []).toSorted((a, b) => rank(a) - rank(b));
  const added = output.annotations.get(name) ?? [];
  for (const manifest of [...added, ...cluster.manifests.filter(isServed)]) {
    const { namespace, name: object } = manifest.metadata;
    const place = [name, manifest.kind, namespace, object].filter(Boolean).join('/');
    refusedAs('simulator/manifest', place, () => {
      if (added.includes(manifest)) requireThere(cluster, manifest);
      kube.apply(manifest);
    });
  }
  const fragment = output.awsAuth.find((one) => one.cluster === name);
  if (!fragment) return;
  cluster.fragment = fragment;
  refusedAs('simulator/aws-auth', `${name}/_aws-auth`, () => {
    for (const section of ['mapRoles', 'mapUsers'] as const) {
      if (section === 'mapUsers' && fragment.mapUsers.length === 0) continue;
      const data = readAwsAuth(kube);
      writeAwsAuth(kube, { ...data, [section]: mergeAwsAuth(data[section], fragment, section) });
    }
  });
}

/** Someone else's namespace or ServiceAccount, to which something is added. */
function requireThere({ kube }: WorldCluster, { kind, metadata }: Manifest): void {
  const { namespace, name } = metadata;
  if (kube.read(kind, namespace, name)) return;
  const what = namespace === undefined ? name : `${namespace}/${name}`;
  throw new Error(`there is no ${wordOf[kind] ?? kind} ${what}: declare it in the prior state`);
}

const wordOf: Readonly<Record<string, string>> = { Namespace: 'namespace' };

/**
 * What comes with the agents of kiam and kube2iam and has no part in what is simulated: the network
 * and the certificates between them, and tests that are run by hand.
 */
const isServed = ({ apiVersion, kind, metadata }: Manifest): boolean => {
  const annotations = (metadata.annotations ?? {}) as Readonly<Record<string, string>>;
  return !(
    (apiVersion === 'v1' && kind === 'Service') ||
    (apiVersion === 'v1' && kind === 'Pod' && 'helm.sh/hook' in annotations) ||
    (apiVersion === 'cert-manager.io/v1' &&
      ['Issuer', 'ClusterIssuer', 'Certificate'].includes(kind))
  );
};

/** Flux, Helm and kustomize all make namespaces before what is in them. */
const rank = ({ kind }: Manifest): number => (kind === 'Namespace' ? 0 : 1);

function refusedAs(code: string, place: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    throw new LoadError(code, place, textOf(cause), { cause });
  }
}
