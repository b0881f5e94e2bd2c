import { stringify } from 'yaml';
import type { AccessGraph } from '../src/access/graph.ts';
import { command } from '../src/iam/aws-cli/shell.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { manifestYaml } from './manifest-yaml.ts';

/** Something that is there and someone else's, and the annotations that it needs. */
interface Annotated {
  readonly kind: 'Namespace' | 'ServiceAccount';
  readonly name: string;
  /** Of a ServiceAccount. */
  readonly namespace?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Annotations for namespaces and ServiceAccounts that are someone else's. They stand outside of the
 * folders that are applied: pruned with such a folder, the whole object would go.
 */
export const renderAnnotations = (graph: AccessGraph): readonly OutputFile[] =>
  graph.clusters.flatMap(({ cluster, namespaces, pods }) => [
    ...fileOf(
      `_namespaces/${cluster.name}.yaml`,
      'namespaces',
      namespaces
        .filter(({ ownership }) => ownership === 'existing')
        .map(({ name, annotations }) => ({ kind: 'Namespace', name, annotations })),
    ),
    ...fileOf(
      `_serviceaccounts/${cluster.name}.yaml`,
      'ServiceAccounts',
      pods
        .filter(({ serviceAccountOwnership }) => serviceAccountOwnership === 'existing')
        .map(({ serviceAccount, namespace, wiring }) => ({
          kind: 'ServiceAccount',
          name: serviceAccount,
          namespace,
          annotations: wiring.serviceAccountAnnotations,
        })),
    ),
  ]);

/** No file where nothing needs an annotation. */
function fileOf(path: string, what: string, all: readonly Annotated[]): readonly OutputFile[] {
  const needed = all.filter(({ annotations }) => Object.keys(annotations).length > 0);
  if (needed.length === 0) return [];
  const note = `# To be added to ${what} that are there, by these commands, and never by \`kubectl apply\`: see docs/identities.md.\n`;
  return [{ path, text: note + needed.map(documentOf).join('---\n') }];
}

function documentOf(one: Annotated): string {
  const { kind, name, namespace, annotations } = one;
  const place = namespace === undefined ? { name } : { name, namespace };
  const object = { apiVersion: 'v1', kind, metadata: { ...place, annotations } };
  return `# ${annotate(one)}\n${stringify(object, manifestYaml)}`;
}

/**
 * Refused where somebody else has set another value. Not applied: of what the object's owner has
 * applied client-side, `kubectl apply --server-side` makes the new manager the owner, and then removes
 * it as no longer asked for, Pod Security's labels too (kubectl, pkg/cmd/apply/apply.go,
 * migrateToSSAIfNecessary).
 */
const annotate = ({ kind, name, namespace, annotations }: Annotated): string =>
  command(
    `kubectl annotate --field-manager=rollcall ${kind.toLowerCase()}`,
    name,
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...Object.entries(annotations).map(([key, value]) => `${key}=${value}`),
  );
