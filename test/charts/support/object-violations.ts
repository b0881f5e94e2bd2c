import {
  isDnsLabel,
  isDnsSubdomain,
  isLabelKey,
  isLabelValue,
} from '../../../src/names/kubernetes.ts';
import { isSame } from './iam-documents.ts';
import type { KubeObject } from './objects.ts';

const apis: Readonly<Record<string, string>> = {
  Namespace: 'v1',
  Pod: 'v1',
  ServiceAccount: 'v1',
  ConfigMap: 'v1',
  Service: 'v1',
  Lease: 'coordination.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  CronJob: 'batch/v1',
  DaemonSet: 'apps/v1',
  Issuer: 'cert-manager.io/v1',
  ClusterIssuer: 'cert-manager.io/v1',
  Certificate: 'cert-manager.io/v1',
};

const isOfNoNamespace = (kind: string): boolean => /^(Namespace|Cluster.*)$/.test(kind);

/** Names, labels and places that Kubernetes refuses, and objects that nobody should sign as they are. */
export function objectViolations(object: KubeObject, chart: string): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  const is = (right: boolean, violation: string) =>
    right ? [] : [`${kind} ${name}: ${violation}`];
  const isTexts = (values: readonly unknown[]) =>
    values.every((value) => typeof value === 'string');
  return [
    ...is(apis[kind] === apiVersion, `apiVersion ${apiVersion}`),
    ...is(isNameOf(kind, name), 'not a name'),
    ...is(
      isOfNoNamespace(kind) ? namespace === undefined : isDnsLabel(namespace ?? ''),
      `namespace ${namespace}`,
    ),
    ...is(isTexts(Object.values(annotations)), 'an annotation that is no text'),
    ...is(Object.keys(labels).length >= 6, 'lacks labels'),
    ...Object.entries(labels).flatMap(([key, value]) =>
      is(
        isLabelKey(key) && typeof value === 'string' && isLabelValue(value),
        `label ${key}=${String(value)}`,
      ),
    ),
    ...is(kind !== 'ConfigMap' || name !== 'aws-auth', 'would replace the nodes’ roles'),
    ...namespaceViolations(object, chart).flatMap((violation) => is(false, violation)),
    ...is(kind !== 'Service' || isKiamService(object), 'not what agents ask for'),
  ];
}

/** Names of RBAC are path segments; the others that we make are DNS names, CronJobs' at most 52. */
function isNameOf(kind: string, name: unknown): boolean {
  if (typeof name !== 'string') return false;
  if (/^(Cluster)?Role/.test(kind)) return name.length > 0 && !/^\.\.?$|[/%]/.test(name);
  if (kind === 'Namespace' || kind === 'Service') return isDnsLabel(name);
  return kind === 'CronJob' ? isDnsLabel(name) && name.length <= 52 : isDnsSubdomain(name);
}

const kept = {
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  'helm.sh/resource-policy': 'keep',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
};

/** Never Kubernetes' own; never one that goes with our files; privileged for agents of nodes alone. */
function namespaceViolations(
  { kind, metadata: { name, labels = {}, annotations = {} } }: KubeObject,
  chart: string,
): readonly string[] {
  if (kind !== 'Namespace') return [];
  const level = chart === 'hub.k8s.yaml' ? 'restricted' : 'privileged';
  const isLevel = ['enforce', 'audit', 'warn'].every(
    (mode) => labels[`pod-security.kubernetes.io/${mode}`] === level,
  );
  return [
    ...(/^(default|kube-.*)$/.test(name) ? ['Kubernetes’ own'] : []),
    ...(Object.entries(kept).every(([key, value]) => annotations[key] === value)
      ? []
      : ['can be deleted']),
    ...(isLevel ? [] : [`not ${level}`]),
  ];
}

/** Of no address of its own: an agent's connection is to a server, and not to one that is gone. */
const isKiamService = ({ metadata: { name }, spec }: KubeObject): boolean =>
  name === 'kiam-server' &&
  isSame(spec, {
    clusterIP: 'None',
    ports: [{ name: 'grpc', port: 9610, protocol: 'TCP' }],
    selector: {
      'app.kubernetes.io/component': 'server',
      'app.kubernetes.io/instance': 'kiam-server',
      'app.kubernetes.io/name': 'kiam',
    },
  });
