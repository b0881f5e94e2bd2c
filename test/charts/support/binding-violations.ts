import type { Fleet } from '../../../src/fleet/model.ts';
import type { KubeObject } from './objects.ts';

export interface BindingPlace {
  readonly chart: string;
  readonly cluster: string;
  readonly fleet: Fleet;
}

/** A binding of a role that is not ours, or to anyone but the one who needs it. */
export function bindingViolations(
  { kind, metadata, roleRef, subjects = [] }: KubeObject,
  objects: readonly KubeObject[],
  place: BindingPlace,
): readonly string[] {
  if (!/^(Cluster)?RoleBinding$/.test(kind)) return [];
  const bound = objects.some(
    (one) =>
      one.kind === roleRef?.kind &&
      one.metadata.name === roleRef.name &&
      one.metadata.namespace === metadata.namespace &&
      kind === `${one.kind}Binding`,
  );
  return [
    ...(bound && roleRef?.apiGroup === 'rbac.authorization.k8s.io'
      ? []
      : [`${kind} ${metadata.name} of a ${roleRef?.kind} that is not ours`]),
    ...(subjects.length === 1 ? [] : [`${kind} ${metadata.name} of ${subjects.length} subjects`]),
    ...subjects
      .filter((subject) => !isMeant(subject, objects, place))
      .map(({ kind: of, name }) => `${kind} ${metadata.name} of ${of} ${String(name)}`),
  ];
}

type Subject = NonNullable<KubeObject['subjects']>[number];

/** In a target a service's user; elsewhere a ServiceAccount of the same file. */
function isMeant(
  { kind, name, namespace }: Subject,
  objects: readonly KubeObject[],
  { chart, cluster, fleet }: BindingPlace,
): boolean {
  if (typeof name !== 'string' || /^system:|\*/.test(name)) return false;
  if (chart === 'target.k8s.yaml') {
    return (
      kind === 'User' &&
      fleet.services
        .flatMap(({ reach }) => reach)
        .some(
          ({ clusters, kubernetesUser }) =>
            kubernetesUser === name && clusters.some((one) => one.name === cluster),
        )
    );
  }
  return (
    kind === 'ServiceAccount' &&
    objects.some(
      (one) =>
        one.kind === 'ServiceAccount' &&
        one.metadata.name === name &&
        one.metadata.namespace === namespace,
    )
  );
}
