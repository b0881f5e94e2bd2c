import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { allowedRoles, allowedRolesKey } from '../identities/kube2iam/allowed-roles.ts';
import type { RoleArn } from '../names/arn.ts';
import { listProblems, propProblems, refuse, refuseNoProps, unknownProps } from './check-props.ts';
import {
  KeptNamespace,
  namespaceChecks,
  namespaceProps,
  type NamespaceProps,
} from './kept-namespace.ts';

export interface Kube2iamNamespaceProps extends NamespaceProps {
  /** ARNs of the roles that pods of the namespace may have. An empty list: none at all. */
  readonly roles: readonly string[];
  /**
   * How kube2iam reads the list: its flag `--namespace-restriction-format`.
   *
   * @default 'glob'
   */
  readonly format?: 'glob' | 'regexp';
}

/**
 * A Namespace whose pods kube2iam gives these roles and no other, where it runs with
 * `--namespace-restrictions`.
 *
 * @example
 * new Kube2iamNamespace(chart, 'metrics', {
 *   name: 'metrics',
 *   roles: ['arn:aws:iam::012345678901:role/eks-exporter-prd'],
 * });
 */
export class Kube2iamNamespace extends Construct {
  /** The Namespace. */
  readonly namespace: ApiObject;
  /** Its name. */
  readonly name: string;

  /** @throws PropsError for props that break the fleet file’s rules, and for a role that is none */
  constructor(scope: Construct, id: string, props: Kube2iamNamespaceProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const { roles, format = 'glob', ...namespace } = props;
    refuse(this, [
      ...unknownProps(props, { ...namespaceProps, roles: true, format: true }),
      ...propProblems([...namespaceChecks(props), ['format', format, ['glob', 'regexp']]]),
      ...listProblems('roles', roles, (role, prop) => propProblems([[prop, role, 'roleArn']])),
    ]);
    const allowed = allowedRoles(roles as readonly RoleArn[], format);
    // No ARN that has passed holds a wildcard.
    if (allowed.kind === 'inexpressible') throw new Error(`${allowed.arn}: ${allowed.reason}`);
    const made = new KeptNamespace(this, 'Default', {
      ...namespace,
      annotations: { [allowedRolesKey]: allowed.value },
    });
    this.namespace = made.namespace;
    this.name = made.name;
  }
}
