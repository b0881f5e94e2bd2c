import { fillRole } from '../form/role-template.ts';
import type { RoleName } from '../names/arn.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Expanded } from './expand-envs.ts';
import type { Account, Cluster, Reach, Service, ServicePolicy } from './model.ts';
import { type ByName, known, select } from './resolve-names.ts';
import { resolveServiceIdentity } from './resolve-identity.ts';
import type { PolicyFile } from './schema-iam.ts';
import type { ReachFile, ServiceFile } from './schema-service.ts';

/** What a service's names stand for. */
export interface ServiceParts {
  readonly accounts: ByName<Account>;
  readonly clusters: ByName<Cluster>;
  /** The fleet's name: in a user's, so that two fleets make two. */
  readonly fleet: string;
  /** `naming.role`. */
  readonly template: string;
}

/** A service in one environment, its defaults filled in. */
export function resolveService(expanded: Expanded<ServiceFile>, parts: ServiceParts): Service {
  const { service, id, env, path, at } = expanded;
  const { name } = service;
  if (id === undefined || env === undefined)
    throw new Error('checkMeaning let a service without an env pass');
  const role = fillRole(parts.template, { service: name, env });
  const hub = service.cluster === undefined ? undefined : known(parts.clusters, service.cluster);
  const common = {
    id,
    name,
    env,
    path,
    role: (service.role ?? role) as RoleName,
    rolePath: service.rolePath ?? '/',
    policies: resolvePolicies(service.policies, at('policies')),
    reach: (service.reach ?? []).map((reach, index): Reach => ({
      ...resolveReach(reach, [...at('reach'), index]),
      clusters: select(reach.clusters, parts.clusters, hub),
      role: (reach.role ?? role) as RoleName,
      kubernetesUser: reach.kubernetesUser ?? `rollcall:${parts.fleet}:${name}-${env}`,
    })),
  };
  if (!hub) return { ...common, ...outside(service, parts.accounts) };
  if (service.namespace === undefined) {
    throw new Error('checkMeaning let a service in a cluster pass without a namespace');
  }
  return {
    ...common,
    kind: 'pod',
    account: hub.account,
    partition: hub.partition,
    existingRole: service.existingRole ?? false,
    cluster: hub,
    namespace: service.namespace,
    existingNamespace: service.existingNamespace ?? false,
    serviceAccount: service.serviceAccount ?? name,
    existingServiceAccount: service.existingServiceAccount ?? false,
    ...resolveServiceIdentity(service, hub, at('migratingFrom')),
    ...(service.s3Check === undefined ? {} : { s3Check: service.s3Check }),
    awsConfig: service.awsConfig ?? false,
    kubeconfig: service.kubeconfig ?? false,
  };
}

/** Its role is always someone else's. */
function outside(service: ServiceFile, accounts: ByName<Account>) {
  if (service.account === undefined) {
    throw new Error('checkMeaning let a service outside of Kubernetes pass without an account');
  }
  const account = known(accounts, service.account);
  return { kind: 'outside', account, partition: account.partition, existingRole: true } as const;
}

const resolveReach = (reach: ReachFile, path: FleetPath) => ({
  path,
  existing: reach.existing ?? false,
  rolePath: reach.rolePath ?? '/',
  ...(reach.externalId === undefined ? {} : { externalId: reach.externalId }),
  policies: resolvePolicies(reach.policies, [...path, 'policies']),
});

const resolvePolicies = (
  policies: readonly PolicyFile[] | undefined,
  path: FleetPath,
): readonly ServicePolicy[] =>
  (policies ?? []).map(({ actions, resources, conditions = {}, reason }, index) => ({
    path: [...path, index],
    actions,
    resources,
    conditions: mapValues(conditions, (keys) =>
      mapValues(keys, (values) => (typeof values === 'string' ? [values] : values)),
    ),
    ...(reason === undefined ? {} : { reason }),
  }));

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Readonly<Record<string, To>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
