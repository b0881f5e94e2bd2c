/**
 * The kinds that the simulated API server knows: what Rollcall generates, what it restarts, and what
 * kubectl asks for beside them. Names, verbs and categories as discovery gives them of Kubernetes 1.36.
 */
import { allVerbs, readOnly, resource } from './resource-type.ts';
import type { ResourceType } from './resource-type.ts';

export { apiVersionOf } from './resource-type.ts';
export type { ObjectVerb, ResourceType, Subresource } from './resource-type.ts';

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
export const statefulSets = resource('apps/v1', 'StatefulSet', 'statefulsets', {
  generation: 'spec',
  shortNames: ['sts'],
  categories: ['all'],
  subresources: ['scale', 'status'],
});
export const daemonSets = resource('apps/v1', 'DaemonSet', 'daemonsets', {
  generation: 'spec',
  shortNames: ['ds'],
  categories: ['all'],
  subresources: ['status'],
});
/**
 * Argo's, by its CustomResourceDefinition: both subresources are on, so that whatever changes the
 * spec raises the generation (argo-rollouts manifests/crds/rollout-crd.yaml).
 */
export const rollouts = resource('argoproj.io/v1alpha1', 'Rollout', 'rollouts', {
  generation: 'spec',
  shortNames: ['ro'],
  subresources: ['scale', 'status'],
  custom: true,
});
/** Written by the controllers alone; clients may delete and evict. */
export const pods = resource('v1', 'Pod', 'pods', {
  shortNames: ['po'],
  categories: ['all'],
  verbs: ['delete', 'deletecollection', ...readOnly],
  subresources: ['eviction'],
  selectableFields: ['spec.nodeName', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
});
export const events = resource('v1', 'Event', 'events', {
  shortNames: ['ev'],
  selectableFields: [
    ...['apiVersion', 'fieldPath', 'kind', 'name', 'namespace', 'resourceVersion', 'uid'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
});
export const jobs = resource('batch/v1', 'Job', 'jobs', {
  generation: 'spec',
  categories: ['all'],
  subresources: ['status'],
  selectableFields: ['status.successful'],
});
export const disruptionBudgets = resource(
  'policy/v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
  { generation: 'spec', shortNames: ['pdb'], subresources: ['status'] },
);
export const leases = resource('coordination.k8s.io/v1', 'Lease', 'leases');
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
  events,
  namespaces,
  pods,
  resource('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
  resource('batch/v1', 'CronJob', 'cronjobs', {
    generation: 'spec',
    shortNames: ['cj'],
    categories: ['all'],
  }),
  jobs,
  leases,
  resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
    generation: 'spec',
    shortNames: ['netpol'],
  }),
  disruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  rollouts,
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

export const typeOfKind = (kind: string): ResourceType | undefined =>
  resourceTypes.find((type) => type.kind === kind);

export const typeOfPath = (
  served: readonly ResourceType[],
  group: string,
  version: string,
  plural: string,
): ResourceType | undefined =>
  served.find((type) => type.group === group && type.version === version && type.plural === plural);
