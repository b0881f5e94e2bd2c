import { isRoleName } from '../names/arn.ts';
import { isDnsLabel } from '../names/kubernetes.ts';
import { checkSelector, type ClusterIndex } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeats, reportUnknown } from './references.ts';
import { defaultRoleTemplate, fillRole } from './role-template.ts';
import { rules } from './rules.ts';
import type { FleetDraft } from './shape.ts';

type ServiceDraft = NonNullable<NonNullable<FleetDraft['services']>[number]> & {
  readonly index: number;
};

/** A service by name: its hub, and what it reaches. */
export interface ServiceFacts {
  readonly hub: string | undefined;
  readonly reached: ReadonlySet<string>;
  /** Faults have taken nothing away from `reached`. */
  readonly whole: boolean;
}

export interface ServiceIndex {
  readonly byName: ReadonlyMap<string, ServiceFacts>;
  /** Every service has a name. */
  readonly named: boolean;
}

/** Services: each there once, its hub known and fit to be one, its roles named, no cluster reached twice. */
export function checkServices(
  draft: FleetDraft,
  clusters: ClusterIndex,
  problems: Problems,
): ServiceIndex {
  const services = (draft.services ?? []).map((service, index) => ({ ...service, index }));
  reportRepeats(problems, services, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: ({ index }) => ['services', index, 'name'],
    found: ({ name = '' }) => `a second service "${name}"`,
    expected: 'every service’s name once',
    next: 'Rename one.',
  });
  reportRepeats(problems, services, {
    code: 'fleet/duplicate-service-account',
    key: ({ cluster, namespace, serviceAccount, name }) =>
      cluster && namespace && name && [cluster, namespace, serviceAccount ?? name].join(' '),
    path: ({ index }) => ['services', index],
    found: (again, first) =>
      `the ServiceAccount ${again.namespace ?? ''}/${again.serviceAccount ?? again.name ?? ''} of "${first.name ?? ''}"`,
    expected: 'a ServiceAccount of its own: it carries one role',
    next: 'Give it another serviceAccount, or make the two services one.',
  });
  const facts = new Map<string, ServiceFacts>();
  for (const service of services) {
    checkHub(service, clusters, problems);
    checkRoles(service, draft, problems);
    const reached = checkReach(service, clusters, problems);
    if (service.name !== undefined && !facts.has(service.name)) facts.set(service.name, reached);
  }
  const named = services.every(({ name }) => name !== undefined) && draft.services !== undefined;
  return { byName: facts, named: named || !('services' in draft) };
}

function checkHub(
  { cluster, index }: ServiceDraft,
  clusters: ClusterIndex,
  problems: Problems,
): void {
  if (cluster === undefined) return;
  const path = ['services', index, 'cluster'];
  const hub = clusters.byName.get(cluster);
  if (!hub && clusters.named)
    reportUnknown(problems, 'cluster', cluster, clusters.byName.keys(), path);
  else if (hub && !('oidcIssuer' in hub)) {
    problems.add({
      code: 'fleet/hub-without-issuer',
      path,
      found: `the cluster "${cluster}", which has no oidcIssuer`,
      expected: 'a cluster with an oidcIssuer: its pods get their AWS identity by it',
      next: `Add oidcIssuer to the cluster "${cluster}".`,
    });
  }
}

/** The name that `naming.role` makes is checked where it is used, and said once a service. */
function checkRoles(service: ServiceDraft, draft: FleetDraft, problems: Problems): void {
  const reaches = service.reach ?? [];
  for (const [position, reach] of reaches.entries()) {
    if (!reach?.existing || 'role' in reach) continue;
    problems.add({
      code: 'fleet/existing-without-role',
      path: ['services', service.index, 'reach', position, 'existing'],
      atKey: true,
      found: 'existing: true, and no role',
      expected: 'the name of the role that exists',
      next: 'Add role, or remove existing for a role of Rollcall’s own.',
    });
  }
  const { name, env } = service;
  const template = draft.naming?.role ?? defaultRoleTemplate;
  const named = 'role' in service && reaches.every((reach) => !reach || 'role' in reach);
  if (named || !name || !env || !isDnsLabel(name) || !isDnsLabel(env)) return;
  const role = fillRole(template, { service: name, env });
  if (isRoleName(role) || !rules.roleTemplate.test(template)) return;
  problems.add({
    code: 'fleet/role-name',
    path: ['services', service.index, 'name'],
    found: `the role name ${role} (${role.length} characters), made by naming.role`,
    expected: rules.roleName.expected,
    next: 'Shorten the name, the env or naming.role, or write a role.',
  });
}

function checkReach(
  service: ServiceDraft,
  clusters: ClusterIndex,
  problems: Problems,
): ServiceFacts {
  const hub = service.cluster;
  const reachedBy = new Map<string, number>();
  const hubKnown = hub !== undefined && clusters.byName.has(hub); // labels leave it out
  let whole = hubKnown && (!('reach' in service) || service.reach !== undefined);
  for (const [position, reach] of (service.reach ?? []).entries()) {
    const path: FleetPath = ['services', service.index, 'reach', position, 'clusters'];
    const selected = checkSelector(problems, reach?.clusters, path, clusters, hub);
    whole &&= selected.whole;
    const twice = selected.names.find((name) => (reachedBy.get(name) ?? position) !== position);
    if (twice !== undefined && hubKnown) {
      problems.add({
        code: 'fleet/overlapping-reach',
        path,
        found: `the cluster "${twice}", which reach[${reachedBy.get(twice) ?? 0}] opens already`,
        expected: 'every cluster in one reach of a service',
        next: 'Narrow one of the two selections.',
      });
    }
    for (const name of selected.names) if (!reachedBy.has(name)) reachedBy.set(name, position);
  }
  return { hub, reached: new Set(reachedBy.keys()), whole };
}
