import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { helmChart, type HelmChartProps } from '../src/helm/chart.ts';
import type { KubeObject } from '../src/helm/json.ts';
import type { OutputFile } from '../src/iam/render.ts';
import {
  chartedClusters,
  checkPods,
  type ChartedCluster,
  type ClusterChart,
  type Manifest,
} from './cluster-charts.ts';

/** `<cluster>/<chart>/Chart.yaml`, and what else a chart of Helm has. */
export const renderHelm = (
  graph: AccessGraph,
  clusters: readonly ChartedCluster[] = chartedClusters(graph),
): readonly OutputFile[] =>
  clusters.flatMap(({ access, charts }) =>
    charts.flatMap((chart) =>
      helmChart(helmProps(graph.fleet, access, chart)).files.map(({ path, text }) => ({
        path: `${access.cluster.name}/${chart.kind}/${path}`,
        text,
      })),
    ),
  );

/** What a chart is made of. The pods that try an identity are tests of the hub that has it. */
export const helmProps = (
  fleet: string,
  access: ClusterAccess,
  { kind, objects }: ClusterChart,
): HelmChartProps => ({
  fleet,
  cluster: access.cluster.name,
  kind,
  objects: objects.map(asObject),
  checks: kind === 'hub' ? checkPods(fleet, access).map(asObject) : [],
});

/** cdk8s gives what JSON holds. */
const asObject = (manifest: Manifest): KubeObject => manifest as Manifest & KubeObject;
