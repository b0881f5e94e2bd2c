import type { Fleet, Reach, Service } from '../fleet/model.ts';
import type { PodIdentity } from '../identities/pod-identity.ts';
import { isRoleName, type RoleName } from '../names/arn.ts';

/**
 * What the trust statements of a role may take together: IAM's default quota of 2048 characters
 * (IAM user guide, "IAM and AWS STS quotas"), less what stands around them.
 */
const trustBudget = 1800;
/** A statement of conditions: keys, issuer, tags. Principals that differ in nothing else share one. */
const ownStatement = 500;

/**
 * A role of Rollcall's own that more services reach than its trust policy has room for becomes
 * several: `role`, `role-2`, …, each for as many services as fit, in the fleet's order. They open the
 * same clusters as the same users.
 */
export function splitSharedRoles(fleet: Fleet): Fleet {
  const taken = takenNames(fleet);
  const places = new Map<RoleName, { size: number; number: number }>();
  const numbers = new Map<string, number>();
  for (const service of fleet.services) {
    for (const { role, existing, externalId } of service.reach) {
      const key = keyOf(service, role);
      if (existing || numbers.has(key)) continue;
      const size = trustSize(service, externalId) + fleet.iam.path.length;
      const place = places.get(role) ?? { size: 0, number: 1 };
      const fits = place.size + size <= trustBudget || place.size === 0;
      const next = fits
        ? { size: place.size + size, number: place.number }
        : { size, number: nextNumber(role, place.number, taken) };
      places.set(role, next);
      numbers.set(key, next.number);
    }
  }
  if ([...numbers.values()].every((number) => number === 1)) return fleet;
  const services = fleet.services.map((service) => ({
    ...service,
    reach: service.reach.map((reach) =>
      reach.existing ? reach : renumbered(reach, numbers.get(keyOf(service, reach.role)) ?? 1),
    ),
  }));
  const byId = new Map(services.map((service) => [service.id, service]));
  const restarts = fleet.restarts.map((restart) => {
    const service = byId.get(restart.service.id);
    return service?.kind === 'pod' ? { ...restart, service } : restart;
  });
  return { ...fleet, services, restarts };
}

/** Every role that the fleet file names: one of these is for something else. */
const takenNames = ({ services, users, clusters }: Fleet): ReadonlySet<string> =>
  new Set([
    ...services.flatMap(({ role, reach }) => [role, ...reach.map((one) => one.role)]),
    ...users.flatMap(({ principal }) => (principal.kind === 'role' ? [principal.role] : [])),
    ...clusters.flatMap(({ kiam }) => (kiam ? [kiam.serverRoleArn.replace(/^.*\//, '')] : [])),
  ]);

function nextNumber(role: RoleName, number: number, taken: ReadonlySet<string>): number {
  const next = number + 1;
  return taken.has(`${role}-${next}`) ? nextNumber(role, next, taken) : next;
}

const keyOf = ({ id }: Service, role: RoleName): string => `${id} ${role}`;

/** Roughly, and never too little: an ARN, and conditions where there are any. */
function trustSize(service: Service, externalId: string | undefined): number {
  const arn = service.role.length + 64;
  const sizes = [...formsOf(service)].map((form) =>
    form !== 'plain' || externalId !== undefined ? arn + ownStatement : arn,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** How it comes to the role: while it moves to another identity, perhaps in two ways. */
function formsOf(service: Service): ReadonlySet<'plain' | 'token' | 'tags'> {
  if (service.kind === 'outside') return new Set(['plain']);
  const { podIdentity, migratingFrom } = service;
  const identities = [podIdentity, ...(migratingFrom ? [migratingFrom.identity] : [])];
  return new Set(identities.map(formOf));
}

function formOf(identity: PodIdentity): 'plain' | 'token' | 'tags' {
  if (identity.kind === 'eks-pod-identity') return 'tags';
  return identity.kind === 'irsa' && identity.hops === 1 ? 'token' : 'plain';
}

/** A name that grows too long stays: then the quota is told. */
function renumbered(reach: Reach, number: number): Reach {
  const role = `${reach.role}-${number}`;
  return number === 1 || !isRoleName(role) ? reach : { ...reach, role, splitFrom: reach.role };
}
