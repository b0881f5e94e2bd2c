import type { RoleNode } from '../access/graph.ts';
import type { IamProblem } from './codes.ts';
import { iamLimits } from './limits.ts';
import type { RolePolicy } from './model.ts';
import { permissionStatements } from './permission-statements.ts';
import { policyDocument, policySize, type PolicyDocument } from './policy.ts';
import { inlinePolicyName, managedPolicyName } from './policy-names.ts';
import { splitStatements } from './split.ts';
import { shortTrustStatements, trustStatements } from './trust-statements.ts';

export { iamLimits } from './limits.ts';

/**
 * What a role needs in IAM. For a role that exists these are statements to add to what is there,
 * never whole documents: applying one as a whole would erase its owner's.
 */
export interface RoleDocuments {
  /** Absent where nobody new is let in. */
  readonly trust?: PolicyDocument;
  readonly policies: readonly RolePolicy[];
  readonly problems: readonly IamProblem[];
}

/**
 * A role's documents, and the quotas that they break. Of an existing role only our own part can be
 * counted: its owner's trust statements, inline and managed policies share the quotas with ours.
 */
export function roleDocuments(fleet: string, role: RoleNode): RoleDocuments {
  const trust = role.trusts.length > 0 ? trustDocument(fleet, role) : undefined;
  const permissions = splitPermissions(fleet, role);
  return {
    ...(trust ? { trust } : {}),
    policies: permissions.policies,
    problems: [...(trust ? trustProblems(role, trust) : []), ...permissions.problems],
  };
}

/** A statement for each who is let in; in fewer characters where that is over the quota. */
function trustDocument(fleet: string, role: RoleNode): PolicyDocument {
  const whole = policyDocument(trustStatements(fleet, role));
  return policySize(whole) <= iamLimits.trustPolicy
    ? whole
    : policyDocument(shortTrustStatements(fleet, role));
}

function trustProblems(role: RoleNode, trust: PolicyDocument): readonly IamProblem[] {
  const size = policySize(trust);
  if (size <= iamLimits.trustPolicy) return [];
  return [
    {
      code: 'iam/trust-too-large',
      path: role.path,
      found: `a trust policy of ${size} characters for role ${role.name} of account ${role.account}`,
      expected: `at most ${iamLimits.trustPolicy}, the default quota ACLSizePerRole`,
      next: 'Let fewer services reach this role, or give some of them a role of their own.',
    },
  ];
}

interface Permissions {
  readonly policies: readonly RolePolicy[];
  readonly problems: readonly IamProblem[];
}

/** One inline policy while all fits, else managed ones. */
function splitPermissions(fleet: string, role: RoleNode): Permissions {
  const statements = permissionStatements(fleet, role);
  if (statements.length === 0) return { policies: [], problems: [] };
  const document = policyDocument(statements);
  const size = policySize(document);
  if (size <= iamLimits.inlinePolicies) {
    const policy: RolePolicy = { kind: 'inline', name: inlinePolicyName(fleet), document };
    return { policies: [policy], problems: [] };
  }
  const split = splitStatements(statements);
  const most = iamLimits.managedPoliciesOfRole;
  if (split.kind === 'indivisible') {
    const found = `statement ${split.sid} of ${split.size} characters, which can't be divided, for role ${role.name} of account ${role.account}`;
    return tooLarge(role, found, 'Ask for it in several statements of `policies`.');
  }
  if (split.documents.length > most) {
    const found = `permissions of ${size} characters, ${split.documents.length} managed policies, for role ${role.name} of account ${role.account}`;
    return tooLarge(role, found, 'Split the service in two, each reaching a part of the clusters.');
  }
  const policies = split.documents.map((part, index): RolePolicy => {
    const name = managedPolicyName(fleet, role.name, index + 1);
    return { kind: 'managed', name, document: part };
  });
  return { policies, problems: [] };
}

const tooLarge = (role: RoleNode, found: string, next: string): Permissions => ({
  policies: [],
  problems: [
    {
      code: 'iam/permissions-too-large',
      path: role.path,
      found,
      expected: `at most ${iamLimits.managedPoliciesOfRole} managed policies a role, of ${iamLimits.managedPolicy} characters each, its default quotas`,
      next,
    },
  ],
});
