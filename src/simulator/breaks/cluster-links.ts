import { parseDocument, YAMLSeq } from 'yaml';
import type { Manifest } from '../load/generated-output.ts';
import { readMapRolesText, writeMapRolesText } from '../load/aws-auth-config-map.ts';
import type { World, WorldCluster } from '../load/world.ts';
import { isTarget } from './generated-roles.ts';

/** Each takes one thing out of a cluster and says what it changed, a line each. */

/** aws-auth, or EKS, loses the generated entries. */
export const dropMappings = (target: WorldCluster): readonly string[] => [
  ...dropFromAwsAuth(target),
  ...target.accessEntries.all().map(({ principalArn }) => {
    target.accessEntries.remove(principalArn);
    return `${target.name} has no access entry for ${principalArn}`;
  }),
];

function dropFromAwsAuth({ name, kube, fragment }: WorldCluster): readonly string[] {
  if (!fragment) return [];
  const arns = new Set(fragment.mapRoles.map(({ rolearn }) => rolearn.toLowerCase()));
  const document = parseDocument(readMapRolesText(kube) ?? '');
  if (!(document.contents instanceof YAMLSeq)) return [];
  const changes: string[] = [];
  const rolearns = document.contents.items.map((_, index) => document.getIn([index, 'rolearn']));
  for (const [index, rolearn] of [...rolearns.entries()].reverse()) {
    if (typeof rolearn !== 'string' || !arns.has(rolearn.toLowerCase())) continue;
    document.deleteIn([index]);
    changes.push(`aws-auth of ${name} no longer maps ${rolearn}`);
  }
  writeMapRolesText(kube, document.toString({ flowCollectionPadding: false }));
  return changes;
}

/** The generated bindings of the mapped user are gone. */
export function unbind({ name, manifests, kube }: WorldCluster): readonly string[] {
  return manifests.filter(bindsUser).flatMap(({ kind, metadata }) => {
    if (!kube.read(kind, metadata.namespace, metadata.name)) return [];
    kube.remove(kind, metadata.namespace, metadata.name);
    return `${kind} ${metadata.namespace ?? ''}/${metadata.name} of ${name} is gone`;
  });
}

const bindsUser = ({ kind, subjects }: Manifest): boolean =>
  kind === 'RoleBinding' &&
  Array.isArray(subjects) &&
  subjects.some((subject: { readonly kind?: unknown }) => subject.kind === 'User');

/** One workload reverted before its rollout completes, and another in the moment after. */
export function revert({ clusters }: World, target: WorldCluster): readonly string[] {
  const others = [...clusters.values()].reverse().filter((one) => isTarget(one) && one !== target);
  const workloads = [target, ...others]
    .flatMap(patchable)
    .filter(({ cluster, namespace, name }) => cluster.kube.read('Deployment', namespace, name));
  return (['before-completion', 'after-completion'] as const).flatMap((when, index) => {
    const workload = workloads[index];
    if (!workload) return [];
    const { cluster, namespace, name } = workload;
    cluster.kube.revertStamp(namespace, name, when);
    return `argocd-controller replaces ${cluster.name} ${namespace}/${name} ${when.replace('-', ' ')}`;
  });
}

interface Workload {
  readonly cluster: WorldCluster;
  readonly namespace: string;
  readonly name: string;
}

/** The deployments that the cluster's generated Roles let someone patch, by name. */
function patchable(cluster: WorldCluster): readonly Workload[] {
  return cluster.manifests.flatMap(({ kind, metadata, rules }) =>
    kind === 'Role' && Array.isArray(rules)
      ? (rules as readonly Partial<Record<string, readonly string[]>>[])
          .filter(
            ({ resources, verbs }) =>
              resources?.includes('deployments') && verbs?.includes('patch'),
          )
          .flatMap(({ resourceNames = [] }) => resourceNames)
          .map((name) => ({ cluster, namespace: metadata.namespace ?? 'default', name }))
      : [],
  );
}
