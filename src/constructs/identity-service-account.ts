import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { recommendedLabels } from './labels.ts';

export interface IdentityServiceAccountProps {
  readonly name: string;
  readonly namespace: string;
  /**
   * By which it is known to whoever gives its pods their AWS identity.
   *
   * @default none: an association, or annotations elsewhere, name it
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Whether pods have its API token unless they say otherwise.
   *
   * @default Kubernetes' own: they have
   */
  readonly automountToken?: boolean;
  /** What the ServiceAccount is for: a label, which its name may be too long to be. */
  readonly service: string;
  readonly fleet: string;
}

/** A ServiceAccount whose pods have an AWS identity. */
export class IdentityServiceAccount extends Construct {
  constructor(scope: Construct, id: string, props: IdentityServiceAccountProps) {
    super(scope, id);
    const { annotations = {} } = props;
    new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: {
        name: props.name,
        namespace: props.namespace,
        ...(Object.keys(annotations).length > 0 ? { annotations: { ...annotations } } : {}),
        labels: recommendedLabels({
          name: 'rollcall',
          instance: props.service,
          component: 'identity',
          partOf: props.fleet,
        }),
      },
      ...(props.automountToken === undefined
        ? {}
        : { automountServiceAccountToken: props.automountToken }),
    });
  }
}
