/** The kinds that the simulated API server knows: what Rollcall generates, and what it restarts. */

export interface ResourceType {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /**
   * What raises `metadata.generation`. Deployments: the spec *and the object's annotations*, which
   * are copied to ReplicaSets (pkg/registry/apps/deployment/strategy.go, PrepareForUpdate).
   */
  readonly generation: 'none' | 'spec' | 'spec-and-annotations';
  /** The verbs served over HTTP, beyond get, list and watch. */
  readonly writes: readonly ('patch' | 'update')[];
}

const resource = (
  apiVersion: string,
  kind: string,
  plural: string,
  extra: Partial<ResourceType> = {},
): ResourceType => {
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return {
    kind,
    group,
    version,
    plural,
    namespaced: true,
    generation: 'none',
    writes: [],
    ...extra,
  };
};

const rbac = 'rbac.authorization.k8s.io/v1';

export const deployments = resource('apps/v1', 'Deployment', 'deployments', {
  generation: 'spec-and-annotations',
  writes: ['patch', 'update'],
});
export const configMaps = resource('v1', 'ConfigMap', 'configmaps', {
  writes: ['patch', 'update'],
});
export const namespaces = resource('v1', 'Namespace', 'namespaces', { namespaced: false });
export const roles = resource(rbac, 'Role', 'roles');
export const roleBindings = resource(rbac, 'RoleBinding', 'rolebindings');
export const clusterRoles = resource(rbac, 'ClusterRole', 'clusterroles', { namespaced: false });
export const clusterRoleBindings = resource(rbac, 'ClusterRoleBinding', 'clusterrolebindings', {
  namespaced: false,
});

export const resourceTypes: readonly ResourceType[] = [
  deployments,
  configMaps,
  namespaces,
  roles,
  roleBindings,
  clusterRoles,
  clusterRoleBindings,
  resource('v1', 'ServiceAccount', 'serviceaccounts'),
  resource('batch/v1', 'CronJob', 'cronjobs', { generation: 'spec' }),
  resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', { generation: 'spec' }),
];

export const apiVersionOf = ({ group, version }: ResourceType): string =>
  group === '' ? version : `${group}/${version}`;

export const typeOfKind = (kind: string): ResourceType | undefined =>
  resourceTypes.find((type) => type.kind === kind);

export const typeOfPath = (
  group: string,
  version: string,
  plural: string,
): ResourceType | undefined =>
  resourceTypes.find(
    (type) => type.group === group && type.version === version && type.plural === plural,
  );
