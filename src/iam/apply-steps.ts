import type { RoleNode } from '../access/graph.ts';
import type { ApplyOrder, ApplyStep, Prerequisite } from './apply-order.ts';
import type { AccountModel, ClusterModel, IamModel, RoleModel, RolePolicy } from './model.ts';
import type { PolicyDocument } from './policy.ts';
import { managedPolicyArn } from './policy-names.ts';
import { tagsOf } from './tags.ts';

/** A file that a step names, and what it holds. */
export interface Document {
  readonly file: string;
  readonly document: PolicyDocument;
}

export interface DocumentedOrder {
  readonly order: ApplyOrder;
  readonly documents: readonly Document[];
}

type Unnumbered<Step = ApplyStep> = Step extends ApplyStep ? Omit<Step, 'step'> : never;
type Draft = { readonly step: Unnumbered; readonly document?: PolicyDocument };

/**
 * The order in which AWS accepts them. A trust policy that names a role not yet made is refused
 * (`Invalid principal in policy`), so a role is made, or its trust added to, only after those that it
 * trusts: the model's order. Permissions name ARNs, which IAM does not look up, so they come after
 * all roles; EKS looks roles up, and comes last.
 */
export function applyOrder(model: IamModel): DocumentedOrder {
  const roles = model.accounts
    .flatMap((account) => account.roles)
    .sort((a, b) => a.order - b.order);
  const drafts: readonly Draft[] = [
    ...model.accounts.flatMap((account) => providerSteps(model, account)),
    ...roles.flatMap((role) => trustStep(model, role)),
    ...roles.flatMap((role) =>
      role.policies.map((policy, index) => policyStep(model, role, policy, index + 1)),
    ),
    ...model.accounts.flatMap((account) =>
      account.clusters.flatMap((cluster) => eksSteps(account, cluster)),
    ),
  ];
  return {
    order: {
      prerequisites: model.accounts.flatMap(prerequisites),
      steps: drafts.map(({ step }, index): ApplyStep => ({ step: index + 1, ...step })),
    },
    documents: drafts.flatMap(({ step, document }) =>
      document && 'file' in step ? [{ file: step.file, document }] : [],
    ),
  };
}

const prerequisites = (account: AccountModel): readonly Prerequisite[] => [
  ...account.providers
    .filter(({ ownership }) => ownership === 'existing')
    .flatMap(({ account, arn, issuer, clientIds }) =>
      clientIds.map((clientId): Prerequisite => {
        return { kind: 'oidc-provider', account, arn, issuer, clientId };
      }),
    ),
  ...account.clusters.flatMap((cluster) => prerequisitesOf(account, cluster)),
];

function prerequisitesOf(account: AccountModel, cluster: ClusterModel): readonly Prerequisite[] {
  const place = placeOf(account, cluster);
  return [
    ...(cluster.associations.length > 0 ? [{ kind: 'pod-identity-agent', ...place } as const] : []),
    ...(cluster.entries.length > 0 ? [{ kind: 'access-entries', ...place } as const] : []),
  ];
}

const placeOf = (account: AccountModel, { region, eksCluster }: ClusterModel) => ({
  account: account.id,
  region,
  cluster: eksCluster,
});

const providerSteps = (model: IamModel, { providers }: AccountModel): readonly Draft[] =>
  providers
    .filter(({ ownership }) => ownership === 'rollcall')
    .map(({ account, arn, issuer, clientIds }) => ({
      step: {
        action: 'create-oidc-provider',
        account,
        arn,
        issuer,
        clientIds,
        tags: tagsOf(model),
      },
    }));

function trustStep(
  model: IamModel,
  { role, trust, permissionsBoundary }: RoleModel,
): readonly Draft[] {
  if (!trust) return [];
  const { maxSessionSeconds } = role;
  if (role.ownership === 'existing') {
    const base = stepOf(role, 'trust-statements-to-add.json');
    return [
      { step: { action: 'add-trust-statements', ...base, maxSessionSeconds }, document: trust },
    ];
  }
  const step = {
    action: 'create-role',
    ...stepOf(role, 'trust-policy.json'),
    path: role.iamPath,
    maxSessionSeconds,
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    tags: tagsOf(model),
  } as const;
  return [{ step, document: trust }];
}

function policyStep(
  model: IamModel,
  { role }: RoleModel,
  { kind, name, document }: RolePolicy,
  number: number,
): Draft {
  if (kind === 'managed') {
    const { path } = model.settings;
    const tags = tagsOf(model);
    const policyArn = managedPolicyArn(role.partition, role.account, path, name);
    const base = stepOf(role, `permissions-${number}.json`);
    const action = 'attach-managed-policy';
    return { step: { action, ...base, policy: name, policyArn, path, tags }, document };
  }
  const step =
    role.ownership === 'existing'
      ? ({
          action: 'add-permission-statements',
          ...stepOf(role, 'permission-statements-to-add.json'),
        } as const)
      : ({ action: 'put-permissions', ...stepOf(role, 'permissions.json') } as const);
  return { step: { ...step, policy: name }, document };
}

const stepOf = ({ account, name, arn }: RoleNode, file: string) => ({
  account,
  role: name,
  arn,
  file: `_iam/${account}/${name}/${file}`,
});

function eksSteps(account: AccountModel, cluster: ClusterModel): readonly Draft[] {
  const base = placeOf(account, cluster);
  return [
    ...cluster.entries.map((entry): Draft => ({
      step: { action: 'create-access-entry', ...base, ...entry },
    })),
    ...cluster.associations.map((one): Draft => ({
      step: { action: 'create-pod-identity-association', ...base, ...one },
    })),
  ];
}
