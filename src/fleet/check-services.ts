import { isRoleName } from '../names/arn.ts';
import { isDnsLabel } from '../names/kubernetes.ts';
import { placeholders, placeholdersOutside } from '../form/policy-forms.ts';
import { defaultRoleTemplate, fillRole } from '../form/role-template.ts';
import { rules } from '../form/rules.ts';
import { checkEnvs, checkFilled } from './check-envs.ts';
import { checkIdentity } from './check-identity.ts';
import { checkPlace } from './check-place.ts';
import { checkPolicies } from './check-policies.ts';
import { checkReach, type ServiceFacts } from './check-reach.ts';
import type { ClusterIndex } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { type Expanded, expandEnvs, type ServiceDraft } from './expand-envs.ts';
import { reportRepeats } from './references.ts';
import { reportOwnPath } from './report-mapping.ts';
import type { FleetDraft } from './shape.ts';

export interface NamedService {
  readonly path: FleetPath;
  /** In each of its environments. */
  readonly facts: readonly ServiceFacts[];
  /** Faults have taken no environment away. */
  readonly whole: boolean;
}

export interface ServiceIndex {
  readonly byName: ReadonlyMap<string, NamedService>;
  /** Every service has a name. */
  readonly named: boolean;
}

/** Services: each there once, in a place that is fit for it, its roles named, no cluster reached twice. */
export function checkServices(
  draft: FleetDraft,
  clusters: ClusterIndex,
  problems: Problems,
): ServiceIndex {
  const services = expandEnvs(draft.services);
  checkRepeats(draft, services, problems);
  for (const [index, service] of (draft.services ?? []).entries()) {
    if (service) checkEnvs(service, ['services', index], problems);
  }
  const byName = new Map<string, NamedService & { readonly facts: ServiceFacts[] }>();
  for (const expanded of services) {
    const { service, path, at } = expanded;
    checkPlace(expanded, draft, clusters, problems);
    checkFilled(expanded, draft, problems);
    checkRoles(expanded, draft, problems);
    const existing =
      !('cluster' in service) || ('existingRole' in service && service.existingRole !== false);
    if (!existing) reportOwnPath(problems, service, at('rolePath'));
    const filledIn = 'cluster' in service ? placeholders : placeholdersOutside;
    checkPolicies(service.policies, at('policies'), problems, filledIn);
    const facts = checkReach(expanded, clusters, problems);
    checkIdentity(expanded, facts, draft, clusters, problems);
    if (service.name === undefined) continue;
    const known = byName.get(service.name);
    if (!known) byName.set(service.name, { path, facts: [facts], whole: hasItsEnvs(service) });
    else if (known.path[1] === path[1]) known.facts.push(facts);
  }
  const named =
    draft.services?.every((service) => service?.name !== undefined) ?? !('services' in draft);
  return { byName, named: named && services.length >= (draft.services?.length ?? 0) };
}

const hasItsEnvs = ({ env, envs }: ServiceDraft): boolean =>
  envs === undefined ? env !== undefined : !envs.includes(undefined);

function checkRepeats(
  { services }: FleetDraft,
  expanded: readonly Expanded<ServiceDraft>[],
  problems: Problems,
): void {
  reportRepeats(problems, [...(services ?? []).entries()], {
    code: 'fleet/duplicate-name',
    key: ([, service]) => service?.name,
    path: ([index]) => ['services', index, 'name'],
    found: ([, service]) => `a second service "${service?.name ?? ''}"`,
    expected: 'every service’s name once',
    next: 'Rename one; for several environments list them under envs.',
  });
  reportRepeats(problems, withoutNamesakes(expanded), {
    code: 'fleet/duplicate-name',
    key: ({ id }) => id,
    path: ({ path }) => [...path, 'name'],
    found: ({ id = '' }) => `a second service "${id}", by name and environment`,
    expected: 'every service’s name once, its environment added where it has several',
    next: 'Rename one.',
  });
  for (const { id, path } of expanded) {
    if (id === undefined || id.length <= 63) continue;
    problems.add({
      code: 'fleet/name',
      path: [...path, 'name'],
      found: `the name ${id} (${id.length} characters), made of name and environment`,
      expected: 'at most 63 characters together: it becomes a label',
      next: 'Shorten one of the two.',
    });
  }
  reportRepeats(problems, expanded, {
    code: 'fleet/duplicate-service-account',
    key: ({ service: { cluster, namespace, serviceAccount, name } }) =>
      cluster && namespace && name && [cluster, namespace, serviceAccount ?? name].join(' '),
    path: ({ path }) => path,
    found: ({ service: { namespace = '', serviceAccount, name = '' } }, first) =>
      `the ServiceAccount ${namespace}/${serviceAccount ?? name} of "${first.id ?? ''}"`,
    expected: 'a ServiceAccount of its own: it carries one role',
    next: 'Give it another serviceAccount, or make the two services one.',
  });
}

/** Of two services by one name enough is said. */
function withoutNamesakes(
  expanded: readonly Expanded<ServiceDraft>[],
): readonly Expanded<ServiceDraft>[] {
  const firsts = new Map<string | undefined, string | undefined>();
  return expanded.filter(({ id, service: { name } }) => {
    const known = firsts.has(id) && firsts.get(id) === name;
    firsts.set(id, firsts.get(id) ?? name);
    return !known;
  });
}

/** The name that `naming.role` makes is checked where it is used, and said once a service. */
function checkRoles(
  { service, env, path, at }: Expanded<ServiceDraft>,
  draft: FleetDraft,
  problems: Problems,
): void {
  const reaches = service.reach ?? [];
  const existing = [
    ...('existingRole' in service && service.existingRole && !('role' in service)
      ? [at('existingRole')]
      : []),
    ...reaches.flatMap((reach, position) =>
      reach?.existing && !('role' in reach) ? [[...at('reach'), position, 'existing']] : [],
    ),
  ];
  for (const place of existing) {
    problems.add({
      code: 'fleet/existing-without-role',
      path: place,
      atKey: true,
      found: `${String(place.at(-1))}: true, and no role`,
      expected: 'the name of the role that exists',
      next: `Add role, or remove ${String(place.at(-1))} for a role of Rollcall’s own.`,
    });
  }
  const { name } = service;
  const template = draft.naming?.role ?? defaultRoleTemplate;
  const named = 'role' in service && reaches.every((reach) => !reach || 'role' in reach);
  if (named || !name || !env || !isDnsLabel(name) || !isDnsLabel(env)) return;
  const role = fillRole(template, { service: name, env });
  if (isRoleName(role) || !rules.roleTemplate.test(template)) return;
  problems.add({
    code: 'fleet/role-name',
    path: [...path, 'name'],
    found: `the role name ${role} (${role.length} characters), made by naming.role`,
    expected: rules.roleName.expected,
    next: 'Shorten the name, the env or naming.role, or write a role.',
  });
}
