import type { AccessEntry } from '../../access/graph.ts';
import type { PodIdentityAssociation } from '../../identities/mechanism.ts';
import type { ClusterModel, IamModel } from '../model.ts';
import { logicalId } from '../names.ts';
import { fleetTags, tagList } from '../tags.ts';
import type { Resource, Unit } from './template.ts';

/** What one cluster is told. */
export const eksUnits = (model: IamModel, cluster: ClusterModel): readonly Unit[] => [
  ...cluster.entries.map((entry) => ({
    [logicalId('Entry', cluster.eksCluster, `${cluster.eksCluster} ${entry.principalArn}`)]:
      entryResource(model, cluster, entry),
  })),
  ...cluster.associations.map((one) => ({
    [logicalId(
      'PodIdentity',
      `${cluster.eksCluster} ${one.namespace} ${one.serviceAccount}`,
      `${cluster.eksCluster} ${one.namespace} ${one.serviceAccount}`,
    )]: associationResource(model, cluster, one),
  })),
];

const entryResource = (
  model: IamModel,
  { eksCluster }: ClusterModel,
  entry: AccessEntry,
): Resource => ({
  Type: 'AWS::EKS::AccessEntry',
  Properties: {
    ClusterName: eksCluster,
    PrincipalArn: entry.principalArn,
    Type: 'STANDARD',
    Username: entry.username,
    ...(entry.groups.length === 0 ? {} : { KubernetesGroups: entry.groups }),
    ...(entry.policies.length === 0
      ? {}
      : {
          AccessPolicies: entry.policies.map(({ policyArn, namespaces }) => ({
            PolicyArn: policyArn,
            AccessScope:
              namespaces.length === 0
                ? { Type: 'cluster' }
                : { Type: 'namespace', Namespaces: namespaces },
          })),
        }),
    Tags: tagList(fleetTags(model)),
  },
});

const associationResource = (
  model: IamModel,
  { eksCluster }: ClusterModel,
  one: PodIdentityAssociation,
): Resource => ({
  Type: 'AWS::EKS::PodIdentityAssociation',
  Properties: {
    ClusterName: eksCluster,
    Namespace: one.namespace,
    ServiceAccount: one.serviceAccount,
    RoleArn: one.roleArn,
    ...(one.targetRoleArn === undefined ? {} : { TargetRoleArn: one.targetRoleArn }),
    DisableSessionTags: one.disableSessionTags,
    Tags: tagList(fleetTags(model)),
  },
});
