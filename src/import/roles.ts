import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Fleet, Service } from '../fleet/model.ts';
import { valueAt } from '../fleet/schema-at.ts';
import { listed } from '../fleet/suggest.ts';
import { denialIn, heldBack, type Denial } from './denials.ts';
import type { Difference, Drift } from './drift.ts';
import type { FileEdit } from './edit-model.ts';
import type { ExportedPolicy, ExportedRole } from './exports.ts';
import type { LeftOut } from './facts.ts';
import { readStatement, sameStatement, type PolicyValue } from './statements.ts';

/** An exported role or policy, and the service that somebody said it is for. */
export interface RoleExport {
  /** For people: the file’s name. */
  readonly source: string;
  /** The service’s name or id. Default: found by the role’s name. */
  readonly service?: string;
  readonly exported:
    | { readonly kind: 'role'; readonly role: ExportedRole }
    | { readonly kind: 'policy'; readonly policy: ExportedPolicy };
}

/** A place of the fleet file that has a role: a service, or one of its reaches. */
interface RolePlace {
  readonly path: FleetPath;
  readonly service: Service;
  readonly role: string;
  readonly accounts: readonly string[];
  readonly existing: boolean;
  /** Of the fleet file. */
  readonly policies: readonly PolicyValue[];
  /** The key that says that the role is someone else’s. */
  readonly key: 'existing' | 'existingRole';
}

/** The fleet file, and what comes of it. */
export interface RoleFleet extends Pick<Fleet, 'name' | 'services'> {
  /** The file’s value: which keys stand in it. */
  readonly file: unknown;
  /** What the fleet gives a role of that name already, placeholders filled in. */
  readonly granted: (role: string) => readonly PolicyValue[];
}

/** What exported roles and policies say of the services in the file. */
export function roleDrift(fleet: RoleFleet, exports: readonly RoleExport[]): Drift {
  const places = fleet.services.flatMap(placesOf);
  const differences: Difference[] = [];
  const leftOut: LeftOut[] = [];
  const known = new Map<RolePlace, PolicyValue[]>();
  for (const one of exports) {
    const place = placeFor(one, places, leftOut);
    if (!place) continue;
    if (one.exported.kind === 'role') {
      const change = existingRole(place, one.exported.role, fleet);
      if (change) differences.push(change);
      continue;
    }
    const denial = denialOf(one) ?? denialOver(one, place, exports);
    if (denial) {
      leftOut.push(heldBack(one.source, denial));
      continue;
    }
    const granted = known.get(place) ?? [...place.policies, ...fleet.granted(place.role)];
    known.set(place, granted);
    differences.push(...newPolicies(place, one, one.exported.policy, granted, leftOut));
  }
  return { differences, leftOut };
}

const placesOf = (service: Service): readonly RolePlace[] => [
  {
    path: service.path,
    service,
    role: service.role,
    accounts: [service.account.id],
    existing: service.existingRole,
    policies: service.policies,
    key: 'existingRole',
  },
  ...service.reach.map(({ path, role, clusters, existing, policies }) => ({
    path,
    service,
    role,
    accounts: clusters.map(({ account }) => account.id),
    existing,
    policies,
    key: 'existing' as const,
  })),
];

const denialOf = ({ source, exported }: RoleExport): Denial | undefined =>
  exported.kind === 'policy' ? denialIn(source, exported.policy) : undefined;

/**
 * The first Deny that may limit what a document allows: of the same role by its own words, whichever
 * service it was said to be for; or of a role that the place may have.
 */
function denialOver(
  { exported }: RoleExport,
  place: RolePlace,
  exports: readonly RoleExport[],
): Denial | undefined {
  const role = roleNameOf(exported);
  const limits = (other: RoleExport): boolean => {
    const named = roleNameOf(other.exported);
    if (named !== undefined) return named === role || named === place.role;
    // A managed policy says of no role: it may be attached to each of the service's.
    return isFor(other, place);
  };
  return exports
    .filter(limits)
    .map(denialOf)
    .find((denial) => denial !== undefined);
}

/** Whether it was said to be for this service. */
const isFor = ({ service: wanted }: RoleExport, { service }: RolePlace): boolean =>
  wanted === service.id || wanted === service.name;

/** The places that an export may be about. */
function candidatesOf(one: RoleExport, places: readonly RolePlace[]): readonly RolePlace[] {
  const { service: wanted, exported } = one;
  const role = roleNameOf(exported);
  const account = exported.kind === 'role' ? exported.role.arn.split(':')[4] : undefined;
  const own = places.filter((place) => isFor(one, place) && place.key === 'existingRole');
  const byRole = places.filter(
    (place) =>
      place.role === role &&
      (wanted === undefined || isFor(one, place)) &&
      (account === undefined || place.accounts.includes(account)),
  );
  return byRole.length > 0 || exported.kind === 'role' ? byRole : own;
}

const roleNameOf = (exported: RoleExport['exported']): string | undefined =>
  exported.kind === 'role' ? exported.role.name : exported.policy.roleName;

/** The one place that an export is about; where there is none, or several, that is told. */
function placeFor(
  one: RoleExport,
  places: readonly RolePlace[],
  leftOut: LeftOut[],
): RolePlace | undefined {
  const role = roleNameOf(one.exported);
  const [first, ...others] = candidatesOf(one, places);
  // Environments stand at one place of the file: what is added there would be for all of them.
  const shared = first && places.filter(({ path }) => samePath(path, first.path)).length > 1;
  if (first && others.length === 0 && !shared) return first;
  const ids = [...new Set(places.map(({ service }) => service.id))];
  const why =
    first === undefined
      ? `no service has ${role === undefined ? 'it: the file names no role' : `the role ${role}`}`
      : 'several services or environments have that role';
  const next =
    first === undefined
      ? `Name the service: --policy SERVICE=FILE; there are ${listed(ids)}.`
      : 'Write it by hand, under perEnv perhaps.';
  leftOut.push({ what: one.source, why: why + strayDenial(first, one), next });
  return undefined;
}

/** Nobody knows whom it limits: no other document is held back for it. */
function strayDenial(place: RolePlace | undefined, one: RoleExport): string {
  const denial = place === undefined ? denialOf(one) : undefined;
  return denial === undefined
    ? ''
    : `; its statement ${denial.statement} is no Allow: of the role that it limits, too much may be taken here`;
}

const samePath = (a: FleetPath, b: FleetPath): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A role that is there, and bears no tag of the fleet’s, is someone else’s: it gets statements added. */
function existingRole(
  { path, service, existing, key, role }: RolePlace,
  { arn, path: rolePath, tags }: ExportedRole,
  { name, file }: RoleFleet,
): Difference | undefined {
  if (existing || tags['rollcall.dev/fleet'] === name) return undefined;
  const wanted = { [key]: true, role, ...(rolePath !== '/' && { rolePath }) };
  const edits = Object.entries(wanted).flatMap(([inner, value]): readonly FileEdit[] => {
    const at = [...path, inner];
    // A role that is named stays as it is written: {env} may stand in it.
    return inner === 'role' && valueAt(file, at) !== undefined
      ? []
      : [{ kind: 'put', path: at, value }];
  });
  const said = `${role}, a role to be made`;
  return { of: service.id, what: 'existing role', file: said, found: arn, kind: 'add', edits };
}

function newPolicies(
  { path, service }: RolePlace,
  { source }: RoleExport,
  { statements }: ExportedPolicy,
  known: PolicyValue[],
  leftOut: LeftOut[],
): readonly Difference[] {
  return statements.flatMap((raw, index): readonly Difference[] => {
    const { value, leftOut: notes } = readStatement(raw);
    for (const note of notes) leftOut.push({ what: `${source}, statement ${index + 1}`, ...note });
    if (!value || known.some((one) => sameStatement(one, value))) return [];
    known.push(value);
    const found = `${value.actions.join(', ')} on ${value.resources.join(', ')}`;
    const edits: FileEdit[] = [
      { kind: 'append', path: [...path, 'policies'], value: { ...value } },
    ];
    return [{ of: service.id, what: 'policy', file: null, found, kind: 'add', edits }];
  });
}
