import type { Cluster, Fleet, PodService, Reach, Service } from '../../../src/fleet/model.ts';
import { kiamPermits } from '../../identities/kiam/matcher.ts';
import { kube2iamPermits } from '../../identities/kube2iam/matcher.ts';

/** Everything here is said a second time, in the words of IAM and of the agents, not of the graph. */

export const podServices = ({ services }: Fleet): readonly PodService[] =>
  services.filter((service): service is PodService => service.kind === 'pod');

export const ownArn = ({ iam }: Fleet, { partition, account, existingRole, role }: Service) =>
  `arn:${partition}:iam::${account.id}:role${existingRole ? '/' : iam.path}${role}`;

export const targetArn = ({ iam }: Fleet, { existing, role }: Reach, at: Cluster) =>
  `arn:${at.partition}:iam::${at.account.id}:role${existing ? '/' : iam.path}${role}`;

export const clusterArnOf = ({ partition, region, account, eksCluster }: Cluster) =>
  `arn:${partition}:eks:${region}:${account.id}:cluster/${eksCluster}`;

/** `role ← who, by what`, for each way in that pods have without another role. */
export function podTrusts(fleet: Fleet, service: PodService): readonly string[] {
  const { podIdentity, cluster, namespace, serviceAccount } = service;
  const own = ownArn(fleet, service);
  switch (podIdentity.kind) {
    case 'irsa': {
      const issuer = cluster.oidcIssuer ?? '';
      const roles =
        podIdentity.hops === 2
          ? [own]
          : [...(service.policies.length > 0 ? [own] : []), ...targetsOf(fleet, service)];
      return roles.map((role) => {
        const [, partition = '', , , account = ''] = role.split(':');
        const provider = `arn:${partition}:iam::${account}:oidc-provider/${issuer.replace('https://', '')}`;
        return `${role} ← ${provider} ${issuer} ${podIdentity.audience} system:serviceaccount:${namespace}:${serviceAccount}`;
      });
    }
    case 'eks-pod-identity':
      return [
        `${own} ← ${cluster.account.id} ${clusterArnOf(cluster)} ${namespace}/${serviceAccount} tags ${podIdentity.sessionTags}`,
      ];
    case 'kiam':
    case 'kube2iam':
      return [];
  }
}

/** Each role that a service reaches, once. */
export const targetsOf = (fleet: Fleet, { reach }: Service): readonly string[] => [
  ...new Set(reach.flatMap((one) => one.clusters.map((at) => targetArn(fleet, one, at)))),
];

/** What a bare name stands for with a node's agent. */
export const baseArn = ({ partition, account }: Cluster) =>
  `arn:${partition}:iam::${account.id}:role/`;

/** What the node's agent says to a pod of this namespace that asks for the role. */
export function agentPermits(
  cluster: Cluster,
  annotations: Readonly<Record<string, string>>,
  kind: 'kiam' | 'kube2iam',
  role: string,
): boolean {
  const base = baseArn(cluster);
  if (kind === 'kiam') {
    const permitted = annotations['iam.amazonaws.com/permitted'] ?? '';
    const matching = cluster.kiam?.version ?? 'v4';
    return kiamPermits({ permitted, annotation: role, matching, base });
  }
  const allowed = annotations['iam.amazonaws.com/allowed-roles'];
  const format = cluster.kube2iam?.format ?? 'glob';
  return allowed !== undefined && kube2iamPermits({ allowed, annotation: role, format, base });
}
