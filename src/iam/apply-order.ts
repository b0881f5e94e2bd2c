import type { RoleNode, WebIdentityTrust } from '../access/graph.ts';
import type { RoleDocuments } from './documents.ts';
import type { PolicyDocument } from './policy.ts';

/** What must exist before the first step; Rollcall does not make it. */
export interface Prerequisite {
  readonly kind: 'oidc-provider';
  readonly account: string;
  readonly arn: string;
  readonly issuer: string;
  readonly clientId: string;
}

export type ApplyAction =
  'create-role' | 'add-trust-statements' | 'put-permissions' | 'add-permission-statements';

export interface ApplyStep {
  /** From 1. */
  readonly step: number;
  readonly action: ApplyAction;
  readonly account: string;
  readonly role: string;
  readonly arn: string;
  /** Relative to the output folder, with `/`. */
  readonly file: string;
}

/** A step with what its file holds. */
export interface DocumentedStep {
  readonly step: ApplyStep;
  readonly document: PolicyDocument;
}

/**
 * The order in which IAM accepts the documents. A trust policy that names a role not yet made is
 * refused (`Invalid principal in policy`), so a role is made, or its trust added to, only after
 * those that it trusts: the graph's roles stand in that order already. Permissions name ARNs, which
 * IAM does not look up, so they come last.
 */
export function applySteps(documents: readonly RoleDocuments[]): readonly DocumentedStep[] {
  const trusts = documents.map(({ role, trust }) => ({
    role,
    action: actions[role.ownership].trust,
    document: trust,
  }));
  const permissions = documents.flatMap(({ role, permissions: document }) =>
    document === undefined ? [] : [{ role, action: actions[role.ownership].permissions, document }],
  );
  return [...trusts, ...permissions].map(({ role, action, document }, index) => ({
    step: stepOf(index + 1, role, action),
    document,
  }));
}

interface Actions {
  readonly trust: ApplyAction;
  readonly permissions: ApplyAction;
}

const actions: Readonly<Record<RoleNode['ownership'], Actions>> = {
  rollcall: { trust: 'create-role', permissions: 'put-permissions' },
  existing: { trust: 'add-trust-statements', permissions: 'add-permission-statements' },
};

const fileNames: Readonly<Record<ApplyAction, string>> = {
  'create-role': 'trust-policy.json',
  'add-trust-statements': 'trust-statements-to-add.json',
  'put-permissions': 'permissions.json',
  'add-permission-statements': 'permission-statements-to-add.json',
};

const stepOf = (step: number, role: RoleNode, action: ApplyAction): ApplyStep => ({
  step,
  action,
  account: role.account,
  role: role.name,
  arn: role.arn,
  file: `_iam/${role.account}/${role.name}/${fileNames[action]}`,
});

/** The OIDC providers that the web-identity trusts name. */
export function prerequisites(documents: readonly RoleDocuments[]): readonly Prerequisite[] {
  const providers = new Map<string, Prerequisite>();
  for (const { role } of documents) {
    for (const trust of role.trusts.filter((one): one is WebIdentityTrust => one.kind !== 'role')) {
      providers.set(trust.providerArn, {
        kind: 'oidc-provider',
        account: role.account,
        arn: trust.providerArn,
        issuer: trust.issuer,
        clientId: trust.audience,
      });
    }
  }
  return [...providers.values()];
}
