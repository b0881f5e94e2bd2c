import type { Cluster, Restart, WorkloadKind, Workloads } from '../../../src/fleet/model.ts';

const resourceOf: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'apps/deployments',
  StatefulSet: 'apps/statefulsets',
  DaemonSet: 'apps/daemonsets',
  Rollout: 'argoproj.io/rollouts',
};

/** `cluster user verb resource namespace/name`, `*` for any name: what the job asks for in a run. */
export const askedRights = (restarts: readonly Restart[]): readonly string[] =>
  restarts.flatMap((restart) =>
    restart.clusters.flatMap((cluster) =>
      restart.workloads.flatMap((workloads) => {
        const at = `${cluster.name} ${userOf(restart, cluster)}`;
        // What one alone asks for by its name, several ask for by the namespace.
        const alone = isAlone(restarts, restart, cluster, workloads);
        return rightsOf(restart, workloads, alone).map((right) => `${at} ${right}`);
      }),
    ),
  );

const userOf = ({ service }: Restart, { name }: Cluster): string =>
  service.reach.find(({ clusters }) => clusters.some((one) => one.name === name))?.kubernetesUser ??
  '';

/** `verb resource namespace/name`. */
function rightsOf(
  { strategy }: Restart,
  { namespaces, kind, names, selector }: Workloads,
  alone: (namespace: string) => boolean,
): readonly string[] {
  const resource = resourceOf[kind];
  const evicts = strategy.evictOnDelete && (kind === 'StatefulSet' || kind === 'DaemonSet');
  return namespaces.flatMap((namespace) => [
    ...(selector ? ['*'] : names).flatMap((name) =>
      ['get', 'patch'].map((verb) => `${verb} ${resource} ${namespace}/${name}`),
    ),
    ...['list', 'watch'].map(
      (verb) => `${verb} ${resource} ${namespace}/${alone(namespace) ? (names[0] ?? '') : '*'}`,
    ),
    ...(evicts || strategy.diagnostics ? [`list /pods ${namespace}/*`] : []),
    ...(evicts ? [`create /pods/eviction ${namespace}/*`] : []),
    ...(strategy.diagnostics
      ? [`list /events ${namespace}/*`, `create /events ${namespace}/*`]
      : []),
    ...(strategy.argoRollouts && kind === 'Deployment'
      ? ['list', 'watch'].map((verb) => `${verb} argoproj.io/rollouts ${namespace}/*`)
      : []),
  ]);
}

/** Nothing but one name of the kind is asked for in the namespace, by any restart of the service. */
const isAlone =
  (restarts: readonly Restart[], { service }: Restart, cluster: Cluster, { kind }: Workloads) =>
  (namespace: string): boolean => {
    const there = restarts
      .filter((one) => one.service === service && one.clusters.includes(cluster))
      .flatMap(({ workloads, strategy }) =>
        workloads
          .filter(({ namespaces }) => namespaces.includes(namespace))
          .map((workloads) => ({ workloads, strategy })),
      );
    const same = there.filter(({ workloads }) => workloads.kind === kind);
    const names = new Set(same.flatMap(({ workloads }) => workloads.names));
    const listed =
      kind === 'Rollout' &&
      there.some(
        ({ workloads, strategy }) => strategy.argoRollouts && workloads.kind === 'Deployment',
      );
    return names.size === 1 && !listed && same.every(({ workloads }) => !workloads.selector);
  };

/** Sorted, each once, without those by name of which any name is allowed. */
export function withoutNamedWhereAny(rights: readonly string[]): readonly string[] {
  const all = new Set(rights);
  return [...all]
    .filter((right) => right.endsWith('/*') || !all.has(right.replace(/\/[^/]*$/, '/*')))
    .sort();
}
