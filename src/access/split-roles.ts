import type { Fleet, LeftIdentity, Reach, Service } from '../fleet/model.ts';
import type { PodIdentity } from '../identities/pod-identity.ts';
import { isRoleName, type RoleName } from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';

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
  const numbers = numbersOf(fleet);
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

/**
 * Of an open move, roles that are split otherwise than before it, or after it: a service that comes to
 * have another of them is no more let in by the one that its running pods ask for.
 */
export function movingSplits(fleet: Fleet): readonly AccessProblem[] {
  if (fleet.services.every((service) => leftBy(service) === undefined)) return [];
  const during = numbersOf(fleet);
  const [before, after] = [beforeMove, afterMove].map((of) =>
    numbersOf({ ...fleet, services: fleet.services.map(of) }),
  );
  const isMoved = (key: string) =>
    [before, after].some((numbers) => numbers?.get(key) !== during.get(key));
  const moved = new Set(
    fleet.services.flatMap((service) =>
      service.reach.map(({ role }) => role).filter((role) => isMoved(keyOf(service, role))),
    ),
  );
  return fleet.services.flatMap((service) => {
    const left = leftBy(service);
    if (!left) return [];
    return service.reach
      .filter(({ existing, role }) => !existing && moved.has(role))
      .map(({ role }) => ({
        code: 'access/moving-split' as const,
        path: left.path,
        found: `a move of services that share the role ${role}, which is split otherwise before the move, during it or after it`,
        expected: 'each service let in by the one role before the move, during it and after it',
        next: 'Move fewer services at once; or give the workloads a second service on the new way, with a ServiceAccount and a target’s `role` of its own, and remove this one.',
      }));
  });
}

const leftBy = (service: Service): LeftIdentity | undefined =>
  service.kind === 'pod' ? service.migratingFrom : undefined;

const beforeMove = (service: Service): Service =>
  service.kind === 'pod' && service.migratingFrom
    ? { ...service, podIdentity: service.migratingFrom.identity, migratingFrom: undefined }
    : service;

const afterMove = (service: Service): Service =>
  service.kind === 'pod' ? { ...service, migratingFrom: undefined } : service;

/** By service and role, which of the roles `role`, `role-2`, … the service reaches. */
function numbersOf(fleet: Fleet): ReadonlyMap<string, number> {
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
  return numbers;
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
    form !== plain || externalId !== undefined ? arn + ownStatement : arn,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** How it comes to the role: while it moves to another identity, perhaps in two ways. */
function formsOf(service: Service): ReadonlySet<string> {
  if (service.kind === 'outside') return new Set([plain]);
  const { podIdentity, migratingFrom } = service;
  const identities = [podIdentity, ...(migratingFrom ? [migratingFrom.identity] : [])];
  return new Set(identities.map(formOf));
}

/** By its own role's name alone. */
const plain = 'plain';

/** Tokens of two audiences take two statements. */
function formOf(identity: PodIdentity): string {
  if (identity.kind === 'eks-pod-identity') return 'tags';
  return identity.kind === 'irsa' && identity.hops === 1 ? `token ${identity.audience}` : plain;
}

/** A name that grows too long stays: then the quota is told. */
function renumbered(reach: Reach, number: number): Reach {
  const role = `${reach.role}-${number}`;
  return number === 1 || !isRoleName(role) ? reach : { ...reach, role, splitFrom: reach.role };
}
