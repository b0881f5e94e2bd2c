import type { Fleet } from '../fleet/model.ts';
import type { Finding } from './findings.ts';

/** Clusters in which nothing of the fleet lies, and which nobody enters: nothing is generated for them. */
export function unusedClusters({ clusters, services, users }: Fleet): readonly Finding[] {
  const used = new Set([
    ...services.flatMap((service) => (service.kind === 'pod' ? [service.cluster.name] : [])),
    ...services.flatMap(({ reach }) =>
      reach.flatMap((one) => one.clusters.map(({ name }) => name)),
    ),
    ...users.flatMap((user) => user.clusters.map(({ name }) => name)),
  ]);
  return clusters.flatMap(({ name }, index) =>
    used.has(name)
      ? []
      : [
          {
            code: 'finding/unused-cluster' as const,
            path: ['clusters', index],
            found: `cluster ${name}, in which no service lies, and which no service and no user enters`,
            expected: 'clusters that something is generated for',
            next: 'Correct the labels or names by which it should be selected, or take it out.',
          },
        ],
  );
}
