import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  annotationChecks,
  propProblems,
  refuse,
  refuseNoProps,
  unknownProps,
  type KnownProps,
} from './check-props.ts';
import { keepDistinct } from './distinct-objects.ts';
import { defaultFleet, recommendedLabels } from './labels.ts';
import { namespaceOf, namespaceProblems } from './place.ts';
import type { PropsProblem } from './props-error.ts';

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

/** What is wrong with the props of a ServiceAccount. */
export function accountProblems(
  scope: Construct,
  props: ServiceAccountProps,
): readonly PropsProblem[] {
  const { name, namespace, automountToken, service, fleet } = props;
  const ofName = propProblems([['name', name, 'objectName']]);
  return [
    ...ofName,
    // A name may be too long to be a label; of one that is none that is no news.
    ...(service === undefined && ofName.length > 0
      ? []
      : propProblems([
          [service === undefined ? 'name' : 'service', service ?? name, 'labelValue'],
        ])),
    ...propProblems([
      ['fleet', fleet, 'dnsLabel', 'optional'],
      ['automountToken', automountToken, 'flag', 'optional'],
    ]),
    ...namespaceProblems(scope, namespace),
  ];
}

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
    refuseNoProps(this, props);
    const { annotations = {}, service = props.name, fleet = defaultFleet } = props;
    refuse(this, [
      ...unknownProps(props, { ...serviceAccountProps, annotations: true }),
      ...accountProblems(this, props),
      ...propProblems(annotationChecks(annotations)),
    ]);
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
