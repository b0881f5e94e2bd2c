import type { Cluster, PodService } from '../fleet/model.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import type { PodIdentityKind } from '../identities/pod-identity.ts';
import type { NamespaceAccess } from './graph.ts';
import type { Fleet } from '../fleet/model.ts';
import { hostOf, mechanismsOf } from './identities.ts';
import { ownRoleArn } from './role-arns.ts';

/**
 * The namespaces that a cluster's services run in: made, or (someone else's) annotated. One that is
 * someone else's and needs nothing is left out.
 */
export function planNamespaces(
  fleet: Fleet,
  cluster: Cluster,
  hosted: readonly PodService[],
): readonly NamespaceAccess[] {
  const names = [...new Set(hosted.map(({ namespace }) => namespace))].sort();
  return names.flatMap((name) => {
    const services = hosted.filter(({ namespace }) => namespace === name);
    const existing = services.some(({ existingNamespace }) => existingNamespace);
    const annotations = annotationsOf(fleet, cluster, services);
    if (existing && Object.keys(annotations).length === 0) return [];
    return [
      { name, ownership: existing ? ('existing' as const) : ('rollcall' as const), annotations },
    ];
  });
}

/** What each mechanism that pods there have asks of the namespace, for all of its services together. */
function annotationsOf(
  fleet: Fleet,
  cluster: Cluster,
  services: readonly PodService[],
): Readonly<Record<string, string>> {
  const byKind = new Map<PodIdentityKind, PodService[]>();
  for (const service of services) {
    for (const kind of new Set(mechanismsOf(service))) {
      byKind.set(kind, [...(byKind.get(kind) ?? []), service]);
    }
  }
  const host = hostOf(cluster);
  return Object.assign(
    {},
    ...[...byKind].map(([kind, users]) =>
      mechanisms[kind].namespaceAnnotations(
        host,
        users.map((service) => ({ arn: ownRoleArn(fleet, service), name: service.role })),
      ),
    ),
  ) as Record<string, string>;
}
