import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { UserGrant } from '../access/graph.ts';
import type { UserRight } from '../fleet/user-model.ts';
import { recommendedLabels } from './labels.ts';

export interface UserAccessProps {
  readonly fleet: string;
  readonly grant: UserGrant;
}

const rbac = 'rbac.authorization.k8s.io';

/**
 * What people may do in a cluster: Kubernetes' own ClusterRoles, or Roles of their own rules, bound
 * to a group that only they are given. A right without namespaces holds in the whole cluster.
 */
export class UserAccess extends Construct {
  constructor(scope: Construct, id: string, { fleet, grant }: UserAccessProps) {
    super(scope, id);
    const labels = recommendedLabels({
      name: 'rollcall',
      instance: grant.user,
      component: 'users',
      partOf: fleet,
    });
    const subjects = [{ apiGroup: rbac, kind: 'Group', name: grant.group }];
    grant.rights.forEach((right, index) => {
      const name = `${grant.group}:${right.kind === 'level' ? right.level : right.name}`;
      const place = { scope: this, id: String(index), name, labels, subjects };
      if (right.namespaces.length === 0) inCluster(place, right);
      else for (const namespace of right.namespaces) inNamespace(place, right, namespace);
    });
  }
}

interface Place {
  readonly scope: Construct;
  readonly id: string;
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly subjects: k8s.Subject[];
}

function inCluster({ scope, id, name, labels, subjects }: Place, right: UserRight): void {
  const metadata = { name, labels };
  if (right.kind === 'rules') {
    new k8s.KubeClusterRole(scope, `${id}-role`, { metadata, rules: rulesOf(right) });
  }
  new k8s.KubeClusterRoleBinding(scope, `${id}-binding`, {
    metadata,
    roleRef: roleRef('ClusterRole', name, right),
    subjects,
  });
}

function inNamespace(
  { scope, id, name, labels, subjects }: Place,
  right: UserRight,
  namespace: string,
): void {
  const metadata = { name, namespace, labels };
  if (right.kind === 'rules') {
    new k8s.KubeRole(scope, `${id}-${namespace}-role`, { metadata, rules: rulesOf(right) });
  }
  new k8s.KubeRoleBinding(scope, `${id}-${namespace}-binding`, {
    metadata,
    roleRef: roleRef('Role', name, right),
    subjects,
  });
}

const roleRef = (kind: 'Role' | 'ClusterRole', name: string, right: UserRight): k8s.RoleRef =>
  right.kind === 'level'
    ? { apiGroup: rbac, kind: 'ClusterRole', name: right.level }
    : { apiGroup: rbac, kind, name };

const rulesOf = ({ rules }: Extract<UserRight, { kind: 'rules' }>): k8s.PolicyRule[] =>
  rules.map(({ groups, resources, verbs, names }) => ({
    apiGroups: [...groups],
    resources: [...resources],
    ...(names.length > 0 ? { resourceNames: [...names] } : {}),
    verbs: [...verbs],
  }));
