import type { KiamAccess, Kube2iamAccess } from '../src/access/graph.ts';
import type { Cluster } from '../src/fleet/model.ts';
import type { KiamChartProps } from './kiam.ts';
import type { Kube2iamChartProps } from './kube2iam.ts';

/** kiam, as a cluster of the fleet asks for it. */
export const kiamProps = (
  fleet: string,
  { region }: Cluster,
  { agent }: KiamAccess,
): KiamChartProps => ({
  fleet,
  namespace: agent.namespace,
  // Left to the chart otherwise: it makes none of Kubernetes' own.
  ...(agent.existingNamespace ? { existingNamespace: true } : {}),
  server: {
    roleArn: agent.serverRoleArn,
    // Pods name whole ARNs: what stands before a bare name is never used, and never asked for.
    baseArn: agent.serverRoleArn.slice(0, agent.serverRoleArn.indexOf('/') + 1),
    region,
    sessionSeconds: agent.sessionSeconds,
    nodeSelector: agent.serverNodes,
  },
  agent: { hostInterface: agent.hostInterface },
  certificates: { issuer: agent.issuer === 'issuer' ? 'Issuer' : 'ClusterIssuer' },
});

/** kube2iam, as a cluster of the fleet asks for it. */
export const kube2iamProps = (
  fleet: string,
  { region }: Cluster,
  { agent }: Kube2iamAccess,
): Kube2iamChartProps => ({
  fleet,
  namespace: agent.namespace,
  // Left to the chart otherwise: it makes none of Kubernetes' own.
  ...(agent.existingNamespace ? { existingNamespace: true } : {}),
  agent: {
    region,
    format: agent.format,
    sessionSeconds: agent.sessionSeconds,
    hostInterface: agent.hostInterface,
  },
});
