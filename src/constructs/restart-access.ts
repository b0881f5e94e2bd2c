import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Grant } from '../access/graph.ts';
import { recommendedLabels } from './labels.ts';

export interface RestartAccessProps {
  readonly fleet: string;
  readonly grant: Grant;
}

/**
 * What a mapped user may do in one namespace of a target cluster: read and patch the Deployments
 * that are named, and watch. `list` and `watch` can be authorised by name only one name at a time
 * (with `fieldSelector=metadata.name=X`; kubernetes.io, "Using RBAC Authorization", "Referring to
 * resources"), so with several names they cover the namespace.
 */
export class RestartAccess extends Construct {
  constructor(scope: Construct, id: string, props: RestartAccessProps) {
    super(scope, id);
    const { grant } = props;
    const { namespace } = grant;
    // The fleet's name and a colon, so that neither another fleet's Role nor a hub's can have it.
    const name = `rollcall:${props.fleet}:${grant.service}`;
    const labels = recommendedLabels({
      name: 'rollcall',
      instance: grant.service,
      component: 'access',
      partOf: props.fleet,
    });
    new k8s.KubeRole(this, 'Role', {
      metadata: { name, namespace, labels },
      rules: restartRules(grant.names),
    });
    new k8s.KubeRoleBinding(this, 'RoleBinding', {
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: grant.username }],
    });
  }
}

function restartRules(names: readonly string[]): k8s.PolicyRule[] {
  const deployments = { apiGroups: ['apps'], resources: ['deployments'] };
  if (names.length === 1) {
    return [
      { ...deployments, resourceNames: [...names], verbs: ['get', 'list', 'watch', 'patch'] },
    ];
  }
  return [
    { ...deployments, resourceNames: [...names], verbs: ['get', 'patch'] },
    { ...deployments, verbs: ['list', 'watch'] },
  ];
}
