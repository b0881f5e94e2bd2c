import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, User } from '../fleet/model.ts';
import type { AccessProblem } from './codes.ts';

/** What is wrong with agents and with people of single clusters. */
export const clusterConflicts = (fleet: Fleet): readonly AccessProblem[] => [
  ...fleet.clusters.flatMap((cluster, index) => agents(cluster, ['clusters', index, 'agents'])),
  ...sharedServers(fleet),
  ...fleet.users.flatMap(partitions),
];

/** Both take over the metadata service's address, and listen on one port of the node. */
function agents({ name, kiam, kube2iam }: Cluster, path: FleetPath): readonly AccessProblem[] {
  return [
    ...(kiam && kube2iam
      ? [
          {
            code: 'access/two-agents' as const,
            path,
            found: `kiam and kube2iam in cluster ${name}`,
            expected: 'one of them: both take the place of the metadata service',
            next: 'Remove one; services of the other can have IRSA or EKS Pod Identity.',
          },
        ]
      : []),
    ...(kiam?.version === 'v3' && !kiam.existing
      ? [
          {
            code: 'access/kiam-version' as const,
            path: [...path, 'kiam', 'version'],
            found: 'kiam v3, to be installed',
            expected: 'v4, or a v3 that is there already',
            next: 'Remove version, or set existing: true.',
          },
        ]
      : []),
  ];
}

/** A principal of one partition is none in another. */
function partitions({ principal, clusters, path }: User): readonly AccessProblem[] {
  const arns = principal.kind === 'existing' ? [principal.arn] : principal.trusted;
  return clusters.flatMap(({ name, partition }) =>
    arns
      .filter((arn) => !arn.startsWith(`arn:${partition}:`))
      .map((arn) => ({
        code: 'access/partition-crossed' as const,
        path,
        found: `${arn} in cluster ${name}, which is in partition ${partition}`,
        expected: 'principals of the cluster’s own partition: it knows no others',
        next: 'Narrow the clusters, and write a user of its own for the other partition.',
      })),
  );
}

/** Whoever annotates a namespace of one cluster would be lent the roles of the other's services. */
function sharedServers({ clusters }: Fleet): readonly AccessProblem[] {
  const first = new Map<string, Cluster>();
  return clusters.flatMap((cluster, index) => {
    const { kiam } = cluster;
    if (!kiam || kiam.existingServerRole) return [];
    const known = first.get(kiam.serverRoleArn) ?? cluster;
    first.set(kiam.serverRoleArn, known);
    if (known === cluster) return [];
    return [
      {
        code: 'access/role-shared' as const,
        path: ['clusters', index, 'agents', 'kiam', 'serverRole'],
        found: `role ${kiam.serverRoleArn}, which is the server's in cluster ${known.name} already`,
        expected: 'a role of its own for each cluster: it may become every service of its cluster',
        next: 'Set another `serverRole`.',
      },
    ];
  });
}
