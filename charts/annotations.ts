import type { AccessGraph } from '../src/access/graph.ts';
import { command } from '../src/iam/aws-cli/shell.ts';
import type { OutputFile } from '../src/iam/render.ts';
import { annotatedObjects, type AnnotatedObject } from './annotated-objects.ts';
import { manifestYaml } from './manifest-yaml.ts';

/**
 * Annotations for namespaces and ServiceAccounts that are someone else's. They stand outside of the
 * folders that are applied: pruned with such a folder, the whole object would go.
 */
export const renderAnnotations = ({ clusters }: AccessGraph): readonly OutputFile[] =>
  clusters.flatMap((access) => {
    const all = annotatedObjects(access);
    const of = (kind: AnnotatedObject['kind']) => all.filter((one) => one.kind === kind);
    return [
      ...fileOf(`_namespaces/${access.cluster.name}.yaml`, 'namespaces', of('Namespace')),
      ...fileOf(
        `_serviceaccounts/${access.cluster.name}.yaml`,
        'ServiceAccounts',
        of('ServiceAccount'),
      ),
    ];
  });

/** No file where nothing needs an annotation. */
function fileOf(
  path: string,
  what: string,
  objects: readonly AnnotatedObject[],
): readonly OutputFile[] {
  if (objects.length === 0) return [];
  const note = `# To be added to ${what} that are there, by these commands, and never by \`kubectl apply\`: see docs/identities.md.\n`;
  const documents = objects.map((object) => `# ${annotate(object)}\n${manifestYaml(object)}`);
  return [{ path, text: note + documents.join('---\n') }];
}

/**
 * Refused where somebody else has set another value. Not applied: of what the object's owner has
 * applied client-side, `kubectl apply --server-side` makes the new manager the owner, and then removes
 * it as no longer asked for, Pod Security's labels too (kubectl, pkg/cmd/apply/apply.go,
 * migrateToSSAIfNecessary).
 */
const annotate = ({ kind, metadata: { name, namespace, annotations } }: AnnotatedObject): string =>
  command(
    `kubectl annotate --field-manager=rollcall ${kind.toLowerCase()}`,
    name,
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...Object.entries(annotations).map(([key, value]) => `${key}=${value}`),
  );
