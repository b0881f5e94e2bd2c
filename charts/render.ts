import { stringify } from 'yaml';
import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { awsAuthFragment } from '../src/aws-auth/fragment.ts';
import type { ApplyOrder, OutputFile } from '../src/iam/render.ts';
import { accessList } from './access-list.ts';
import { renderAnnotations } from './annotations.ts';
import { stepsOf } from './applied-steps.ts';
import { chartedClusters, checkPods, type ChartedCluster } from './cluster-charts.ts';
import { deliveryAccess } from './delivery-access.ts';
import { deliveryUnits } from './delivery-units.ts';
import type { Output } from './output.ts';
import type { OutputFormat } from './output-format.ts';
import { renderArgoCd } from './format-argocd.ts';
import { renderFlux } from './format-flux.ts';
import { renderHelm } from './format-helm.ts';
import { renderKustomize } from './format-kustomize.ts';
import { fragmentEntries } from './fragment-entries.ts';
import { manifestsYaml, rememberedYaml } from './manifest-yaml.ts';
import { byName, unitsOf } from './units.ts';

/** A fleet as far as everything written is made from it. */
export interface Renderable {
  readonly graph: AccessGraph;
  readonly iam: readonly OutputFile[];
  readonly order: ApplyOrder;
}

/** All that a fleet asks for, in one form, and what it means whatever the form. */
export function renderTree(
  { graph, iam, order }: Renderable,
  format: OutputFormat = 'manifests',
): Output {
  const clusters = chartedClusters(graph);
  const steps = stepsOf(order);
  const files = filesOf(graph, iam, format, clusters);
  return {
    fleet: graph.fleet,
    format,
    files,
    units: [
      ...unitsOf(clusters, iam, steps),
      ...deliveryUnits(format, graph, clusters, files),
    ].sort(byName),
    applied: steps.map(({ what }) => what),
    access: accessList(graph, deliveryAccess(format, graph, clusters)),
  };
}

/**
 * Every file that a graph asks for, by path: `<cluster>/<chart>.k8s.yaml`, which is applied;
 * `_aws-auth/<cluster>.yaml`, which is merged; `_namespaces/<cluster>.yaml` and
 * `_serviceaccounts/<cluster>.yaml`, which are added to what is others'; `_checks/<cluster>.yaml`,
 * which is tried; and what IAM is told. A fleet's cluster never starts with `_`, so the folders can't
 * meet.
 */
const filesOf = (
  graph: AccessGraph,
  iam: readonly OutputFile[],
  format: OutputFormat,
  clusters: readonly ChartedCluster[],
): readonly OutputFile[] =>
  [
    ...renderFormat(format, graph, clusters),
    ...graph.clusters.flatMap((access) => renderChecks(graph.fleet, access)),
    ...renderAnnotations(graph),
    ...renderAwsAuth(graph),
    ...iam,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));

/** What is applied to the clusters, in the form in which it is taken in. */
function renderFormat(
  format: OutputFormat,
  graph: AccessGraph,
  clusters: readonly ChartedCluster[],
): readonly OutputFile[] {
  switch (format) {
    case 'manifests':
      return renderManifests(clusters);
    case 'helm':
      return renderHelm(graph, clusters);
    case 'flux':
      return renderFlux(graph, clusters);
    case 'argocd':
      return renderArgoCd(graph, clusters);
    case 'kustomize':
      return renderKustomize(graph, clusters);
  }
}

/** `<cluster>/<chart>.k8s.yaml` */
function renderManifests(clusters: readonly ChartedCluster[]): readonly OutputFile[] {
  const yaml = rememberedYaml();
  return clusters.flatMap(({ access, charts }) =>
    charts.map(({ kind, objects }) => ({
      path: `${access.cluster.name}/${kind}.k8s.yaml`,
      text: manifestsYaml(objects, yaml),
    })),
  );
}

/** They stand outside of the folders that are applied: a check is made by hand. */
function renderChecks(fleet: string, access: ClusterAccess): readonly OutputFile[] {
  const pods = checkPods(fleet, access);
  return pods.length === 0
    ? []
    : [{ path: `_checks/${access.cluster.name}.yaml`, text: manifestsYaml(pods) }];
}

/**
 * The `aws-auth` entries stand outside of the folders that are applied: applied as they are, they
 * would replace a ConfigMap that holds the nodes' roles.
 */
function renderAwsAuth(graph: AccessGraph): readonly OutputFile[] {
  return graph.clusters
    .filter((access) => access.mappings.length > 0)
    .map(({ cluster, mappings }) => {
      const fragment = awsAuthFragment(graph.fleet, cluster.name, fragmentEntries(mappings));
      const note =
        '# To be merged into kube-system/aws-auth, never applied: see docs/clusters.md.\n';
      return {
        path: `_aws-auth/${cluster.name}.yaml`,
        text: note + stringify(fragment, { lineWidth: 0 }),
      };
    });
}
