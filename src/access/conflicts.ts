import type { Cluster, Fleet, Service } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';

/** What is wrong with accounts and namespaces, before any role is planned. */
export const fleetConflicts = (fleet: Fleet): readonly AccessProblem[] => [
  ...accountPartitions(fleet),
  ...reservedNamespaces(fleet),
  ...namespaceOwners(fleet),
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

/** Kubernetes keeps `kube-` for itself, and `default` is in every cluster (kubernetes.io, "Namespaces"). */
const isReserved = (namespace: string): boolean =>
  namespace === 'default' || namespace.startsWith('kube-');

/** Made as a namespace of ours, one of these would be put under the `restricted` Pod Security level. */
function reservedNamespaces({ services }: Fleet): readonly AccessProblem[] {
  return services.flatMap((service, index) => {
    if (service.existingNamespace || !isReserved(service.namespace)) return [];
    return [
      {
        code: 'access/namespace-reserved',
        path: ['services', index, 'namespace'],
        found: `namespace ${service.namespace}, which is Kubernetes' own`,
        expected:
          'a namespace of the service, or one said to be existing: ours get Pod Security labels',
        next: 'Choose another namespace, or set `existingNamespace: true`.',
      },
    ];
  });
}

/** Of two services in a namespace one says that it is someone else's: then none may be generated. */
function namespaceOwners({ services }: Fleet): readonly AccessProblem[] {
  const first = new Map<string, Service>();
  return services.flatMap((service, index) => {
    const key = `${service.cluster.name}/${service.namespace}`;
    const known = first.get(key) ?? service;
    first.set(key, known);
    if (known.existingNamespace === service.existingNamespace) return [];
    return [
      {
        code: 'access/namespace-owner',
        path: ['services', index],
        found: `namespace ${service.namespace} of cluster ${service.cluster.name}, said to be existing by one of the services ${known.name} and ${service.name} alone`,
        expected: 'one owner: a namespace that is someone else’s must not be generated',
        next: 'Set `existingNamespace: true` in both, or in none.',
      },
    ];
  });
}
