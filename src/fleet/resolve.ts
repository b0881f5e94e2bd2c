import { defaultRoleTemplate } from '../form/role-template.ts';
import { type AccountId, partitionOf, type Region } from '../names/arn.ts';
import { expandEnvs } from './expand-envs.ts';
import type { Account, Cluster, Fleet, IamSettings, PodService, Service } from './model.ts';
import { resolveDelivery, resolveInfrastructure } from './resolve-delivery.ts';
import { resolveAgents, resolveClusterIdentity } from './resolve-identity.ts';
import { type ByName, indexed, known, select } from './resolve-names.ts';
import { resolveRestart } from './resolve-restart.ts';
import { resolveService } from './resolve-service.ts';
import { resolveUser } from './resolve-user.ts';
import type { FleetFile } from './schema.ts';

/**
 * The fleet that a file says: defaults filled in, references, selectors and environments resolved.
 * The file has passed the schema and `checkMeaning`: what does not resolve here is a defect of
 * those, and throws.
 */
export function resolveFleet(file: FleetFile): Fleet {
  const iam = resolveIam(file.iam ?? {});
  const accounts = indexed(resolveAccounts(file));
  const clusters = indexed(resolveClusters(file.clusters, accounts, iam.path));
  const template = file.naming?.role ?? defaultRoleTemplate;
  const services = expandEnvs(file.services).map((expanded) =>
    resolveService(expanded, { accounts, clusters, template, fleet: file.name }),
  );
  return {
    name: file.name,
    accounts: [...accounts.values()],
    clusters: [...clusters.values()],
    services,
    users: (file.users ?? []).map((user, index) => resolveUser(user, index, clusters)),
    restarts: (file.restarts ?? []).map((restart) => {
      const service = podService(services, restart);
      if (file.image === undefined) {
        throw new Error('checkMeaning let restarts pass without an image');
      }
      const selected = select(restart.clusters, clusters, service.cluster);
      return resolveRestart(restart, { service, clusters: selected, image: file.image });
    }),
    iam,
    delivery: resolveDelivery(file.delivery ?? {}, file.name),
  };
}

/** Where an account's clusters are in two partitions, the first: access/account-partition tells of it. */
function resolveAccounts({ accounts, clusters }: FleetFile): readonly Account[] {
  const regions = new Map<string, Region>();
  for (const { account, region } of clusters) {
    if (!regions.has(account)) regions.set(account, region as Region);
  }
  return Object.entries(accounts).map(([name, id]) => {
    const region = regions.get(name);
    return {
      name,
      id: id as AccountId,
      partition: region === undefined ? 'aws' : partitionOf(region),
    };
  });
}

const resolveClusters = (
  clusters: FleetFile['clusters'],
  accounts: ByName<Account>,
  iamPath: string,
) =>
  clusters.map((cluster, index): Cluster => {
    const region = cluster.region as Region;
    const account = known(accounts, cluster.account);
    const partition = partitionOf(region);
    return {
      name: cluster.name,
      eksCluster: cluster.eksCluster ?? cluster.name,
      account,
      region,
      partition,
      labels: cluster.labels ?? {},
      ...(cluster.oidcIssuer === undefined ? {} : { oidcIssuer: cluster.oidcIssuer }),
      existingOidcProviders: providersOf(cluster.existingOidcProvider, account, accounts),
      ...resolveClusterIdentity(cluster, ['clusters', index, 'migratingFrom']),
      accessControl: cluster.accessControl ?? 'aws-auth',
      ...resolveAgents(cluster.agents ?? {}, { partition, account: account.id, iamPath }),
      infrastructure: resolveInfrastructure(cluster.infrastructure),
      ...(cluster.connection === undefined ? {} : { connection: cluster.connection }),
      paused: cluster.paused ?? false,
    };
  });

const providersOf = (
  existing: FleetFile['clusters'][number]['existingOidcProvider'],
  own: Account,
  accounts: ByName<Account>,
): readonly AccountId[] => {
  if (Array.isArray(existing)) return existing.map((name) => known(accounts, name).id);
  return existing === true ? [own.id] : [];
};

const resolveIam = (iam: NonNullable<FleetFile['iam']>): IamSettings => ({
  path: iam.path ?? '/',
  ...(iam.permissionsBoundary === undefined
    ? {}
    : { permissionsBoundary: iam.permissionsBoundary }),
  tags: iam.tags ?? {},
  sourceIdentity: iam.sourceIdentity ?? false,
  forms: iam.forms ?? ['json'],
});

/** The service that a restart means: where it names no environment, the service has but one. */
function podService(
  services: readonly Service[],
  restart: NonNullable<FleetFile['restarts']>[number],
): PodService {
  const service = services.find(
    ({ name, env }) => name === restart.service && env === (restart.env ?? env),
  );
  if (service?.kind !== 'pod') {
    throw new Error(`checkMeaning let a restart of "${restart.service}" pass`);
  }
  return service;
}
