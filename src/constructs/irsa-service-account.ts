import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { RoleArn } from '../names/arn.ts';
import { recommendedLabels } from './labels.ts';

export interface IrsaServiceAccountProps {
  readonly name: string;
  readonly namespace: string;
  /** The role that its pods become. One ServiceAccount holds one. */
  readonly roleArn: RoleArn;
  /** What the ServiceAccount is for: a label, which its name may be too long to be. */
  readonly service: string;
  readonly fleet: string;
}

/**
 * A ServiceAccount whose pods become an IAM role by a web identity
 * (aws/amazon-eks-pod-identity-webhook). Its own API token is mounted only where a pod asks.
 */
export class IrsaServiceAccount extends Construct {
  constructor(scope: Construct, id: string, props: IrsaServiceAccountProps) {
    super(scope, id);
    new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: {
        name: props.name,
        namespace: props.namespace,
        annotations: {
          'eks.amazonaws.com/role-arn': props.roleArn,
          'eks.amazonaws.com/sts-regional-endpoints': 'true',
        },
        labels: recommendedLabels({
          name: 'rollcall',
          instance: props.service,
          component: 'identity',
          partOf: props.fleet,
        }),
      },
      automountServiceAccountToken: false,
    });
  }
}
