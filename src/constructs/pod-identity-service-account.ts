import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { PodIdentityAssociation } from '../identities/mechanism.ts';
import type { RoleArn } from '../names/arn.ts';
import {
  propProblems,
  refuse,
  refuseNoProps,
  unknownProps,
  type KnownProps,
} from './check-props.ts';
import {
  accountProblems,
  IdentityServiceAccount,
  serviceAccountProps,
  type ServiceAccountProps,
} from './identity-service-account.ts';
import type { EksPodIdentityIdentity } from './restart-identity.ts';

export interface PodIdentityServiceAccountProps extends ServiceAccountProps {
  /**
   * The ARN of the role that the association gives its pods, in the cluster’s account. It trusts
   * `pods.eks.amazonaws.com`.
   */
  readonly roleArn: string;
  /**
   * The ARN of a role in any account, into which the agent makes a second hop.
   *
   * @default none
   */
  readonly targetRoleArn?: string;
  /**
   * Whether sessions bear the tags that say which pod they are of.
   *
   * @default true
   */
  readonly sessionTags?: boolean;
}

const knownProps: KnownProps<PodIdentityServiceAccountProps> = {
  ...serviceAccountProps,
  roleArn: true,
  targetRoleArn: true,
  sessionTags: true,
};

/**
 * A ServiceAccount for EKS Pod Identity (EKS user guide). Nothing on it says so: an association in
 * EKS names it, which no manifest can make. `association` is what goes into it.
 *
 * @example
 * const account = new PodIdentityServiceAccount(chart, 'exporter', {
 *   name: 'exporter',
 *   namespace: 'metrics',
 *   roleArn: 'arn:aws:iam::012345678901:role/eks-exporter-prd',
 * });
 * // aws eks create-pod-identity-association --cluster-name … with these:
 * const { namespace, serviceAccount, roleArn } = account.association;
 * console.log(`--namespace ${namespace} --service-account ${serviceAccount} --role-arn ${roleArn}`);
 */
export class PodIdentityServiceAccount extends Construct {
  /** The ServiceAccount. */
  readonly serviceAccount: ApiObject;
  /** Its name. */
  readonly name: string;
  /** The namespace that it is in. */
  readonly namespace: string;
  /** What the association says (EKS API reference, CreatePodIdentityAssociation). */
  readonly association: PodIdentityAssociation;
  /** For a `RestartCronJob` whose pods run as it. */
  readonly identity: EksPodIdentityIdentity;

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: PodIdentityServiceAccountProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const { roleArn, targetRoleArn, sessionTags = true, ...account } = props;
    refuse(this, [
      ...unknownProps(props, knownProps),
      ...accountProblems(this, props),
      ...propProblems([
        ['roleArn', roleArn, 'roleArn'],
        ['targetRoleArn', targetRoleArn, 'roleArn', 'optional'],
        ['sessionTags', sessionTags, 'flag'],
      ]),
    ]);
    const target = targetRoleArn as RoleArn | undefined;
    const made = new IdentityServiceAccount(this, 'Default', account);
    this.serviceAccount = made.serviceAccount;
    this.name = made.name;
    this.namespace = made.namespace;
    this.association = {
      namespace: made.namespace,
      serviceAccount: made.name,
      roleArn: roleArn as RoleArn,
      ...(target === undefined ? {} : { targetRoleArn: target }),
      disableSessionTags: !sessionTags,
    };
    this.identity = {
      kind: 'eks-pod-identity',
      roleArn,
      serviceAccount: made.name,
      namespace: made.namespace,
      ...(target === undefined ? {} : { targetRole: true }),
    };
  }
}
