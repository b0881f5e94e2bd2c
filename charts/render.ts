import { App } from 'cdk8s';
import { stringify } from 'yaml';
import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { awsAuthFragment } from '../src/aws-auth/fragment.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { HubChart } from './hub.ts';
import { TargetChart } from './target.ts';

/**
 * Every file that a graph asks for, by path: `<cluster>/<chart>.k8s.yaml`, which is applied;
 * `_aws-auth/<cluster>.yaml`, which is merged; and the IAM documents. A fleet's cluster never starts
 * with `_`, so the folders can't meet.
 */
export function renderOutput(
  graph: AccessGraph,
  iam: readonly OutputFile[],
): readonly OutputFile[] {
  const manifests = graph.clusters.flatMap((access) => renderManifests(graph.fleet, access));
  return [...manifests, ...renderAwsAuth(graph), ...iam].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One App a cluster: an App's cost rises faster than the number of its charts. */
function renderManifests(fleet: string, access: ClusterAccess): readonly OutputFile[] {
  const app = new App();
  if (access.pods.length > 0) new HubChart(app, 'hub', { fleet, access });
  if (access.grants.length > 0) new TargetChart(app, 'target', { fleet, access });
  return app.charts.map((chart) => ({
    path: `${access.cluster.name}/${chart.node.id}.k8s.yaml`,
    text: chart
      .toJson()
      .map((object) => stringify(object, manifestYaml))
      .join('---\n'),
  }));
}

/**
 * Kubernetes' parser takes YAML 1.1 and some of 1.2 (sigs.k8s.io/yaml): what either reads as other
 * than a text is put in quotes, so that a name such as `on` or `0o17` stays a name.
 */
const manifestYaml = { version: '1.1', compat: 'core', lineWidth: 0 } as const;

/**
 * The `aws-auth` entries stand outside of the folders that are applied: applied as they are, they
 * would replace a ConfigMap that holds the nodes' roles.
 */
function renderAwsAuth(graph: AccessGraph): readonly OutputFile[] {
  return graph.clusters
    .filter((access) => access.mappings.length > 0)
    .map(({ cluster, mappings }) => {
      const fragment = awsAuthFragment(
        graph.fleet,
        cluster.name,
        mappings.map(({ roleArn, username }) => ({ rolearn: roleArn, username, groups: [] })),
      );
      const note =
        '# To be merged into kube-system/aws-auth, never applied: see docs/clusters.md.\n';
      return {
        path: `_aws-auth/${cluster.name}.yaml`,
        text: note + stringify(fragment, { lineWidth: 0 }),
      };
    });
}
