import type { RoleNode, Trust } from '../access/graph.ts';
import type { AccountModel, IamModel, RoleModel } from './model.ts';

/** What a role's trust names as principals: ARNs of providers, of roles and of users. */
export const trustedArns = ({ trusts }: RoleNode): readonly string[] => [
  ...new Set(trusts.flatMap(principalArn)),
];

function principalArn(trust: Trust): readonly string[] {
  switch (trust.kind) {
    case 'web-identity':
      return [trust.providerArn];
    case 'role':
      return [trust.roleArn];
    case 'people':
      return [trust.principalArn];
    case 'pod-identity':
      return [];
  }
}

/** The roles that are made, by their ARNs. */
export type OwnRoles = ReadonlyMap<string, RoleModel>;

export const ownRoles = ({ accounts }: IamModel): OwnRoles =>
  new Map(
    accounts
      .flatMap(({ roles }) => roles)
      .filter(({ role }) => role.ownership === 'rollcall')
      .map((one) => [one.role.arn, one]),
  );

/** The roles of other accounts that must be there before an account's own: those that its roles trust. */
export const trustedElsewhere = (own: OwnRoles, account: AccountModel): readonly RoleModel[] =>
  [...new Set(account.roles.flatMap(({ role }) => trustedArns(role)))]
    .flatMap((arn) => own.get(arn) ?? [])
    .filter(({ role }) => role.account !== account.id)
    .sort((a, b) => a.order - b.order);
