import type { Delivery, GitDelivery } from '../fleet/model.ts';
import { knownKinds, type KnownKind } from '../delivery/kinds.ts';
import { applicationName } from '../delivery/names.ts';
import { sortedOnce, type DeliveredCluster, type KubeObject } from '../delivery/objects.ts';

export interface ArgoCdProps {
  readonly fleet: string;
  readonly delivery: Delivery;
  readonly git: GitDelivery;
  readonly clusters: readonly DeliveredCluster[];
}

/** The AppProject's and the ApplicationSet's name. */
export const projectName = (fleet: string): string => applicationName(fleet);

/** The namespaces of a cluster in which something is applied; `default` where all is in none. */
export function namespacesOf({ charts }: DeliveredCluster): readonly string[] {
  const named = charts.flatMap(({ objects }) =>
    objects.flatMap(({ metadata }) => metadata.namespace ?? []),
  );
  return named.length === 0 ? ['default'] : sortedOnce(named);
}

/**
 * The project that bounds what Argo CD does for the fleet (argoproj.io/v1alpha1 AppProject): this
 * repository, these namespaces of these clusters, the kinds that Rollcall writes, and of what is in no
 * namespace Rollcall's own names.
 *
 * Not the very kinds and names of today: what a project does not allow Argo CD no longer sees, and
 * what leaves the output would stay (argo-cd, controller/state.go, `IsLiveResourcePermitted`).
 */
export function appProject({ fleet, delivery, git, clusters }: ArgoCdProps): KubeObject {
  const objects = clusters.flatMap(({ charts }) => charts.flatMap((chart) => chart.objects));
  const named = (kind: string) =>
    sortedOnce(objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name));
  const namesOf = ({ group, kind }: KnownKind): readonly string[] =>
    group === 'rbac.authorization.k8s.io' ? [`rollcall:${fleet}:*`] : named(kind);
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: projectName(fleet), namespace: delivery.argocd.namespace },
    spec: {
      description: `What Rollcall generates for the fleet ${fleet}.`,
      sourceRepos: [git.url],
      destinations: clusters.flatMap((cluster) =>
        namespacesOf(cluster).map((namespace) => ({ name: cluster.name, namespace })),
      ),
      clusterResourceWhitelist: knownKinds
        .filter(({ isNamespaced }) => !isNamespaced)
        .flatMap((one) => namesOf(one).map((name) => ({ group: one.group, kind: one.kind, name }))),
      namespaceResourceWhitelist: knownKinds
        .filter(({ isNamespaced }) => isNamespaced)
        .map(({ group, kind }) => ({ group, kind })),
    },
  };
  return object;
}
