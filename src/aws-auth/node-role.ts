import type { Mapping } from './sections.ts';

/** The types of access entries that stand for machines (EKS user guide, Create access entries). */
export type NodeType = 'EC2_LINUX' | 'EC2_WINDOWS' | 'FARGATE_LINUX' | 'HYBRID_LINUX';

/** Of machines that join the cluster: without it they are NotReady. */
export const isNodeMapping = ({ username, groups }: Omit<Mapping, 'arn'>): boolean =>
  groups.includes('system:nodes') ||
  username.startsWith('system:node:') ||
  username.includes('{{EC2PrivateDNSName}}');

/**
 * The type that has the user and groups of a node mapping as EKS writes it; `undefined` for one that
 * has another user or more groups (EKS user guide: Migrating existing aws-auth ConfigMap entries,
 * Launch self-managed Windows nodes, Prepare cluster access for hybrid nodes).
 */
export function nodeTypeOf({ username, groups }: Omit<Mapping, 'arn'>): NodeType | undefined {
  const key = [...new Set(groups)].sort().join(' ');
  return nodeMappings.find((one) => one.username === username && one.groups === key)?.type;
}

/** Groups in alphabetical order. */
const nodeMappings: readonly {
  readonly type: NodeType;
  readonly username: string;
  readonly groups: string;
}[] = [
  {
    type: 'EC2_LINUX',
    username: 'system:node:{{EC2PrivateDNSName}}',
    groups: 'system:bootstrappers system:nodes',
  },
  {
    type: 'EC2_WINDOWS',
    username: 'system:node:{{EC2PrivateDNSName}}',
    groups: 'eks:kube-proxy-windows system:bootstrappers system:nodes',
  },
  {
    type: 'FARGATE_LINUX',
    username: 'system:node:{{SessionName}}',
    groups: 'system:bootstrappers system:node-proxier system:nodes',
  },
  {
    type: 'HYBRID_LINUX',
    username: 'system:node:{{SessionName}}',
    groups: 'system:bootstrappers system:nodes',
  },
];
