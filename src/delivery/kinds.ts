import { groupOf, type KubeObject } from './objects.ts';

/** A kind of object that a chart writes. */
export interface KnownKind {
  readonly group: string;
  readonly kind: string;
  /** What RBAC calls its objects: by the API's own discovery. */
  readonly plural: string;
  readonly isNamespaced: boolean;
}

const known = (group: string, plurals: Readonly<Record<string, string>>, isNamespaced = true) =>
  Object.entries(plurals).map(([kind, plural]): KnownKind => ({
    group,
    kind,
    plural,
    isNamespaced,
  }));

const rbac = 'rbac.authorization.k8s.io';

/** All that charts may write, and nothing else: a kind that is missing here is an error. */
export const knownKinds: readonly KnownKind[] = [
  ...known('', { ConfigMap: 'configmaps', Service: 'services', ServiceAccount: 'serviceaccounts' }),
  ...known('apps', { DaemonSet: 'daemonsets' }),
  ...known('batch', { CronJob: 'cronjobs' }),
  ...known('cert-manager.io', { Certificate: 'certificates', Issuer: 'issuers' }),
  ...known('coordination.k8s.io', { Lease: 'leases' }),
  ...known('networking.k8s.io', { NetworkPolicy: 'networkpolicies' }),
  ...known(rbac, { Role: 'roles', RoleBinding: 'rolebindings' }),
  ...known('', { Namespace: 'namespaces' }, false),
  ...known('cert-manager.io', { ClusterIssuer: 'clusterissuers' }, false),
  ...known(rbac, { ClusterRole: 'clusterroles', ClusterRoleBinding: 'clusterrolebindings' }, false),
];

/** @throws Error for a kind that no chart is known to write: its rights would be missing in silence. */
export function kindOf(object: KubeObject): KnownKind {
  const group = groupOf(object);
  const found = knownKinds.find((one) => one.group === group && one.kind === object.kind);
  if (found) return found;
  throw new Error(`${object.apiVersion} ${object.kind} is not known: add it to kinds.ts`);
}
