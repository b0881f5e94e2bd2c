import type { Cluster, Fleet, PodService, Service } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';

/** What is wrong with accounts and namespaces, before any role is planned. */
export const fleetConflicts = (fleet: Fleet): readonly AccessProblem[] => [
  ...accountPartitions(fleet),
  ...reservedNamespaces(fleet),
  ...namespaceOwners(fleet),
  ...kubeconfigEndpoints(fleet),
  ...namelessProfiles(fleet),
];

/** One id in two partitions would be two accounts: their roles' documents share a folder. */
function accountPartitions({ clusters }: Fleet): readonly AccessProblem[] {
  const first = new Map<string, Cluster>();
  return clusters.flatMap((cluster, index) => {
    const known = first.get(cluster.account.id) ?? cluster;
    first.set(cluster.account.id, known);
    if (known.partition === cluster.partition) return [];
    return [
      {
        code: 'access/account-partition',
        path: ['clusters', index, 'region'],
        found: `account ${cluster.account.name} in partition ${cluster.partition}, which is in ${known.partition} by cluster ${known.name}`,
        expected: 'an account in one partition, as AWS has them',
        next: 'Correct the region, or the account.',
      },
    ];
  });
}

const isPod = (service: Service): service is PodService => service.kind === 'pod';

/** Kubernetes keeps `kube-` for itself, and `default` is in every cluster (kubernetes.io, "Namespaces"). */
const isReserved = (namespace: string): boolean =>
  namespace === 'default' || namespace.startsWith('kube-');

/** Made as a namespace of ours, one of these would be put under the `restricted` Pod Security level. */
function reservedNamespaces({ services }: Fleet): readonly AccessProblem[] {
  return services.filter(isPod).flatMap((service) => {
    const owner = ownerOf(service);
    if (service.existingNamespace || owner === undefined) return [];
    return [
      {
        code: 'access/namespace-reserved',
        path: [...service.path, 'namespace'],
        found: `namespace ${service.namespace}, which is ${owner} own`,
        expected:
          'a namespace of the service, or one said to be existing: ours get Pod Security labels',
        next: 'Choose another namespace, or set `existingNamespace: true`.',
      },
    ];
  });
}

/** Agents are privileged, and their namespace says so. */
function ownerOf({ namespace, cluster }: PodService): string | undefined {
  if (isReserved(namespace)) return "Kubernetes'";
  if (cluster.kiam?.namespace === namespace) return "kiam's";
  return cluster.kube2iam?.namespace === namespace ? "kube2iam's" : undefined;
}

/** Of two services in a namespace one says that it is someone else's: then none may be generated. */
function namespaceOwners({ services }: Fleet): readonly AccessProblem[] {
  const first = new Map<string, PodService>();
  return services.filter(isPod).flatMap((service) => {
    const key = `${service.cluster.name}/${service.namespace}`;
    const known = first.get(key) ?? service;
    first.set(key, known);
    if (known.existingNamespace === service.existingNamespace) return [];
    return [
      {
        code: 'access/namespace-owner',
        path: service.path,
        found: `namespace ${service.namespace} of cluster ${service.cluster.name}, said to be existing by one of the services ${known.name} and ${service.name} alone`,
        expected: 'one owner: a namespace that is someone else’s must not be generated',
        next: 'Set `existingNamespace: true` in both, or in none.',
      },
    ];
  });
}

/** A kubeconfig is written once: the endpoints must be known before. */
function kubeconfigEndpoints({ services }: Fleet): readonly AccessProblem[] {
  return services.filter(isPod).flatMap(({ kubeconfig, reach, path }) => {
    const unknown = reach
      .flatMap(({ clusters }) => clusters)
      .filter(({ connection }) => kubeconfig && !connection);
    if (unknown.length === 0) return [];
    return [
      {
        code: 'access/kubeconfig-endpoint',
        path: [...path, 'kubeconfig'],
        found: `kubeconfig: true, and no connection of ${unknown.map(({ name }) => name).join(', ')}`,
        expected: 'the endpoint and the CA of every cluster that the service reaches',
        next: 'Add connection to these clusters, or leave kubeconfig out.',
      },
    ];
  });
}

/** No key of a profile sets a source identity (AWS SDKs and tools reference guide, "Assume role credential provider"). */
function namelessProfiles({ services, iam }: Fleet): readonly AccessProblem[] {
  if (!iam.sourceIdentity) return [];
  return services.filter(isPod).flatMap(({ awsConfig, kubeconfig, reach, path }) => {
    const key = awsConfig ? 'awsConfig' : 'kubeconfig';
    if (!(awsConfig || kubeconfig) || reach.length === 0) return [];
    return [
      {
        code: 'access/profile-source-identity',
        path: [...path, key],
        found: `${key}: true, where iam.sourceIdentity has every hop named`,
        expected: 'hops that a profile can make: it can name none',
        next: `Leave out ${key}, or iam.sourceIdentity.`,
      },
    ];
  });
}
