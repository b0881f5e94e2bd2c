import { k8s } from 'cdk8s-plus-27';
import type { LinkLocal } from '../identities/mechanism.ts';

/** The node's metadata service: whoever reaches it can become the node's role. */
const instanceMetadata = { v4: '169.254.169.254/32', v6: 'fd00:ec2::254/128' };
/** NodeLocal DNSCache listens here (kubernetes.io, "Using NodeLocal DNSCache"). */
const nodeLocalDns = '169.254.20.10/32';

/** Where the EKS Pod Identity agent answers, on port 80 (EKS user guide, "Set up the Amazon EKS Pod Identity Agent"). */
const podIdentityAgent = { v4: '169.254.170.23/32', v6: 'fd00:ec2::23/128' };

export const networkPort = (number: number, protocol: string): k8s.NetworkPolicyPort => ({
  port: k8s.IntOrString.fromNumber(number),
  protocol,
});

/** To the cluster's DNS. */
export const dnsEgress = (): k8s.NetworkPolicyEgressRule => ({
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
    { ipBlock: { cidr: nodeLocalDns } },
  ],
  ports: ['UDP', 'TCP'].map((protocol) => networkPort(53, protocol)),
});

/** Every address but the metadata service's. */
export const anyAddress = (): k8s.NetworkPolicyPeer[] => [
  { ipBlock: { cidr: '0.0.0.0/0', except: [instanceMetadata.v4] } },
  { ipBlock: { cidr: '::/0', except: [instanceMetadata.v6] } },
];

/**
 * What the pods' identity asks for. An agent in place of the metadata service is reached through a
 * DNAT to its port on the node; whether a policy sees the address before or after that is up to the
 * network plugin, so both are let through.
 */
export function linkLocalEgress(place: LinkLocal): k8s.NetworkPolicyEgressRule[] {
  switch (place.kind) {
    case 'pod-identity-agent':
      return [
        {
          to: [
            { ipBlock: { cidr: podIdentityAgent.v4 } },
            { ipBlock: { cidr: podIdentityAgent.v6 } },
          ],
          ports: [networkPort(80, 'TCP')],
        },
      ];
    case 'metadata':
      return [
        {
          to: [{ ipBlock: { cidr: instanceMetadata.v4 } }],
          ports: [networkPort(80, 'TCP')],
        },
        { to: anyAddress(), ports: [networkPort(place.agentPort, 'TCP')] },
      ];
  }
}
