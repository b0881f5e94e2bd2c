import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { isKubernetesOwn, KeptNamespace } from '../src/constructs/kept-namespace.ts';
import {
  KiamCertificates,
  type KiamCertificatesProps,
} from '../src/constructs/kiam/certificates.ts';
import { KiamAgent, type KiamAgentProps } from '../src/constructs/kiam/kiam-agent.ts';
import { KiamServer, type KiamServerProps } from '../src/constructs/kiam/kiam-server.ts';

type Common = 'fleet' | 'namespace';

export interface KiamChartProps {
  readonly fleet: string;
  /** @default 'kiam' */
  readonly namespace?: string;
  /**
   * The namespace is someone else's, and none is made. It must let privileged pods in (Pod Security).
   *
   * @default whether it is one of Kubernetes' own: `default`, or `kube-…`
   */
  readonly existingNamespace?: boolean;
  readonly server: Omit<KiamServerProps, Common>;
  /** On every node but the server's. */
  readonly agent?: Omit<KiamAgentProps, Common | 'serverNodes'>;
  readonly certificates?: Omit<KiamCertificatesProps, Common>;
}

/** kiam v4 with its certificates, which cert-manager must be there to make. */
export class KiamChart extends Chart {
  /** @throws Error for props with which it would not work: see its constructs. */
  constructor(scope: Construct, id: string, props: KiamChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const { fleet, namespace = 'kiam', server } = props;
    if (!(props.existingNamespace ?? isKubernetesOwn(namespace))) {
      // Agents are on the host's network.
      new KeptNamespace(this, 'namespace', { name: namespace, fleet, podSecurity: 'privileged' });
    }
    new KiamCertificates(this, 'certificates', { ...props.certificates, fleet, namespace });
    new KiamServer(this, 'server', { ...server, fleet, namespace });
    new KiamAgent(this, 'agent', {
      ...props.agent,
      fleet,
      namespace,
      ...(server.nodeSelector ? { serverNodes: server.nodeSelector } : {}),
    });
  }
}
