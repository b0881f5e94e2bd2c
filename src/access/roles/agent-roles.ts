import type { Cluster, Fleet } from '../../fleet/model.ts';
import type { RoleArn } from '../../names/arn.ts';
import type { Identities } from '../identities.ts';
import { ownRoleArn } from '../role-arns.ts';
import type { RoleDraft, RoleDrafts } from './drafts.ts';

/**
 * Roles that hand services' roles to pods: kiam's server, which the nodes that it runs on become, and
 * kube2iam's nodes. Nodes' roles are always someone else's.
 */
export function addAgentRoles(drafts: RoleDrafts, fleet: Fleet, identities: Identities): void {
  fleet.services.forEach((service) => {
    const { ways = [] } = identities.get(service.id) ?? {};
    if (service.kind !== 'pod') return;
    for (const arn of ways.flatMap(({ assumedBy }) => assumedBy)) {
      const draft = wantAgent(drafts, fleet, service.cluster, arn);
      if (draft) mayAssume(draft, ownRoleArn(fleet, service));
    }
  });
}

function wantAgent(
  drafts: RoleDrafts,
  fleet: Fleet,
  cluster: Cluster,
  arn: RoleArn,
): RoleDraft | undefined {
  const path = ['clusters', fleet.clusters.indexOf(cluster), 'agents'];
  const { kiam } = cluster;
  const isServer = kiam?.serverRoleArn === arn;
  const ownership = isServer && !kiam.existingServerRole ? 'rollcall' : 'existing';
  const draft = drafts.want({ arn, purpose: 'agent', ownership, path });
  if (draft && cluster.kube2iam?.existing === false && cluster.kube2iam.nodeRoleArns.includes(arn))
    draft.permissions.set('regions', regions);
  if (!draft || !isServer) return draft;
  drafts.addTrust(draft, { kind: 'role', roleArn: kiam.nodeRoleArn }, path);
  const node = drafts.want({
    arn: kiam.nodeRoleArn,
    purpose: 'agent',
    ownership: 'existing',
    path,
  });
  if (node) mayAssume(node, arn);
  return draft;
}

/** kube2iam asks for the regions before its first session (jtblin/kube2iam, iam/iam.go). */
const regions = {
  kind: 'asked',
  actions: ['ec2:DescribeRegions'],
  resources: ['*'],
  conditions: {},
} as const;

function mayAssume({ permissions }: RoleDraft, roleArn: RoleArn): void {
  permissions.set(roleArn, {
    kind: 'assume-role',
    roleArn,
    tagSession: false,
    setSourceIdentity: false,
  });
}
