import type { Cluster, Fleet } from '../fleet/model.ts';
import type { Finding } from './findings.ts';

/**
 * Clusters in which nothing of the fleet lies, and which nobody enters: nothing is generated for them.
 * Of a fleet that is only begun, as by an import, it is said once: its clusters are no slips.
 */
export function unusedClusters({ clusters, services, users }: Fleet): readonly Finding[] {
  if (services.length + users.length === 0) return [begun(clusters)];
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

const begun = ({ length }: readonly Cluster[]): Finding => ({
  code: 'finding/unused-cluster',
  path: ['clusters'],
  found: `${length} cluster${length === 1 ? '' : 's'}, and no service and no user`,
  expected: 'services or users, for which something is generated',
  next: 'Add services, which say who enters which clusters, and restarts, which they do there; or users.',
});
