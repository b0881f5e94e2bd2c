import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { keepAnnotations } from './keep.ts';
import { recommendedLabels } from './labels.ts';

export interface KeptNamespaceProps {
  readonly name: string;
  readonly fleet: string;
  /**
   * Pod Security level that the namespace enforces, warns of and audits.
   *
   * @default 'restricted'
   */
  readonly podSecurity?: 'restricted' | 'baseline' | 'privileged';
  /**
   * Annotations besides those that keep it, such as which roles its pods may have.
   *
   * @default none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * A Namespace that is made and then kept: dropping it from a pruned tree would take everything in
 * it along, other people's objects too.
 */
export class KeptNamespace extends Construct {
  constructor(scope: Construct, id: string, props: KeptNamespaceProps) {
    super(scope, id);
    const level = props.podSecurity ?? 'restricted';
    new k8s.KubeNamespace(this, 'Namespace', {
      metadata: {
        name: props.name,
        annotations: { ...props.annotations, ...keepAnnotations },
        labels: {
          ...recommendedLabels({
            name: 'rollcall',
            instance: props.name,
            component: 'namespace',
            partOf: props.fleet,
          }),
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/audit': level,
          'pod-security.kubernetes.io/warn': level,
        },
      },
    });
  }
}

/** Kubernetes keeps the prefix for itself, and `default` is in every cluster (kubernetes.io, "Namespaces"). */
export const isKubernetesOwn = (namespace: string): boolean =>
  namespace === 'default' || namespace.startsWith('kube-');
