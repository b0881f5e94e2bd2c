import { checkSelector, type ClusterIndex, namesWith } from './check-selector.ts';
import type { Problems } from './codes.ts';
import { checkPolicies } from './check-policies.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Expanded, ServiceDraft } from './expand-envs.ts';
import { reportOwnPath, reportReservedUser } from './report-mapping.ts';

/** A service in one environment: where it runs, and what it reaches. */
export interface ServiceFacts {
  readonly env: string | undefined;
  /** `undefined` where that is not known. */
  readonly inCluster: boolean | undefined;
  readonly hub: string | undefined;
  readonly reached: ReadonlySet<string>;
  /** Each role that it reaches, as `ACCOUNT ROLE`. */
  readonly roles: ReadonlySet<string>;
  /** Faults have taken nothing away from `reached`. */
  readonly whole: boolean;
}

/** No cluster is reached twice, and each can know the role that is mapped in it. */
export function checkReach(
  { service, env, at }: Expanded<ServiceDraft>,
  clusters: ClusterIndex,
  problems: Problems,
): ServiceFacts {
  const hub = service.cluster;
  const reachedBy = new Map<string, number>();
  const roles = new Set<string>();
  // labels leave the hub out
  const hubKnown =
    hub === undefined ? !('cluster' in service) && 'account' in service : clusters.byName.has(hub);
  let whole = hubKnown && (!('reach' in service) || service.reach !== undefined);
  for (const [position, reach] of (service.reach ?? []).entries()) {
    const path: FleetPath = [...at('reach'), position];
    const selected = checkSelector(problems, reach?.clusters, [...path, 'clusters'], clusters, hub);
    whole &&= selected.whole;
    const twice = selected.names.find((name) => (reachedBy.get(name) ?? position) !== position);
    if (twice !== undefined && hubKnown) {
      problems.add({
        code: 'fleet/overlapping-reach',
        path: [...path, 'clusters'],
        found: `the cluster "${twice}", which reach[${reachedBy.get(twice) ?? 0}] opens already`,
        expected: 'every cluster in one reach of a service',
        next: 'Narrow one of the two selections.',
      });
    }
    for (const name of selected.names) {
      if (!reachedBy.has(name)) reachedBy.set(name, position);
      roles.add(`${clusters.byName.get(name)?.account ?? ''} ${reach?.role ?? ''}`);
    }
    if (!reach) continue;
    checkPolicies(reach.policies, [...path, 'policies'], problems);
    const entries = namesWith('access-entries', selected.names, clusters);
    reportReservedUser(problems, reach.kubernetesUser, [...path, 'kubernetesUser'], entries);
    const existing = 'existing' in reach && reach.existing !== false;
    if (!existing) reportOwnPath(problems, reach, [...path, 'rolePath']);
  }
  const inCluster = 'cluster' in service ? true : 'account' in service ? false : undefined;
  return { env, inCluster, hub, reached: new Set(reachedBy.keys()), roles, whole };
}
