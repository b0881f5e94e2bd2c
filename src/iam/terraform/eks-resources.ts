import type { AccessEntry } from '../../access/graph.ts';
import type { PodIdentityAssociation } from '../../identities/mechanism.ts';
import type { AccountModel, ClusterModel, IamModel } from '../model.ts';
import { label } from '../names.ts';
import { fleetTags } from '../tags.ts';
import { literal, literals, regionAlias, type Block } from './configuration.ts';
import type { Resources } from './iam-resources.ts';

/** What an account's clusters are told, each by the provider of its region. */
export function eksResources(model: IamModel, { clusters, roles }: AccountModel): Resources {
  const places = new Map<string, string>(
    roles
      .filter(({ role }) => role.ownership === 'rollcall')
      .map(({ role }) => [role.arn, `aws_iam_role.${label(role.name)}`]),
  );
  const entries = clusters.flatMap((cluster) =>
    cluster.entries.map((entry) => ({ cluster, entry })),
  );
  return {
    aws_eks_access_entry: Object.fromEntries(
      entries.map(({ cluster, entry }) => [
        entryLabel(cluster, entry),
        entryBlock(model, cluster, entry, places),
      ]),
    ),
    aws_eks_access_policy_association: Object.fromEntries(
      entries.flatMap(({ cluster, entry }) => policyBlocks(cluster, entry)),
    ),
    aws_eks_pod_identity_association: Object.fromEntries(
      clusters.flatMap((cluster) =>
        cluster.associations.map((one) => [
          label(`${cluster.name}/${one.namespace}/${one.serviceAccount}`),
          associationBlock(model, cluster, one, places),
        ]),
      ),
    ),
  };
}

const entryLabel = ({ name }: ClusterModel, { principalArn }: AccessEntry): string =>
  label(`${name}/${principalArn}`);

const inCluster = ({ eksCluster, region }: ClusterModel) => ({
  provider: `aws.${regionAlias(region)}`,
  cluster_name: literal(eksCluster),
});

const after = (places: ReadonlyMap<string, string>, arn: string) => {
  const place = places.get(arn);
  return place === undefined ? {} : { depends_on: [place] };
};

const entryBlock = (
  model: IamModel,
  cluster: ClusterModel,
  { principalArn, username, groups }: AccessEntry,
  places: ReadonlyMap<string, string>,
): Block => ({
  ...inCluster(cluster),
  principal_arn: literal(principalArn),
  type: 'STANDARD',
  user_name: literal(username),
  ...(groups.length === 0 ? {} : { kubernetes_groups: groups.map(literal) }),
  tags: literals(fleetTags(model)),
  ...after(places, principalArn),
});

const policyBlocks = (cluster: ClusterModel, entry: AccessEntry) =>
  entry.policies.map(({ policyArn, namespaces }): readonly [string, Block] => [
    label(`${cluster.name}/${entry.principalArn}/${policyArn}`),
    {
      ...inCluster(cluster),
      principal_arn: literal(entry.principalArn),
      policy_arn: literal(policyArn),
      access_scope:
        namespaces.length === 0
          ? { type: 'cluster' }
          : { type: 'namespace', namespaces: namespaces.map(literal) },
      depends_on: [`aws_eks_access_entry.${entryLabel(cluster, entry)}`],
    },
  ]);

const associationBlock = (
  model: IamModel,
  cluster: ClusterModel,
  one: PodIdentityAssociation,
  places: ReadonlyMap<string, string>,
): Block => ({
  ...inCluster(cluster),
  namespace: literal(one.namespace),
  service_account: literal(one.serviceAccount),
  role_arn: literal(one.roleArn),
  ...(one.targetRoleArn === undefined ? {} : { target_role_arn: literal(one.targetRoleArn) }),
  disable_session_tags: one.disableSessionTags,
  tags: literals(fleetTags(model)),
  ...after(places, one.roleArn),
});
