import { App, type Chart } from 'cdk8s';
import { stringify } from 'yaml';
import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { awsAuthFragment } from '../src/aws-auth/fragment.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { kiamProps, kube2iamProps } from './agent-props.ts';
import { renderAnnotations } from './annotations.ts';
import { ChecksChart } from './checks.ts';
import { fragmentEntries } from './fragment-entries.ts';
import { HubChart } from './hub.ts';
import { KiamChart } from './kiam.ts';
import { Kube2iamChart } from './kube2iam.ts';
import { manifestYaml } from './manifest-yaml.ts';
import { TargetChart } from './target.ts';

/**
 * Every file that a graph asks for, by path: `<cluster>/<chart>.k8s.yaml`, which is applied;
 * `_aws-auth/<cluster>.yaml`, which is merged; `_namespaces/<cluster>.yaml` and
 * `_serviceaccounts/<cluster>.yaml`, which are added to what is others'; `_checks/<cluster>.yaml`,
 * which is tried; and what IAM is told. A fleet's cluster never starts with `_`, so the folders can't
 * meet.
 */
export function renderOutput(
  graph: AccessGraph,
  iam: readonly OutputFile[],
): readonly OutputFile[] {
  const manifests = graph.clusters.flatMap((access) => renderManifests(graph.fleet, access));
  return [
    ...manifests,
    ...graph.clusters.flatMap((access) => renderChecks(graph.fleet, access)),
    ...renderAnnotations(graph),
    ...renderAwsAuth(graph),
    ...iam,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * One App a cluster: an App's cost rises faster than the number of its charts. No file where all that a
 * chart's services have is someone else's.
 */
function renderManifests(fleet: string, access: ClusterAccess): readonly OutputFile[] {
  const app = new App();
  const props = { fleet, access };
  if (access.pods.length > 0) new HubChart(app, 'hub', props);
  if (access.grants.length > 0 || access.userGrants.length > 0)
    new TargetChart(app, 'target', props);
  if (access.kiam) new KiamChart(app, 'kiam', kiamProps(fleet, access.cluster, access.kiam));
  if (access.kube2iam) {
    new Kube2iamChart(app, 'kube2iam', kube2iamProps(fleet, access.cluster, access.kube2iam));
  }
  return app.charts
    .map((chart) => ({
      path: `${access.cluster.name}/${chart.node.id}.k8s.yaml`,
      text: textOf(chart),
    }))
    .filter(({ text }) => text !== '');
}

/** They stand outside of the folders that are applied: a check is made by hand. */
function renderChecks(fleet: string, access: ClusterAccess): readonly OutputFile[] {
  if (access.pods.every(({ s3Check }) => s3Check === undefined)) return [];
  const chart = new ChecksChart(new App(), 'checks', { fleet, access });
  return [{ path: `_checks/${access.cluster.name}.yaml`, text: textOf(chart) }];
}

const textOf = (chart: Chart): string =>
  chart
    .toJson()
    .map((object) => stringify(object, manifestYaml))
    .join('---\n');

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
