import type { ProviderNode } from '../../access/graph.ts';
import type { AccountModel, IamModel, RoleModel, RolePolicy } from '../model.ts';
import { logicalId } from '../names.ts';
import { tagList, tagsOf } from '../tags.ts';
import { trustedArns } from '../trusted.ts';
import type { Resource, Unit } from './template.ts';

/** What one account's IAM comes to: its providers, then its roles in the model's order. */
export const iamUnits = (model: IamModel, account: AccountModel): readonly Unit[] => [
  ...account.providers
    .filter(({ ownership }) => ownership === 'rollcall')
    .map((provider) => ({ [providerId(provider.arn)]: providerResource(model, provider) })),
  ...account.roles.map((role) => roleUnit(model, role)),
];

const providerId = (arn: string): string => logicalId('Provider', '', arn);
const roleId = (arn: string): string => logicalId('Role', arn.slice(arn.lastIndexOf('/') + 1), arn);

/** Kept when its stack goes: roles of others may rely on it by then. */
const providerResource = (model: IamModel, { issuer, clientIds }: ProviderNode): Resource => ({
  Type: 'AWS::IAM::OIDCProvider',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { Url: issuer, ClientIdList: clientIds, Tags: tagList(tagsOf(model)) },
});

function roleUnit(model: IamModel, roleModel: RoleModel): Unit {
  const { role, policies } = roleModel;
  const own = role.ownership === 'rollcall';
  const apart = own ? policies.filter(({ kind }) => kind === 'managed') : policies;
  return {
    ...(own ? { [roleId(role.arn)]: roleResource(model, roleModel) } : {}),
    ...Object.fromEntries(apart.map((policy) => policyResource(model, roleModel, policy))),
  };
}

function roleResource(model: IamModel, roleModel: RoleModel): Resource {
  const { role, trust, policies, permissionsBoundary } = roleModel;
  const inline = policies.filter(({ kind }) => kind === 'inline');
  const after = trustedArns(role).map((arn) =>
    arn.includes(':oidc-provider/') ? providerId(arn) : roleId(arn),
  );
  return {
    Type: 'AWS::IAM::Role',
    // Of these the template keeps what stands in it.
    DependsOn: after,
    Properties: {
      RoleName: role.name,
      Path: role.iamPath,
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: role.maxSessionSeconds,
      ...(permissionsBoundary === undefined ? {} : { PermissionsBoundary: permissionsBoundary }),
      ...(inline.length === 0
        ? {}
        : {
            Policies: inline.map(({ name, document }) => ({
              PolicyName: name,
              PolicyDocument: document,
            })),
          }),
      Tags: tagList(tagsOf(model)),
    },
  };
}

function policyResource(
  { settings }: IamModel,
  { role }: RoleModel,
  { kind, name, document }: RolePolicy,
): readonly [string, Resource] {
  const after = role.ownership === 'rollcall' ? { DependsOn: [roleId(role.arn)] } : {};
  const identity = `${role.arn} ${name}`;
  if (kind === 'inline') {
    return [
      logicalId('RolePolicy', role.name, identity),
      {
        Type: 'AWS::IAM::RolePolicy',
        ...after,
        Properties: { RoleName: role.name, PolicyName: name, PolicyDocument: document },
      },
    ];
  }
  return [
    logicalId('ManagedPolicy', role.name, identity),
    {
      Type: 'AWS::IAM::ManagedPolicy',
      ...after,
      Properties: {
        ManagedPolicyName: name,
        Path: settings.path,
        PolicyDocument: document,
        Roles: [role.name],
      },
    },
  ];
}
