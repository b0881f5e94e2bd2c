import { type AccountId, partitionOf, type Region, type RoleName } from '../names/arn.ts';
import type { Account, Cluster, Fleet, HubCluster, Reach, Service } from './model.ts';
import { resolveRestart } from './resolve-restart.ts';
import { defaultRoleTemplate, fillRole } from './role-template.ts';
import type { FleetFile, Selector } from './schema.ts';
import { byLabels, isNames } from './selector.ts';

type Part<Key extends 'clusters' | 'services'> = NonNullable<FleetFile[Key]>[number];

/**
 * The fleet that a file says: defaults filled in, references and selectors resolved. The file has
 * passed the schema and `checkMeaning`: what does not resolve here is a defect of those, and throws.
 */
export function resolveFleet(file: FleetFile): Fleet {
  const accounts = Object.entries(file.accounts).map(([name, id]): Account => {
    return { name, id: id as AccountId };
  });
  const clusters = resolveClusters(file.clusters, indexed(accounts));
  const clustersByName = indexed(clusters);
  const template = file.naming?.role ?? defaultRoleTemplate;
  const services = (file.services ?? []).map((service) =>
    resolveService(service, clustersByName, template),
  );
  const servicesByName = indexed(services);
  return {
    name: file.name,
    accounts,
    clusters,
    services,
    restarts: (file.restarts ?? []).map((restart) => {
      const service = known(servicesByName, restart.service);
      if (file.image === undefined) {
        throw new Error('checkMeaning let restarts pass without an image');
      }
      const selected = select(restart.clusters, clustersByName, service.cluster);
      return resolveRestart(restart, { service, clusters: selected, image: file.image });
    }),
  };
}

type ByName<Item> = ReadonlyMap<string, Item>;

const indexed = <Item extends { readonly name: string }>(items: readonly Item[]): ByName<Item> =>
  new Map(items.map((item) => [item.name, item]));

function known<Item>(items: ByName<Item>, name: string): Item {
  const item = items.get(name);
  if (item === undefined) throw new Error(`checkMeaning let the unknown name "${name}" pass`);
  return item;
}

const select = (selector: Selector, clusters: ByName<Cluster>, hub: Cluster): readonly Cluster[] =>
  isNames(selector)
    ? selector.map((name) => known(clusters, name))
    : byLabels(selector, [...clusters.values()], hub.name);

const resolveClusters = (clusters: readonly Part<'clusters'>[], accounts: ByName<Account>) =>
  clusters.map((cluster): Cluster => {
    const region = cluster.region as Region;
    return {
      name: cluster.name,
      eksCluster: cluster.eksCluster ?? cluster.name,
      account: known(accounts, cluster.account),
      region,
      partition: partitionOf(region),
      labels: cluster.labels ?? {},
      ...(cluster.oidcIssuer === undefined ? {} : { oidcIssuer: cluster.oidcIssuer }),
      podIdentity: cluster.podIdentity ?? 'irsa',
      accessControl: cluster.accessControl ?? 'aws-auth',
      ...(cluster.connection === undefined ? {} : { connection: cluster.connection }),
      paused: cluster.paused ?? false,
    };
  });

const isHub = (cluster: Cluster): cluster is HubCluster => cluster.oidcIssuer !== undefined;

function resolveService(
  service: Part<'services'>,
  clusters: ByName<Cluster>,
  template: string,
): Service {
  const { name, env } = service;
  const hub = known(clusters, service.cluster);
  if (!isHub(hub)) throw new Error(`checkMeaning let the hub "${hub.name}" pass without an issuer`);
  const role = fillRole(template, { service: name, env });
  return {
    name,
    env,
    cluster: hub,
    namespace: service.namespace,
    existingNamespace: service.existingNamespace ?? false,
    serviceAccount: service.serviceAccount ?? name,
    role: (service.role ?? role) as RoleName,
    reach: (service.reach ?? []).map((reach): Reach => ({
      clusters: select(reach.clusters, clusters, hub),
      role: (reach.role ?? role) as RoleName,
      existing: reach.existing ?? false,
      ...(reach.externalId === undefined ? {} : { externalId: reach.externalId }),
      kubernetesUser: reach.kubernetesUser ?? `rollcall:${name}-${env}`,
    })),
  };
}
