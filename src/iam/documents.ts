import type { RoleNode } from '../access/graph.ts';
import type { IamProblem } from './codes.ts';
import { policyDocument, policySize, type PolicyDocument } from './policy.ts';
import { permissionStatements, trustStatements } from './statements.ts';

/**
 * What a role needs in IAM. For a role that exists these are statements to add to what is there,
 * never whole documents: applying one as a whole would erase its owner's.
 */
export interface RoleDocuments {
  readonly role: RoleNode;
  readonly trust: PolicyDocument;
  /** Absent where the role needs none, such as where every endpoint stands in the fleet file. */
  readonly permissions?: PolicyDocument;
}

export function roleDocuments(fleet: string, role: RoleNode): RoleDocuments {
  const permissions = permissionStatements(fleet, role);
  return {
    role,
    trust: policyDocument(trustStatements(fleet, role)),
    ...(permissions.length > 0 ? { permissions: policyDocument(permissions) } : {}),
  };
}

/** IAM and STS quotas, characters without white space (IAM user guide, "IAM and AWS STS quotas"). */
export const iamLimits = { trustPolicy: 2048, managedPolicy: 6144 } as const;

/** The quotas that these documents break. For existing roles only our own part can be counted. */
export function limitProblems({ role, trust, permissions }: RoleDocuments): readonly IamProblem[] {
  const problems: IamProblem[] = [];
  const trustSize = policySize(trust);
  if (trustSize > iamLimits.trustPolicy) {
    problems.push({
      code: 'iam/trust-too-large',
      path: role.path,
      found: `a trust policy of ${trustSize} characters for role ${role.name}`,
      expected: `at most ${iamLimits.trustPolicy}, the default quota ACLSizePerRole`,
      next: 'Let fewer services reach this role, or give some of them a role of their own.',
    });
  }
  const permissionsSize = permissions ? policySize(permissions) : 0;
  if (permissionsSize > iamLimits.managedPolicy) {
    problems.push({
      code: 'iam/permissions-too-large',
      path: role.path,
      found: `permissions of ${permissionsSize} characters for role ${role.name} of account ${role.account}`,
      expected: `at most ${iamLimits.managedPolicy}, the quota of a managed policy`,
      next: 'Split the service in two, each reaching a part of the clusters.',
    });
  }
  return problems;
}
