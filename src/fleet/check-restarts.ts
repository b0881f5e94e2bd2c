import { checkSelector, type ClusterIndex, type Selected } from './check-selector.ts';
import type { ServiceFacts } from './check-reach.ts';
import type { ServiceIndex } from './check-services.ts';
import { checkStrategy } from './check-strategy.ts';
import { checkWaves } from './check-waves.ts';
import { checkWorkloads } from './check-workloads.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeats, reportUnknown } from './references.ts';
import type { FleetDraft, RestartDraft } from './shape.ts';
import { listed } from './suggest.ts';

/** Restarts: each there once, over clusters that its service reaches, its workloads and strategy sound. */
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
    const restarted = checkTargets(restart, path, clusters, services, problems);
    checkWorkloads(restart, path, problems);
    if (!restart.strategy) continue;
    const at = [...path, 'strategy'];
    checkWaves(restart.strategy, at, restarted, clusters, problems);
    checkStrategy(restart.strategy, at, problems);
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
): Selected {
  const service = serviceOf(restart, path, services, problems);
  const at = [...path, 'clusters'];
  const selected = checkSelector(problems, restart.clusters, at, clusters, service?.hub);
  // Without the service it is not known which hub labels leave out.
  if (!service?.whole) return { ...selected, whole: selected.whole && service?.hub !== undefined };
  const beyond = selected.names.filter((cluster) => !service.reached.has(cluster));
  if (beyond.length === 0) return selected;
  const first = Array.isArray(restart.clusters) ? restart.clusters.indexOf(beyond[0]) : -1;
  problems.add({
    code: 'fleet/not-reached',
    path: first === -1 ? at : [...at, first],
    found: `${listed(beyond)}: not reached by the service "${restart.service ?? ''}"`,
    expected: `clusters that it reaches: ${problems.full ? '' : listed([...service.reached])}`,
    next: 'Narrow the selection, or add the clusters to the service’s reach.',
  });
  return selected;
}

/** The service in the environment that is meant, where there is no doubt about it. */
function serviceOf(
  restart: RestartDraft,
  path: FleetPath,
  services: ServiceIndex,
  problems: Problems,
): ServiceFacts | undefined {
  const { service: name, env } = restart;
  const service = name === undefined ? undefined : services.byName.get(name);
  if (name !== undefined && !service && services.named) {
    reportUnknown(problems, 'service', name, services.byName.keys(), [...path, 'service']);
  }
  if (!service || ('env' in restart && env === undefined)) return undefined;
  const envs = service.facts.flatMap((facts) => facts.env ?? []);
  if (env !== undefined && service.whole && !envs.includes(env)) {
    reportUnknown(problems, 'env', env, envs, [...path, 'env']);
  }
  if (env === undefined && service.facts.length > 1) {
    problems.add({
      code: 'fleet/missing-key',
      path: [...path, 'env'],
      found: `no key "env", and a service of several: ${listed(envs)}`,
      expected: 'env: the one whose access the restart uses',
      next: 'Add the key "env".',
    });
    return undefined;
  }
  const meant = service.facts.find((facts) => facts.env === (env ?? facts.env));
  if (meant?.inCluster !== false) return meant;
  problems.add({
    code: 'fleet/not-in-cluster',
    path: [...path, 'service'],
    found: `the service "${name ?? ''}", which runs outside of Kubernetes`,
    expected: 'a service in a cluster: there the restart’s job runs, with its identity',
    next: 'Name another service, or give this one a cluster.',
  });
  return undefined;
}
