import { asciiJson } from '../json.ts';
import type { AccountModel, IamModel, RoleModel, RolePolicy } from '../model.ts';
import { label } from '../names.ts';
import { tagsOf } from '../tags.ts';
import { trustedArns } from '../trusted.ts';
import { literal, literals, type Block } from './configuration.ts';

/** Resources by their type, then by their name in the module. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** An input that says that a role of another account is there: what trusts it waits for it. */
export const roleVariable = ({ role }: RoleModel): string =>
  `role_${role.account}_${label(role.name)}`;

/** What one account's IAM comes to. */
export function iamResources(
  model: IamModel,
  account: AccountModel,
  elsewhere: readonly RoleModel[],
): Resources {
  const own = account.roles.filter(({ role }) => role.ownership === 'rollcall');
  const places = new Map<string, string>([
    ...ownProviders(account).map(
      ({ arn }) => [arn, `aws_iam_openid_connect_provider.${providerLabel(arn)}`] as const,
    ),
    ...own.map(({ role }) => [role.arn, `aws_iam_role.${label(role.name)}`] as const),
    ...elsewhere.map((one) => [one.role.arn, `var.${roleVariable(one)}`] as const),
  ]);
  const policies = account.roles.flatMap((role) =>
    role.policies.map((policy) => ({ role, policy })),
  );
  const managed = policies.filter(({ policy }) => policy.kind === 'managed');
  return {
    aws_iam_openid_connect_provider: providerBlocks(model, account),
    aws_iam_role: Object.fromEntries(
      own.map((role) => [label(role.role.name), roleBlock(model, role, places)]),
    ),
    aws_iam_role_policy: Object.fromEntries(
      policies
        .filter(({ policy }) => policy.kind === 'inline')
        .map(({ role, policy }) => [label(role.role.name), inlineBlock(role, policy)]),
    ),
    aws_iam_policy: Object.fromEntries(
      managed.map(({ policy }) => [label(policy.name), managedBlock(model, policy)]),
    ),
    aws_iam_role_policy_attachment: Object.fromEntries(
      managed.map(({ role, policy }) => [
        label(policy.name),
        { role: roleName(role), policy_arn: `\${aws_iam_policy.${label(policy.name)}.arn}` },
      ]),
    ),
  };
}

const ownProviders = ({ providers }: AccountModel) =>
  providers.filter(({ ownership }) => ownership === 'rollcall');

const providerLabel = (arn: string): string => label(arn.slice(arn.indexOf('/') + 1));

/** Never destroyed by the way: roles of others may rely on it by then. */
const providerBlocks = (model: IamModel, account: AccountModel) =>
  Object.fromEntries(
    ownProviders(account).map(({ arn, issuer, clientIds }) => [
      providerLabel(arn),
      {
        url: literal(issuer),
        client_id_list: clientIds.map(literal),
        tags: literals(tagsOf(model)),
        lifecycle: { prevent_destroy: true },
      },
    ]),
  );

function roleBlock(
  model: IamModel,
  { role, trust, permissionsBoundary }: RoleModel,
  places: ReadonlyMap<string, string>,
): Block {
  const after = trustedArns(role).flatMap((arn) => places.get(arn) ?? []);
  return {
    name: literal(role.name),
    path: literal(role.iamPath),
    assume_role_policy: literal(asciiJson(trust)),
    max_session_duration: role.maxSessionSeconds,
    ...(permissionsBoundary === undefined
      ? {}
      : { permissions_boundary: literal(permissionsBoundary) }),
    tags: literals(tagsOf(model)),
    ...(after.length === 0 ? {} : { depends_on: after }),
  };
}

/** Of a role that exists, a policy beside its owner's. */
const inlineBlock = (role: RoleModel, { name, document }: RolePolicy): Block => ({
  name: literal(name),
  role: roleName(role),
  policy: literal(asciiJson(document)),
});

const managedBlock = (model: IamModel, { name, document }: RolePolicy): Block => ({
  name: literal(name),
  path: literal(model.settings.path),
  policy: literal(asciiJson(document)),
  tags: literals(tagsOf(model)),
});

const roleName = ({ role }: RoleModel): string =>
  role.ownership === 'rollcall' ? `\${aws_iam_role.${label(role.name)}.name}` : literal(role.name);
