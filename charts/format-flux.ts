import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { infrastructureNames } from '../src/fleet/model.ts';
import { infrastructureKinds, kindsFolder } from '../src/flux/infrastructure-kinds.ts';
import { infrastructureObjects } from '../src/flux/infrastructure.ts';
import type { FluxFile } from '../src/flux/props.ts';
import { clusterTree } from '../src/flux/tree.ts';
import { helmChart } from '../src/helm/chart.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { chartedClusters, type ChartedCluster, type ClusterChart } from './cluster-charts.ts';
import { helmProps } from './format-helm.ts';
import { manifestsYaml, rememberedYaml } from './manifest-yaml.ts';

/**
 * `clusters/<cluster>/…`, which Flux's own Kustomization of the cluster applies; `manifests/<cluster>/…`
 * and `infrastructure/…`, which those apply. No kustomization.yaml stands in `clusters/<cluster>`: with
 * one there, the folder in which `flux bootstrap` keeps Flux itself would no longer be applied, and
 * would be pruned.
 */
export function renderFlux(
  graph: AccessGraph,
  charted: readonly ChartedCluster[] = chartedClusters(graph),
): readonly OutputFile[] {
  const { fleet, delivery, clusters } = graph;
  const yaml = rememberedYaml();
  const written = ({ path, objects }: FluxFile) => ({ path, text: manifestsYaml(objects, yaml) });
  // A cluster at a time: all their objects at once would be most of what is in memory.
  const trees = charted.flatMap(({ access, charts }) => {
    const { name, infrastructure } = access.cluster;
    const chart = (kind: string) => pushedChart(fleet, access, charts, kind);
    const cluster = { name, charts };
    return clusterTree({ fleet, delivery, cluster, infrastructure, chart }).map(written);
  });
  const infrastructure = infrastructureNames
    .filter((name) => clusters.some(({ cluster }) => cluster.infrastructure[name] === 'install'))
    .flatMap((name): readonly FluxFile[] => {
      const file = (folder: string, objects: FluxFile['objects']) => ({
        path: `infrastructure/${folder}/${folder}.yaml`,
        objects,
      });
      const kinds = kindsFolder(name);
      return [
        ...(kinds === undefined ? [] : [file(kinds, infrastructureKinds(name))]),
        file(name, infrastructureObjects(name)),
      ];
    });
  return [...trees, ...infrastructure.map(written)];
}

/** A chart's name and version as `--format helm` gives them; of a version's `+` Helm makes `_` in a tag. */
function pushedChart(
  fleet: string,
  access: ClusterAccess,
  charts: readonly ClusterChart[],
  kind: string,
): { readonly name: string; readonly version: string } {
  const chart = charts.find((one) => one.kind === kind);
  if (!chart) throw new Error(`${access.cluster.name} has no chart ${kind}`);
  const { name, version } = helmChart(helmProps(fleet, access, chart));
  return { name, version: version.replaceAll('+', '_') };
}
