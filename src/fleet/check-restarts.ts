import { checkSelector, type ClusterIndex } from './check-selector.ts';
import type { ServiceIndex } from './check-services.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeats, reportUnknown } from './references.ts';
import type { FleetDraft } from './shape.ts';
import { listed } from './suggest.ts';

type RestartDraft = NonNullable<NonNullable<FleetDraft['restarts']>[number]>;

/** Restarts: each there once, over clusters that its service reaches, and each workload once. */
export function checkRestarts(
  draft: FleetDraft,
  clusters: ClusterIndex,
  services: ServiceIndex,
  problems: Problems,
): void {
  const restarts = (draft.restarts ?? []).map((restart, index) => ({ ...restart, index }));
  if (restarts.length > 0 && !('image' in draft)) problems.add(missingImage);
  reportRepeats(problems, restarts, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: ({ index }) => ['restarts', index, 'name'],
    found: ({ name = '' }) => `a second restart "${name}"`,
    expected: 'every restart’s name once',
    next: 'Rename one.',
  });
  for (const restart of restarts) {
    const path = ['restarts', restart.index];
    checkTargets(restart, path, clusters, services, problems);
    reportRepeats(problems, workloadsOf(restart, path), {
      code: 'fleet/duplicate-workload',
      key: ({ id }) => id,
      path: (workload) => workload.path,
      found: ({ id }) => `${id} a second time`,
      expected: 'every workload once',
      next: 'Remove it.',
    });
  }
}

const missingImage = {
  code: 'fleet/missing-image',
  path: ['restarts'],
  atKey: true,
  found: 'restarts, and no image for the job that does them',
  expected: 'image: the container image of the job',
  next: 'Add image at the top of the file, such as registry.example.com/rollcall:1.0.0.',
} as const;

function checkTargets(
  restart: RestartDraft,
  path: FleetPath,
  clusters: ClusterIndex,
  services: ServiceIndex,
  problems: Problems,
): void {
  const name = restart.service;
  const service = name === undefined ? undefined : services.byName.get(name);
  if (name !== undefined && !service && services.named) {
    reportUnknown(problems, 'service', name, services.byName.keys(), [...path, 'service']);
  }
  const at = [...path, 'clusters'];
  const selected = checkSelector(problems, restart.clusters, at, clusters, service?.hub);
  if (!service?.whole) return;
  const beyond = selected.names.filter((cluster) => !service.reached.has(cluster));
  if (beyond.length === 0) return;
  const first = Array.isArray(restart.clusters) ? restart.clusters.indexOf(beyond[0]) : -1;
  problems.add({
    code: 'fleet/not-reached',
    path: first === -1 ? at : [...at, first],
    found: `${listed(beyond)}: not reached by the service "${name ?? ''}"`,
    expected: `clusters that it reaches: ${problems.full ? '' : listed([...service.reached])}`,
    next: 'Narrow the selection, or add the clusters to the service’s reach.',
  });
}

const workloadsOf = ({ workloads = [] }: RestartDraft, path: FleetPath) =>
  workloads.flatMap((group, position) =>
    (group?.names ?? []).map((name, index) => ({
      id:
        name === undefined || group?.namespace === undefined
          ? undefined
          : `${group.kind ?? 'Deployment'} ${group.namespace}/${name}`,
      path: [...path, 'workloads', position, 'names', index],
    })),
  );
