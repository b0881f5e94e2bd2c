import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { annotationChecks, checkKnown, checkProps, type KnownProps } from './check-props.ts';
import { keepDistinct } from './distinct-objects.ts';
import { defaultFleet, recommendedLabels } from './labels.ts';
import { namespaceOf } from './place.ts';

/** Of every ServiceAccount here. */
export interface ServiceAccountProps {
  /** The ServiceAccount’s name. Roles that trust it, and associations, name it exactly. */
  readonly name: string;
  /**
   * The namespace that it is in.
   *
   * @default the chart’s
   */
  readonly namespace?: string;
  /**
   * Whether pods have its API token unless they say otherwise.
   *
   * @default Kubernetes’ own: they have
   */
  readonly automountToken?: boolean;
  /**
   * What the ServiceAccount is for: the label `app.kubernetes.io/instance`. Needed where its name is
   * too long to be a label.
   *
   * @default its name
   */
  readonly service?: string;
  /**
   * The fleet: the label `app.kubernetes.io/part-of`.
   *
   * @default 'rollcall'
   */
  readonly fleet?: string;
}

export interface IdentityServiceAccountProps extends ServiceAccountProps {
  /**
   * By which it is known to whoever gives its pods their AWS identity.
   *
   * @default none: an association, or annotations elsewhere, name it
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The props of every ServiceAccount. */
export const serviceAccountProps: KnownProps<ServiceAccountProps> = {
  name: true,
  namespace: true,
  automountToken: true,
  service: true,
  fleet: true,
};

/**
 * A ServiceAccount whose pods have an AWS identity, by whatever way: the way’s own annotations are
 * given. `IrsaServiceAccount` and `PodIdentityServiceAccount` know theirs.
 *
 * @example
 * new IdentityServiceAccount(chart, 'exporter', {
 *   name: 'exporter',
 *   namespace: 'metrics',
 *   annotations: { 'example.com/identity': 'exporter' },
 * });
 */
export class IdentityServiceAccount extends Construct {
  /** The ServiceAccount. */
  readonly serviceAccount: ApiObject;
  /** Its name. */
  readonly name: string;
  /** The namespace that it is in. */
  readonly namespace: string;

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: IdentityServiceAccountProps) {
    super(scope, id);
    checkKnown(this, props, { ...serviceAccountProps, annotations: true });
    const { annotations = {}, service = props.name, fleet = defaultFleet } = props;
    checkProps(
      this,
      ['name', props.name, 'objectName'],
      [props.service === undefined ? 'name' : 'service', service, 'labelValue'],
      ['fleet', fleet, 'dnsLabel'],
      ['automountToken', props.automountToken, 'flag', 'optional'],
      ...annotationChecks(annotations),
    );
    this.name = props.name;
    this.namespace = namespaceOf(this, props.namespace);
    this.serviceAccount = new k8s.KubeServiceAccount(this, 'ServiceAccount', {
      metadata: {
        name: props.name,
        namespace: this.namespace,
        ...(Object.keys(annotations).length > 0 ? { annotations: { ...annotations } } : {}),
        labels: recommendedLabels({
          name: 'rollcall',
          instance: service,
          component: 'identity',
          partOf: fleet,
        }),
      },
      ...(props.automountToken === undefined
        ? {}
        : { automountServiceAccountToken: props.automountToken }),
    });
    this.node.defaultChild = this.serviceAccount;
    keepDistinct(this);
  }
}
