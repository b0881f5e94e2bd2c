import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { isKubernetesOwn, KeptNamespace } from '../src/constructs/kept-namespace.ts';
import { Kube2iam, type Kube2iamProps } from '../src/constructs/kube2iam/kube2iam.ts';

export interface Kube2iamChartProps {
  readonly fleet: string;
  /** @default 'kube-system' */
  readonly namespace?: string;
  /**
   * The namespace is someone else's, and none is made. It must let privileged pods in (Pod Security).
   *
   * @default whether it is one of Kubernetes' own: `default`, or `kube-…`
   */
  readonly existingNamespace?: boolean;
  readonly agent: Omit<Kube2iamProps, 'fleet' | 'namespace'>;
}

/** kube2iam. */
export class Kube2iamChart extends Chart {
  /** @throws Error for props with which it would not work: see its constructs. */
  constructor(scope: Construct, id: string, props: Kube2iamChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const { fleet, namespace = 'kube-system' } = props;
    if (!(props.existingNamespace ?? isKubernetesOwn(namespace))) {
      // It is on the host's network.
      new KeptNamespace(this, 'namespace', { name: namespace, fleet, podSecurity: 'privileged' });
    }
    new Kube2iam(this, 'kube2iam', { ...props.agent, fleet, namespace });
  }
}
