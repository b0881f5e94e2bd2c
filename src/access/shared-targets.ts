import type { Fleet, Reach, Service } from '../fleet/model.ts';
import type { RoleArn } from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';
import { targetRoleArn } from './role-arns.ts';

/**
 * Services that share a role of Rollcall's own as a target each have all that it opens: so they must
 * ask for the same of it; that they are one user is asked of each cluster. Of someone else's role its owner has decided.
 */
export function sharedTargets(fleet: Fleet): readonly AccessProblem[] {
  const first = new Map<RoleArn, { readonly service: Service; readonly opens: string }>();
  return fleet.services.flatMap((service) =>
    service.reach
      .filter(({ existing }) => !existing)
      .flatMap((reach) =>
        [...opened(fleet, service, reach)].flatMap(([arn, opens]) => {
          const known = first.get(arn) ?? { service, opens };
          first.set(arn, known);
          if (known.service.id === service.id || known.opens === opens) return [];
          return [
            {
              code: 'access/role-shared' as const,
              path: reach.path,
              found: `role ${arn}, by which ${known.service.id} has other clusters or other policies`,
              expected: 'the same asked of a role by each service: each has all that it opens',
              next: 'Give one of the two another `role`.',
            },
          ];
        }),
      ),
  );
}

/** By role, all that the service has by it: in every reach of the same name. */
function opened(
  fleet: Fleet,
  { reach: reaches }: Service,
  { role }: Reach,
): ReadonlyMap<RoleArn, string> {
  const parts = new Map<RoleArn, string[]>();
  for (const reach of reaches) {
    if (reach.role !== role || reach.existing) continue;
    const { policies } = reach;
    for (const cluster of reach.clusters) {
      const arn = targetRoleArn(fleet, reach, cluster);
      const asked = policies.map(({ actions, resources, conditions }) => [
        actions,
        resources,
        conditions,
      ]);
      parts.set(arn, [...(parts.get(arn) ?? []), JSON.stringify([cluster.name, asked])]);
    }
  }
  return new Map([...parts].map(([arn, all]) => [arn, all.sort().join('\n')]));
}
