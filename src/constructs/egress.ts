import { k8s } from 'cdk8s-plus-27';

/** The node's metadata service: whoever reaches it can become the node's role. */
const instanceMetadata = { v4: '169.254.169.254/32', v6: 'fd00:ec2::254/128' };
/** NodeLocal DNSCache listens here (kubernetes.io, "Using NodeLocal DNSCache"). */
const nodeLocalDns = '169.254.20.10/32';

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
