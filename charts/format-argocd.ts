import type { AccessGraph } from '../src/access/graph.ts';
import { applicationSet } from '../src/argocd/application-set.ts';
import { appProject } from '../src/argocd/project.ts';
import { inWave } from '../src/argocd/sync-waves.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { chartedClusters, type ChartedCluster } from './cluster-charts.ts';
import { manifestsYaml, manifestYaml } from './manifest-yaml.ts';
import { UserError } from './user-error.ts';

/**
 * `argocd/project.yaml` and `argocd/applicationset.yaml`, which Argo CD's own cluster gets, and
 * `manifests/<cluster>/<chart>.k8s.yaml`, which Argo CD applies.
 *
 * @throws UserError where the fleet file doesn't say in which repository the output lies
 */
export function renderArgoCd(
  graph: AccessGraph,
  clusters: readonly ChartedCluster[] = chartedClusters(graph),
): readonly OutputFile[] {
  const { fleet, delivery } = graph;
  const { git } = delivery;
  if (!git) throw noRepository();
  const delivered = clusters.map(({ access, charts }) => ({ name: access.cluster.name, charts }));
  const props = {
    fleet,
    delivery,
    git,
    clusters: delivered.filter(({ charts }) => charts.length > 0),
  };
  return [
    { path: 'argocd/project.yaml', text: manifestYaml(appProject(props)) },
    { path: 'argocd/applicationset.yaml', text: manifestYaml(applicationSet(props)) },
    ...delivered.flatMap(({ name, charts }) =>
      charts.map(({ kind, objects }) => ({
        path: `manifests/${name}/${kind}.k8s.yaml`,
        text: manifestsYaml(objects.map((object) => inWave(kind, object))),
      })),
    ),
  ];
}

const noRepository = (): UserError =>
  new UserError({
    code: 'cli/no-repository',
    found: 'no delivery.git in the fleet file',
    expected: 'the repository from which Argo CD takes the output',
    next: 'Add delivery: {git: {url: …}}: see docs/flux.md.',
  });
