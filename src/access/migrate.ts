import type { Fleet, PodService, Service } from '../fleet/model.ts';
import { defaultIdentity } from '../identities/defaults.ts';
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
  const problems: AccessProblem[] = [];
  const moved: string[] = [];
  const byId = new Map<string, PodService>();
  const services = fleet.services.map((service) => {
    if (!isLegacy(service)) return service;
    const fault = mechanisms[to].hostFault(service.cluster);
    if (fault) problems.push({ code: 'access/migration', path: service.path, ...fault });
    const changed = { ...service, podIdentity: defaultIdentity[to], migratingFrom: undefined };
    moved.push(service.id);
    byId.set(service.id, changed);
    return changed;
  });
  if (problems.length > 0) return { kind: 'invalid', problems };
  const restarts = fleet.restarts.map((restart) => ({
    ...restart,
    service: byId.get(restart.service.id) ?? restart.service,
  }));
  return { kind: 'migrated', fleet: { ...fleet, services, restarts }, moved };
}
