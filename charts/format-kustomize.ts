import type { AccessGraph } from '../src/access/graph.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { base, overlay } from '../src/kustomize/folders.ts';
import { chartedClusters, type ChartedCluster } from './cluster-charts.ts';
import { manifestsYaml, manifestYaml } from './manifest-yaml.ts';

/** `base/<cluster>/…`, what is generated; `overlays/<cluster>`, what is applied. */
export function renderKustomize(
  graph: AccessGraph,
  clusters: readonly ChartedCluster[] = chartedClusters(graph),
): readonly OutputFile[] {
  const { delivery } = graph;
  return clusters.flatMap(({ access, charts: made }): readonly OutputFile[] => {
    const { cluster } = access;
    const charts = made.map(({ kind, objects }) => ({
      file: `${kind}.k8s.yaml`,
      text: manifestsYaml(objects),
    }));
    if (charts.length === 0) return [];
    const folder = `base/${cluster.name}`;
    return [
      ...charts.map(({ file, text }) => ({ path: `${folder}/${file}`, text })),
      {
        path: `${folder}/kustomization.yaml`,
        text: manifestYaml(base(charts.map(({ file }) => file))),
      },
      {
        path: `overlays/${cluster.name}/kustomization.yaml`,
        text: manifestYaml(overlay(cluster, delivery.kustomize)),
      },
    ];
  });
}
