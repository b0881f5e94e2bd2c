import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';

export interface WatchPodsProps {
  /** Of the ServiceAccount. */
  readonly name: string;
  readonly namespace: string;
  readonly fleet: string;
  readonly labels: Record<string, string>;
  /** What it needs besides. */
  readonly more?: readonly k8s.PolicyRule[];
}

/**
 * A ServiceAccount that may see the cluster's pods and namespaces, whose annotations say who may have
 * which role. Both agents list and watch and never `get` one (uswitch/kiam, pkg/k8s/listwatch.go;
 * jtblin/kube2iam, k8s/k8s.go).
 */
export function watchPods(scope: Construct, props: WatchPodsProps): void {
  const { name, namespace, labels, more = [] } = props;
  new k8s.KubeServiceAccount(scope, 'ServiceAccount', {
    metadata: { name, namespace, labels },
    automountServiceAccountToken: false,
  });
  // With the fleet's name and colons: nobody else's has it.
  const metadata = { name: `rollcall:${props.fleet}:${name}`, labels };
  new k8s.KubeClusterRole(scope, 'ClusterRole', {
    metadata,
    rules: [
      { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['list', 'watch'] },
      ...more,
    ],
  });
  new k8s.KubeClusterRoleBinding(scope, 'ClusterRoleBinding', {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}
