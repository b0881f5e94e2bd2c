import type { PodIdentityAssociation } from '../../identities/mechanism.ts';
import { asciiJson } from '../json.ts';
import type { AccountModel, ClusterModel, IamModel, RoleModel, RolePolicy } from '../model.ts';
import { managedPolicyArn } from '../policy-names.ts';
import { trustSidPattern } from '../sids.ts';
import { fleetTags, tagList, tagsOf } from '../tags.ts';
import { entryCall } from './entry-call.ts';
import { command } from './shell.ts';

const json = (value: unknown): string => asciiJson(value, 2);

/** A call of a function for each thing of an account, in the order in which AWS accepts them. */
export const calls = (model: IamModel, account: AccountModel): readonly string[] => [
  ...account.providers.map(({ arn, issuer, clientIds, ownership }) => {
    const want = { Url: issuer, ClientIDList: clientIds, Tags: tagList(tagsOf(model)) };
    return command('oidc_provider', arn, json(want), ownership === 'existing' ? 'yes' : 'no');
  }),
  ...account.roles.flatMap((role) => trustCall(model, role)),
  ...account.roles.flatMap((role) =>
    role.policies.map((policy) => policyCall(model, role, policy)),
  ),
  ...account.clusters.flatMap((cluster) => [
    ...cluster.entries.map((entry) => entryCall(model, cluster, entry)),
    ...cluster.associations.map((one) => associationCall(model, cluster, one)),
  ]),
];

function trustCall(
  model: IamModel,
  { role, trust, permissionsBoundary }: RoleModel,
): readonly string[] {
  if (!trust) return [];
  const key = { RoleName: role.name };
  const ours = trustSidPattern(model.fleet);
  if (role.ownership === 'existing') {
    const seconds = String(role.maxSessionSeconds);
    return [command('trust_statements', json(key), json(trust), ours, seconds)];
  }
  const want = {
    ...key,
    Path: role.iamPath,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(permissionsBoundary === undefined ? {} : { PermissionsBoundary: permissionsBoundary }),
    Tags: tagList(tagsOf(model)),
  };
  return [command('own_role', json(want), json(trust), ours)];
}

function policyCall(model: IamModel, { role }: RoleModel, policy: RolePolicy): string {
  const { kind, name, document } = policy;
  const key = { RoleName: role.name };
  if (kind === 'inline') {
    return command('inline_policy', json({ ...key, PolicyName: name }), json(document));
  }
  const { path } = model.settings;
  const arn = managedPolicyArn(role.partition, role.account, path, name);
  const want = { PolicyName: name, Path: path, Tags: tagList(tagsOf(model)) };
  return command('managed_policy', arn, json(want), json(document), json(key));
}

const associationCall = (
  model: IamModel,
  cluster: ClusterModel,
  one: PodIdentityAssociation,
): string =>
  command(
    'pod_identity_association',
    cluster.region,
    json({
      clusterName: cluster.eksCluster,
      namespace: one.namespace,
      serviceAccount: one.serviceAccount,
      roleArn: one.roleArn,
      ...(one.targetRoleArn === undefined ? {} : { targetRoleArn: one.targetRoleArn }),
      disableSessionTags: one.disableSessionTags,
      tags: fleetTags(model),
    }),
  );
