import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, Service, ServicePolicy } from '../fleet/model.ts';
import { mechanisms } from '../identities/mechanisms.ts';
import { escalation } from './escalation.ts';
import { mechanismsOf } from './identities.ts';
import type { Finding } from './findings.ts';
import { rolePaths } from './role-paths.ts';
import { serviceAccountFindings } from './service-account-findings.ts';
import { unusedClusters } from './unused-clusters.ts';
import { ofUser, sharedUsernames } from './user-findings.ts';

/** What a fleet asks for, and a reviewer should see. Of one place each thing is said once. */
export function planFindings(fleet: Fleet): readonly Finding[] {
  const all = [
    ...unusedClusters(fleet),
    ...fleet.services.flatMap((service) => ofService(service, fleet)),
    ...fleet.users.flatMap(ofUser),
    ...sharedUsernames(fleet),
    ...fleet.users.flatMap(rolePaths),
    ...fleet.clusters.flatMap((cluster, index) => noCertManager(cluster, fleet.services, index)),
  ];
  return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
}

/** Its Certificates would be refused, their kind unknown, and with them all that is applied beside. */
function noCertManager(
  { name, kiam, infrastructure }: Cluster,
  services: readonly Service[],
  index: number,
): readonly Finding[] {
  const isInstalled = services.some(
    (one) => one.kind === 'pod' && one.cluster.name === name && mechanismsOf(one).includes('kiam'),
  );
  if (!kiam || kiam.existing || !isInstalled || infrastructure['cert-manager']) return [];
  return [
    {
      code: 'finding/no-cert-manager',
      path: ['clusters', index],
      found: `kiam in ${name}, and no word of cert-manager, which makes its certificates`,
      expected: 'cert-manager before kiam',
      next: 'Add infrastructure: {cert-manager: install} for Flux to install it first, or existing.',
    },
  ];
}

const ofService = (service: Service, fleet: Fleet): readonly Finding[] => [
  ...legacyIdentity(service),
  ...openMigration(service),
  ...noSessionTags(service),
  ...serviceAccountFindings(service, fleet),
  ...emptyKubeconfig(service),
  ...[...service.policies, ...service.reach.flatMap(({ policies }) => policies)].flatMap(
    (policy) => [...escalation(policy), ...wildcards(policy)],
  ),
];

function legacyIdentity(service: Service): readonly Finding[] {
  if (service.kind === 'outside') return [];
  const { legacy } = mechanisms[service.podIdentity.kind];
  if (legacy === undefined) return [];
  return [
    {
      code: 'finding/legacy-identity',
      path: service.path,
      found: `an identity by ${legacy}`,
      expected: 'IRSA or EKS Pod Identity',
      next: 'See what moving it changes: `rollcall plan --migrate irsa`, or eks-pod-identity.',
    },
  ];
}

/** Said once where a cluster's services move together. */
function openMigration(service: Service): readonly Finding[] {
  if (service.kind === 'outside' || !service.migratingFrom) return [];
  const { podIdentity, migratingFrom } = service;
  const from = migratingFrom.identity.kind;
  return [
    {
      code: 'finding/open-migration',
      path: migratingFrom.path,
      found: `a move from ${from} to ${podIdentity.kind} that is open: roles trust both`,
      expected: 'one way to a role, as soon as no pod needs the other',
      next: 'Restart the pods that run; when none is left that has the old way, take migratingFrom out, and apply again.',
    },
  ];
}

/** Then nothing in the role's trust tells this ServiceAccount from another of its cluster. */
function noSessionTags(service: Service): readonly Finding[] {
  if (service.kind === 'outside') return [];
  const { podIdentity, path, cluster } = service;
  if (podIdentity.kind !== 'eks-pod-identity' || podIdentity.sessionTags) return [];
  return [
    {
      code: 'finding/no-session-tags',
      path,
      found: `a role that trusts whatever ServiceAccount of ${cluster.name} is associated with it`,
      expected: 'session tags, by which its trust names the one',
      next: 'Leave sessionTags: false out, unless the tags are too many for the session.',
    },
  ];
}

function emptyKubeconfig(service: Service): readonly Finding[] {
  if (service.kind === 'outside' || !service.kubeconfig || service.reach.length > 0) return [];
  return [
    {
      code: 'finding/empty-kubeconfig',
      path: [...service.path, 'kubeconfig'],
      found:
        'kubeconfig: true, and no cluster that the service reaches: a kubeconfig without contexts',
      expected: 'reach, of which each cluster is a context',
      next: 'Add reach, or leave kubeconfig out.',
    },
  ];
}

/** A policy that says why has been thought about. */
function wildcards({ actions, resources, reason, path }: ServicePolicy): readonly Finding[] {
  if (reason !== undefined) return [];
  const action = actions.find((text) => /[*?]/.test(text));
  const resource = resources.find(isBroad);
  return [
    ...(action === undefined ? [] : [wildcard('action', action, [...path, 'actions'])]),
    ...(resource === undefined ? [] : [wildcard('resource', resource, [...path, 'resources'])]),
  ];
}

/**
 * All of something: a wildcard before which no name stands, but at most a type (a bucket has none), or
 * one in place of the account.
 */
const isBroad = (resource: string): boolean => {
  const [, , service, , account = '', ...rest] = resource.split(':');
  if (/[*?]/.test(account)) return true;
  const broad = service === 's3' ? /^[*?]/ : /^(?:[A-Za-z-]+[/:])?[*?]/;
  return /^[*?]/.test(resource) || broad.test(rest.join(':'));
};

const wildcard = (what: 'action' | 'resource', found: string, path: FleetPath): Finding => ({
  code: `finding/wildcard-${what}`,
  path,
  found: `the ${what} ${found}`,
  expected: `each ${what} by its name`,
  next: 'Name them; where AWS knows no narrower one, add a reason.',
});
