/**
 * The kinds that the simulated API server knows: what Rollcall generates, what it restarts, and what
 * kubectl asks for beside them. Names, verbs and categories as discovery gives them of Kubernetes 1.36.
 */

export interface ResourceType {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /**
   * What raises `metadata.generation`. Deployments: the spec *and the object's annotations*, which
   * are copied to ReplicaSets (pkg/registry/apps/deployment/strategy.go, PrepareForUpdate).
   */
  readonly generation: 'none' | 'spec' | 'spec-and-annotations';
  /** Served over HTTP. */
  readonly verbs: readonly ObjectVerb[];
  readonly subresources: readonly Subresource[];
  /** What a field selector may name beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: readonly string[];
}

export type ObjectVerb = (typeof allVerbs)[number];
export type Subresource = 'scale' | 'status';

const allVerbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;
const readOnly: readonly ObjectVerb[] = ['get', 'list', 'watch'];

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
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    generation: 'none',
    verbs: allVerbs,
    subresources: [],
    selectableFields: [],
    ...extra,
  };
};

const rbac = 'rbac.authorization.k8s.io/v1';

export const deployments = resource('apps/v1', 'Deployment', 'deployments', {
  generation: 'spec-and-annotations',
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: ['scale', 'status'],
});
/** Written by the Deployment controller alone. */
export const replicaSets = resource('apps/v1', 'ReplicaSet', 'replicasets', {
  generation: 'spec',
  shortNames: ['rs'],
  categories: ['all'],
  verbs: readOnly,
  selectableFields: ['status.replicas'],
});
export const configMaps = resource('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] });
export const namespaces = resource('v1', 'Namespace', 'namespaces', {
  namespaced: false,
  shortNames: ['ns'],
  verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
  selectableFields: ['status.phase'],
});
export const roles = resource(rbac, 'Role', 'roles');
export const roleBindings = resource(rbac, 'RoleBinding', 'rolebindings');
export const clusterRoles = resource(rbac, 'ClusterRole', 'clusterroles', { namespaced: false });
export const clusterRoleBindings = resource(rbac, 'ClusterRoleBinding', 'clusterrolebindings', {
  namespaced: false,
});

export const resourceTypes: readonly ResourceType[] = [
  configMaps,
  // There are none: so that `kubectl describe` has somewhere to look.
  resource('v1', 'Event', 'events', {
    shortNames: ['ev'],
    verbs: readOnly,
    selectableFields: [
      ...['apiVersion', 'fieldPath', 'kind', 'name', 'namespace', 'resourceVersion', 'uid'].map(
        (field) => `involvedObject.${field}`,
      ),
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  }),
  namespaces,
  // There are none either: rollouts here are timed.
  resource('v1', 'Pod', 'pods', {
    shortNames: ['po'],
    categories: ['all'],
    verbs: readOnly,
    selectableFields: ['spec.nodeName', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  }),
  resource('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  deployments,
  replicaSets,
  resource('batch/v1', 'CronJob', 'cronjobs', {
    generation: 'spec',
    shortNames: ['cj'],
    categories: ['all'],
  }),
  resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
    generation: 'spec',
    shortNames: ['netpol'],
  }),
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
];

/** Questions rather than objects: they can be created, and are not kept. */
export interface ReviewType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
}

const review = (group: string, kind: string): ReviewType => ({
  group,
  version: 'v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
});

export const accessReviews = review('authorization.k8s.io', 'SelfSubjectAccessReview');
export const rulesReviews = review('authorization.k8s.io', 'SelfSubjectRulesReview');
const selfReviews = review('authentication.k8s.io', 'SelfSubjectReview');
export const reviewTypes: readonly ReviewType[] = [accessReviews, rulesReviews, selfReviews];

export const apiVersionOf = ({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string => (group === '' ? version : `${group}/${version}`);

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
