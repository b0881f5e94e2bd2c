import { expect, it } from '@jest/globals';
import { golf, graphWith, hub, one } from './support/parts.ts';

/** Of a policy with these actions, with a reason. */
const findingsOf = (...actions: readonly string[]) => {
  const policies = [{ actions, resources: ['arn:aws:s3:::b/*'], reason: 'We need it.' }];
  const services = [{ ...one, reach: [{ clusters: ['golf'], policies }] }];
  return graphWith({ clusters: [hub, golf], services }).findings;
};

const byCategory = {
  'rights for itself or others': [
    ...['iam:PutRolePolicy', 'IAM:attachgrouppolicy', 'iam:AddUserToGroup'],
    ...['iam:SetDefaultPolicyVersion', 'sso:PutInlinePolicyToPermissionSet'],
    ...['sso:AttachManagedPolicyToPermissionSet', 'identitystore:CreateGroupMembership'],
  ],
  'denies and boundaries taken off': [
    ...['iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:DeleteUserPolicy'],
    ...['iam:DetachGroupPolicy', 'iam:DeleteRolePermissionsBoundary', 'organizations:DetachPolicy'],
  ],
  'who may become a role': [
    ...['iam:UpdateAssumeRolePolicy', 'iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider'],
    ...['iam:CreateOpenIDConnectProvider', 'iam:AddClientIDToOpenIDConnectProvider'],
    ...['iam:UpdateOpenIDConnectProviderThumbprint', 'rolesanywhere:CreateTrustAnchor'],
  ],
  'others’ credentials': [
    ...['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:CreateServiceSpecificCredential'],
    ...['iam:ResetServiceSpecificCredential', 'iam:UploadSSHPublicKey'],
    ...['iam:UploadSigningCertificate', 'iam:DeactivateMFADevice'],
  ],
  'ways into clusters': [
    ...['eks:AssociateAccessPolicy', 'eks:CreateAccessEntry'],
    'eks:AssociateIdentityProviderConfig',
  ],
  'what runs as another role': [
    ...['lambda:UpdateFunctionCode', 'ssm:SendCommand', 'ssm:StartSession'],
    ...['cloudformation:UpdateStack', 'cloudformation:ExecuteChangeSet', 'codebuild:UpdateProject'],
  ],
};
const cases = Object.entries(byCategory).flatMap(([category, actions]) =>
  actions.map((action) => [category, action] as const),
);

it.each(cases)('%s: %s, and no reason silences that', (_, action) => {
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
  ['ssm:*', 'ssm:SendCommand'],
  ['iam:?etachRolePolicy', 'iam:DetachRolePolicy'],
])('%s does, by its wildcard', (action, allowed) => {
  expect(findingsOf(action).map(({ found }) => found)).toEqual([
    `the action ${action}, which allows ${allowed}`,
  ]);
});

it.each([
  ...['iam:List*', 'iam:GetRolePolicy', 'iam:PutUser', 's3:*', 'eks:Describe*'],
  ...['ssm:Get*', 'lambda:InvokeFunction', 'cloudformation:Describe*', 'ssm:DescribeSessions'],
])('%s does not', (action) => {
  expect(findingsOf(action)).toEqual([]);
});
