import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { exactly, permittedKey } from '../identities/kiam/expression.ts';
import { describe } from '../fleet/describe.ts';
import { isRoleName } from '../names/arn.ts';
import {
  isRoleArn,
  listProblems,
  propProblems,
  refuse,
  refuseNoProps,
  unknownProps,
} from './check-props.ts';
import {
  KeptNamespace,
  namespaceChecks,
  namespaceProps,
  type NamespaceProps,
} from './kept-namespace.ts';
import type { PropsProblem } from './props-error.ts';

export interface KiamNamespaceProps extends NamespaceProps {
  /**
   * The roles that pods of the namespace may have, exactly as their annotation
   * `iam.amazonaws.com/role` calls them: ARNs, or, with v3, names too. None: an empty list, which
   * kiam takes for a refusal.
   */
  readonly roles: readonly string[];
  /**
   * kiam’s major version: v4 matches the role’s whole ARN, v3 the role as the pod asks for it.
   *
   * @default 'v4'
   */
  readonly version?: 'v3' | 'v4';
}

/**
 * A Namespace whose pods kiam gives these roles and no other, whatever its flag
 * `--disable-strict-namespace-regexp` says.
 *
 * @example
 * new KiamNamespace(chart, 'metrics', {
 *   name: 'metrics',
 *   roles: ['arn:aws:iam::012345678901:role/eks-exporter-prd'],
 * });
 */
export class KiamNamespace extends Construct {
  /** The Namespace. */
  readonly namespace: ApiObject;
  /** Its name. */
  readonly name: string;

  /** @throws PropsError for props that break the fleet file’s rules, and for a role that is none */
  constructor(scope: Construct, id: string, props: KiamNamespaceProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const { roles, version = 'v4', ...namespace } = props;
    refuse(this, [
      ...unknownProps(props, { ...namespaceProps, roles: true, version: true }),
      ...propProblems([...namespaceChecks(props), ['version', version, ['v3', 'v4']]]),
      ...listProblems('roles', roles, (role, prop) => roleProblems(role, prop, version)),
    ]);
    const made = new KeptNamespace(this, 'Default', {
      ...namespace,
      annotations: { [permittedKey]: exactly(roles) },
    });
    this.namespace = made.namespace;
    this.name = made.name;
  }
}

function roleProblems(role: unknown, prop: string, version: 'v3' | 'v4'): readonly PropsProblem[] {
  if (isRoleArn(role) || (version === 'v3' && typeof role === 'string' && isRoleName(role)))
    return [];
  return [
    {
      code: 'construct/role-arn',
      prop,
      found: describe(role),
      expected: version === 'v4' ? 'the ARN of a role: v4 matches that' : 'a role’s ARN or name',
      next: 'Write the ARN that `aws iam get-role` shows.',
    },
  ];
}
