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
  type PropCheck,
} from './check-props.ts';
import { keepDistinct } from './distinct-objects.ts';
import { keepAnnotations } from './keep.ts';
import { defaultFleet, recommendedLabels } from './labels.ts';
import { clusterScoped } from './place.ts';

const levels = ['restricted', 'baseline', 'privileged'] as const;

/** Of every namespace here. */
export interface NamespaceProps {
  /** The namespace’s name. */
  readonly name: string;
  /**
   * The fleet: the label `app.kubernetes.io/part-of`.
   *
   * @default 'rollcall'
   */
  readonly fleet?: string;
  /**
   * Pod Security level that the namespace enforces, warns of and audits.
   *
   * @default 'restricted'
   */
  readonly podSecurity?: 'restricted' | 'baseline' | 'privileged';
}

export interface KeptNamespaceProps extends NamespaceProps {
  /**
   * Annotations besides those that keep it.
   *
   * @default none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The props of every namespace. */
export const namespaceProps: KnownProps<NamespaceProps> = {
  name: true,
  fleet: true,
  podSecurity: true,
};

/** What holds of every namespace's props. */
export const namespaceChecks = ({
  name,
  fleet,
  podSecurity,
}: NamespaceProps): readonly PropCheck[] => [
  ['name', name, 'dnsLabel'],
  ['fleet', fleet, 'dnsLabel', 'optional'],
  ['podSecurity', podSecurity, levels, 'optional'],
];

/**
 * A Namespace that is made and then kept: dropping it from a pruned tree would take everything in
 * it along, other people’s objects too. Flux, Argo CD and Helm are told to leave it.
 *
 * @example
 * new KeptNamespace(chart, 'tools', { name: 'tools', podSecurity: 'restricted' });
 */
export class KeptNamespace extends Construct {
  /** The Namespace. */
  readonly namespace: ApiObject;
  /** Its name. */
  readonly name: string;

  /** @throws PropsError for props that break the fleet file’s rules */
  constructor(scope: Construct, id: string, props: KeptNamespaceProps) {
    super(scope, id);
    refuseNoProps(this, props);
    const {
      name,
      fleet = defaultFleet,
      podSecurity: level = 'restricted',
      annotations = {},
    } = props;
    refuse(this, [
      ...unknownProps(props, { ...namespaceProps, annotations: true }),
      ...propProblems([...namespaceChecks(props), ...annotationChecks(annotations)]),
    ]);
    this.name = name;
    this.namespace = clusterScoped(
      new k8s.KubeNamespace(this, 'Namespace', {
        metadata: {
          name,
          annotations: { ...annotations, ...keepAnnotations },
          labels: {
            ...recommendedLabels({
              name: 'rollcall',
              instance: name,
              component: 'namespace',
              partOf: fleet,
            }),
            'pod-security.kubernetes.io/enforce': level,
            'pod-security.kubernetes.io/audit': level,
            'pod-security.kubernetes.io/warn': level,
          },
        },
      }),
    );
    this.node.defaultChild = this.namespace;
    keepDistinct(this);
  }
}

/** Kubernetes keeps the prefix for itself, and `default` is in every cluster (kubernetes.io, "Namespaces"). */
export const isKubernetesOwn = (namespace: string): boolean =>
  namespace === 'default' || namespace.startsWith('kube-');
