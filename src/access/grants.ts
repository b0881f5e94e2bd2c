import type { Cluster, Fleet, Restart, Service, WorkloadKind } from '../fleet/model.ts';
import { workloadKinds } from '../fleet/model.ts';
import type { Grant, GrantRule } from './graph.ts';

/** Where RBAC finds the workloads of each kind. */
const resources: Readonly<Record<WorkloadKind, { group: string; resource: string }>> = {
  Deployment: { group: 'apps', resource: 'deployments' },
  StatefulSet: { group: 'apps', resource: 'statefulsets' },
  DaemonSet: { group: 'apps', resource: 'daemonsets' },
  Rollout: { group: 'argoproj.io', resource: 'rollouts' },
};

/** What restarts ask for of one kind in one namespace. */
interface Asked {
  readonly names: Set<string>;
  /** A selector may find any name. */
  anyName: boolean;
  /** The whole namespace is listed whatever is named. */
  listed: boolean;
}

/** What restarts ask for in one namespace. */
interface AskedIn {
  readonly kinds: Map<WorkloadKind, Asked>;
  evict: boolean;
  diagnose: boolean;
}

/** The union of what the service's restarts touch in a cluster, a namespace and kind at a time. */
export function planGrants(fleet: Fleet, service: Service, cluster: Cluster): readonly Grant[] {
  const reach = service.reach.find((one) => one.clusters.some((c) => c.name === cluster.name));
  if (!reach) return [];
  const namespaces = new Map<string, AskedIn>();
  for (const restart of fleet.restarts) {
    if (restart.service.id !== service.id) continue;
    if (restart.clusters.some((c) => c.name === cluster.name)) addRestart(namespaces, restart);
  }
  return [...namespaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([namespace, asked]) => ({
      service: service.id,
      username: reach.kubernetesUser,
      namespace,
      rules: rulesOf(asked),
    }));
}

function addRestart(namespaces: Map<string, AskedIn>, { workloads, strategy }: Restart): void {
  for (const { namespaces: places, kind, names, selector } of workloads) {
    for (const namespace of places) {
      const all = namespaces.get(namespace) ?? { kinds: new Map(), evict: false, diagnose: false };
      namespaces.set(namespace, all);
      const asked = askedOf(all, kind);
      for (const name of names) asked.names.add(name);
      asked.anyName ||= selector !== undefined;
      // Only these two can be told to wait until someone deletes their pods.
      all.evict ||= strategy.evictOnDelete && (kind === 'StatefulSet' || kind === 'DaemonSet');
      all.diagnose ||= strategy.diagnostics;
      if (strategy.argoRollouts && kind === 'Deployment') askedOf(all, 'Rollout').listed = true;
    }
  }
}

function askedOf({ kinds }: AskedIn, kind: WorkloadKind): Asked {
  const asked = kinds.get(kind) ?? { names: new Set<string>(), anyName: false, listed: false };
  kinds.set(kind, asked);
  return asked;
}

const rulesOf = ({ kinds, evict, diagnose }: AskedIn): readonly GrantRule[] => [
  ...workloadKinds.flatMap((kind) => {
    const asked = kinds.get(kind);
    return asked ? workloadRules(kind, asked) : [];
  }),
  ...(evict || diagnose ? [{ group: '', resource: 'pods', verbs: ['list'] as const }] : []),
  ...(evict ? [{ group: '', resource: 'pods/eviction', verbs: ['create'] as const }] : []),
  ...(diagnose ? [{ group: '', resource: 'events', verbs: ['list', 'create'] as const }] : []),
];

/**
 * `list` and `watch` can be authorised by name only one name at a time (kubernetes.io, "Using RBAC
 * Authorization", "Referring to resources"), so with several names they cover the namespace. Labels
 * can't be authorised at all.
 */
function workloadRules(kind: WorkloadKind, asked: Asked): readonly GrantRule[] {
  const resource = resources[kind];
  const names = [...asked.names].sort();
  if (asked.anyName) return [{ ...resource, verbs: ['get', 'list', 'watch', 'patch'] }];
  if (names.length === 1 && !asked.listed) {
    return [{ ...resource, names, verbs: ['get', 'list', 'watch', 'patch'] }];
  }
  return [
    ...(names.length > 0 ? [{ ...resource, names, verbs: ['get', 'patch'] as const }] : []),
    { ...resource, verbs: ['list', 'watch'] },
  ];
}
