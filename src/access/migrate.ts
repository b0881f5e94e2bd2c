import type { Cluster, Fleet, PodService, Service } from '../fleet/model.ts';
import { defaultIdentity } from '../identities/defaults.ts';
import type { HostFault } from '../identities/mechanism.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import type { AccessProblem } from './codes.ts';

/** What services that have a legacy identity can be moved to. */
export const migrationTargets = ['irsa', 'eks-pod-identity'] as const;
export type MigrationTarget = (typeof migrationTargets)[number];

export type Migration =
  | {
      readonly kind: 'migrated';
      readonly fleet: Fleet;
      /** Ids of the services that were moved. */
      readonly moved: readonly string[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly AccessProblem[] };

/** Its pods get their identity by a mechanism that is to be left. */
export const isLegacy = (service: Service): service is PodService =>
  service.kind === 'pod' && mechanisms[service.podIdentity.kind].legacy !== undefined;

/** The fleet as it would be with every legacy identity moved; nothing else changes. */
export function migrateIdentities(fleet: Fleet, to: MigrationTarget): Migration {
  const problems = new Map<Cluster, AccessProblem>();
  const moved: string[] = [];
  const byId = new Map<string, PodService>();
  const services = fleet.services.map((service) => {
    if (!isLegacy(service)) return service;
    const { cluster } = service;
    const fault = mechanisms[to].hostFault(cluster);
    if (fault) problems.set(cluster, clusterProblem(fleet, cluster, fault));
    const changed = { ...service, podIdentity: defaultIdentity[to], migratingFrom: undefined };
    moved.push(service.id);
    byId.set(service.id, changed);
    return changed;
  });
  if (problems.size > 0) return { kind: 'invalid', problems: [...problems.values()] };
  const restarts = fleet.restarts.map((restart) => ({
    ...restart,
    service: byId.get(restart.service.id) ?? restart.service,
  }));
  return { kind: 'migrated', fleet: { ...fleet, services, restarts }, moved };
}

const clusterProblem = (fleet: Fleet, cluster: Cluster, fault: HostFault): AccessProblem => ({
  ...fault,
  code: 'access/migration',
  path: ['clusters', fleet.clusters.indexOf(cluster)],
  found: `the cluster ${cluster.name}, which has ${fault.found}`,
});
