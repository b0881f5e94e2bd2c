import type { Cluster, PodService, Restart, Workloads } from './model.ts';
import { resolveStrategy } from './resolve-strategy.ts';
import type { FleetFile } from './schema.ts';

type RestartFile = NonNullable<FleetFile['restarts']>[number];

/** What a restart's names stand for. */
export interface RestartParts {
  readonly service: PodService;
  readonly clusters: readonly Cluster[];
  readonly image: string;
}

/** A restart with its defaults filled in. */
export function resolveRestart(
  file: RestartFile,
  { service, clusters, image }: RestartParts,
): Restart {
  const timeZone = file.timeZone ?? 'Etc/UTC';
  const workloads = resolveWorkloads(file.workloads);
  const withRollouts = workloads.some(({ kind }) => kind === 'Rollout');
  return {
    name: file.name,
    service,
    image,
    schedule: file.schedule,
    timeZone,
    suspend: file.suspend ?? false,
    clusters,
    workloads,
    strategy: resolveStrategy(file.strategy ?? {}, { timeZone, clusters, withRollouts }),
  };
}

function resolveWorkloads(groups: RestartFile['workloads']): readonly Workloads[] {
  const indexes = new Map(groups.map(({ name }, index) => [name, index]));
  return groups.map(({ namespace, namespaces = [], kind, names = [], selector, after = [] }) => ({
    namespaces: namespace === undefined ? namespaces : [namespace],
    kind: kind ?? 'Deployment',
    names,
    ...(selector === undefined ? {} : { selector }),
    after: [...new Set(after)].map((name) => known(indexes.get(name), name)),
  }));
}

function known(index: number | undefined, name: string): number {
  if (index === undefined) throw new Error(`checkMeaning let the unknown group "${name}" pass`);
  return index;
}
