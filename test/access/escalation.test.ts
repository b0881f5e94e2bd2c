import { expect, it } from '@jest/globals';
import { golf, graphWith, hub, one } from './support/parts.ts';

/** Of a policy with these actions, with a reason. */
const findingsOf = (...actions: readonly string[]) => {
  const policies = [{ actions, resources: ['arn:aws:s3:::b/*'], reason: 'We need it.' }];
  const services = [{ ...one, reach: [{ clusters: ['golf'], policies }] }];
  return graphWith({ clusters: [hub, golf], services }).findings;
};

it.each([
  ...['iam:PutRolePolicy', 'IAM:attachgrouppolicy', 'iam:CreateAccessKey', 'iam:AddUserToGroup'],
  ...['iam:UpdateAssumeRolePolicy', 'iam:SetDefaultPolicyVersion', 'iam:CreateLoginProfile'],
  ...['eks:AssociateAccessPolicy', 'eks:CreateAccessEntry'],
])('%s gives a role rights for itself, and no reason silences that', (action) => {
  expect(findingsOf('s3:GetObject', action)).toEqual([
    expect.objectContaining({
      code: 'finding/escalation',
      path: ['services', 0, 'reach', 0, 'policies', 0, 'actions', 1],
      found: `the action ${action}`,
    }),
  ]);
});

it.each([
  ['iam:Put*', 'iam:PutRolePolicy'],
  ['iam:*Boundary', 'iam:PutRolePermissionsBoundary'],
  ['iam:Create*', 'iam:CreatePolicyVersion'],
  ['eks:*', 'eks:CreateAccessEntry'],
])('%s does, by its wildcard', (action, allowed) => {
  expect(findingsOf(action).map(({ found }) => found)).toEqual([
    `the action ${action}, which allows ${allowed}`,
  ]);
});

it.each(['iam:List*', 'iam:GetRolePolicy', 'iam:PutUser', 's3:*', 'eks:Describe*'])(
  '%s does not',
  (action) => {
    expect(findingsOf(action)).toEqual([]);
  },
);
