import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { Grant, GrantRule } from '../access/graph.ts';
import { recommendedLabels } from './labels.ts';

export interface RestartAccessProps {
  readonly fleet: string;
  readonly grant: Grant;
}

/**
 * What a mapped user may do in one namespace of a target cluster: the rules of a grant, written down
 * as a Role. Where a restart selects by labels, a rule over its kind carries no names, and its user
 * may patch every workload of the kind in the namespace: RBAC knows no labels. A grant of the access
 * graph holds such a rule, or one over Pods and Events, only where a restart asks for it.
 */
export class RestartAccess extends Construct {
  readonly role: ApiObject;
  readonly roleBinding: ApiObject;

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
    this.role = new k8s.KubeRole(this, 'Role', {
      metadata: { name, namespace, labels },
      rules: grant.rules.map(policyRule),
    });
    this.roleBinding = new k8s.KubeRoleBinding(this, 'RoleBinding', {
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: grant.username }],
    });
  }
}

const policyRule = ({ group, resource, names, verbs }: GrantRule): k8s.PolicyRule => ({
  apiGroups: [group],
  resources: [resource],
  ...(names ? { resourceNames: [...names] } : {}),
  verbs: [...verbs],
});
