import type { ServicePolicy } from '../fleet/model.ts';
import { wildcardMatches } from '../names/wildcard.ts';
import type { Finding } from './findings.ts';

/**
 * By each of these a role gives itself or others rights that nobody has given it: policies, trusts and
 * boundaries of others, credentials of others (IAM user guide, "Permissions boundaries for IAM
 * entities"), and entry into clusters as whoever it likes (EKS user guide, "Grant IAM users access to
 * Kubernetes with EKS access entries").
 */
const escalating: readonly string[] = [
  ...['PutRolePolicy', 'PutUserPolicy', 'PutGroupPolicy'],
  ...['AttachRolePolicy', 'AttachUserPolicy', 'AttachGroupPolicy'],
  ...['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'UpdateAssumeRolePolicy'],
  ...['PutRolePermissionsBoundary', 'PutUserPermissionsBoundary'],
  ...['DeleteRolePermissionsBoundary', 'DeleteUserPermissionsBoundary'],
  ...['AddUserToGroup', 'CreateAccessKey', 'CreateLoginProfile', 'UpdateLoginProfile'],
]
  .map((action) => `iam:${action}`)
  .concat('eks:CreateAccessEntry', 'eks:UpdateAccessEntry', 'eks:AssociateAccessPolicy');

/** No reason silences it: such a role is as good as an administrator's. */
export function escalation({ actions, path }: ServicePolicy): readonly Finding[] {
  for (const [index, action] of actions.entries()) {
    const allowed = escalating.find((one) => wildcardMatches(action, one));
    if (allowed === undefined) continue;
    const isItself = action.toLowerCase() === allowed.toLowerCase();
    return [
      {
        code: 'finding/escalation',
        path: [...path, 'actions', index],
        found: `the action ${action}${isItself ? '' : `, which allows ${allowed}`}`,
        expected: 'no action by which a role gives itself, or others, rights that it has not',
        next: 'Take it out; whoever needs it is a person with a second factor, or has a permissions boundary on all that it makes.',
      },
    ];
  }
  return [];
}
