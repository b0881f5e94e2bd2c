import { App, type Chart } from 'cdk8s';
import { stringify } from 'yaml';
import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { awsAuthFragment } from '../src/aws-auth/fragment.ts';
import { command } from '../src/iam/aws-cli/shell.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { kiamProps, kube2iamProps } from './agent-props.ts';
import { ChecksChart } from './checks.ts';
import { fragmentEntries } from './fragment-entries.ts';
import { HubChart } from './hub.ts';
import { KiamChart } from './kiam.ts';
import { Kube2iamChart } from './kube2iam.ts';
import { TargetChart } from './target.ts';

/**
 * Every file that a graph asks for, by path: `<cluster>/<chart>.k8s.yaml`, which is applied;
 * `_aws-auth/<cluster>.yaml`, which is merged; `_namespaces/<cluster>.yaml`, which is added to
 * namespaces of others; `_checks/<cluster>.yaml`, which is tried; and what IAM is told. A fleet's cluster never starts with `_`, so the folders
 * can't meet.
 */
export function renderOutput(
  graph: AccessGraph,
  iam: readonly OutputFile[],
): readonly OutputFile[] {
  const manifests = graph.clusters.flatMap((access) => renderManifests(graph.fleet, access));
  return [
    ...manifests,
    ...graph.clusters.flatMap((access) => renderChecks(graph.fleet, access)),
    ...renderNamespaces(graph),
    ...renderAwsAuth(graph),
    ...iam,
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** One App a cluster: an App's cost rises faster than the number of its charts. */
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
  return app.charts.map((chart) => ({
    path: `${access.cluster.name}/${chart.node.id}.k8s.yaml`,
    text: textOf(chart),
  }));
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
 * Kubernetes' parser takes YAML 1.1 and some of 1.2 (sigs.k8s.io/yaml): what either reads as other
 * than a text is put in quotes, so that a name such as `on` or `0o17` stays a name.
 */
const manifestYaml = { version: '1.1', compat: 'core', lineWidth: 0 } as const;

/**
 * Annotations for namespaces that are someone else's. They stand outside of the folders that are
 * applied: pruned with such a folder, the whole namespace would go.
 */
function renderNamespaces(graph: AccessGraph): readonly OutputFile[] {
  return graph.clusters.flatMap(({ cluster, namespaces }) => {
    const existing = namespaces.filter(({ ownership }) => ownership === 'existing');
    if (existing.length === 0) return [];
    const note =
      '# To be added to namespaces that are there, by these commands, and never by `kubectl apply`: see docs/identities.md.\n';
    const documents = existing.map(({ name, annotations }) => {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } };
      return `# ${annotate(name, annotations)}\n${stringify(object, manifestYaml)}`;
    });
    return [{ path: `_namespaces/${cluster.name}.yaml`, text: note + documents.join('---\n') }];
  });
}

/**
 * Refused where somebody else has set another value. Not applied: of what the namespace's owner has
 * applied client-side, `kubectl apply --server-side` makes the new manager the owner, and then removes
 * it as no longer asked for, Pod Security's labels too (kubectl, pkg/cmd/apply/apply.go,
 * migrateToSSAIfNecessary).
 */
const annotate = (name: string, annotations: Readonly<Record<string, string>>): string =>
  command(
    'kubectl annotate --field-manager=rollcall namespace',
    ...[name, ...Object.entries(annotations).map(([key, value]) => `${key}=${value}`)],
  );

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
