/** `iam` and `CreateUser DeleteUser` are `iam:CreateUser` and `iam:DeleteUser`. */
const of = (service: string, names: string): readonly string[] =>
  names.split(/\s+/).map((name) => `${service}:${name}`);

/**
 * By each of these a role gets, or gives others, rights that nobody has given it. A list by category,
 * which is not complete: AWS has more than 15 000 actions, and makes new ones. Sources: IAM user guide,
 * "Permissions boundaries for IAM entities"; EKS user guide, "Grant IAM users access to Kubernetes with
 * EKS access entries"; Service Authorization Reference.
 */
const categories = {
  /** Policies of others, and membership. */
  grants: [
    ...of('iam', 'PutRolePolicy PutUserPolicy PutGroupPolicy'),
    ...of('iam', 'AttachRolePolicy AttachUserPolicy AttachGroupPolicy'),
    ...of('iam', 'CreatePolicyVersion SetDefaultPolicyVersion AddUserToGroup'),
    ...of('sso', 'PutInlinePolicyToPermissionSet AttachManagedPolicyToPermissionSet'),
    ...of('sso', 'AttachCustomerManagedPolicyReferenceToPermissionSet CreateAccountAssignment'),
    ...of('identitystore', 'CreateGroupMembership'),
  ],
  /** A deny that goes, or a boundary, is a right that comes. */
  denies: [
    ...of('iam', 'PutRolePermissionsBoundary PutUserPermissionsBoundary'),
    ...of('iam', 'DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary'),
    ...of('iam', 'DeleteRolePolicy DeleteUserPolicy DeleteGroupPolicy'),
    ...of('iam', 'DetachRolePolicy DetachUserPolicy DetachGroupPolicy RemoveUserFromGroup'),
    ...of(
      'sso',
      'PutPermissionsBoundaryToPermissionSet DeletePermissionsBoundaryFromPermissionSet',
    ),
    ...of('sso', 'DeleteInlinePolicyFromPermissionSet DetachManagedPolicyFromPermissionSet'),
    ...of('sso', 'DetachCustomerManagedPolicyReferenceFromPermissionSet'),
    ...of('organizations', 'DetachPolicy UpdatePolicy DeletePolicy DisablePolicyType'),
    ...of('organizations', 'LeaveOrganization'),
  ],
  /** Into clusters, as whomever it likes. */
  clusters: of(
    'eks',
    'CreateAccessEntry UpdateAccessEntry AssociateAccessPolicy AssociateIdentityProviderConfig',
  ),
  /** Who may become which role. */
  trusts: [
    ...of('iam', 'UpdateAssumeRolePolicy CreateSAMLProvider UpdateSAMLProvider'),
    ...of('iam', 'CreateOpenIDConnectProvider AddClientIDToOpenIDConnectProvider'),
    ...of('iam', 'UpdateOpenIDConnectProviderThumbprint'),
    ...of('rolesanywhere', 'CreateTrustAnchor UpdateTrustAnchor'),
    ...of('eks', 'CreatePodIdentityAssociation UpdatePodIdentityAssociation'),
  ],
  /** Credentials of others, and their second factor. */
  credentials: [
    ...of('iam', 'CreateAccessKey UpdateAccessKey CreateLoginProfile UpdateLoginProfile'),
    ...of('iam', 'CreateServiceSpecificCredential ResetServiceSpecificCredential'),
    ...of('iam', 'UpdateServiceSpecificCredential UploadSSHPublicKey UpdateSSHPublicKey'),
    ...of('iam', 'UploadSigningCertificate UpdateSigningCertificate'),
    ...of('iam', 'DeactivateMFADevice EnableMFADevice DeleteVirtualMFADevice'),
  ],
  /** What runs as another role already runs other code: no `iam:PassRole` is asked for. */
  code: [
    ...of('lambda', 'UpdateFunctionCode UpdateFunctionConfiguration'),
    ...of('ssm', 'SendCommand StartSession ResumeSession StartAutomationExecution'),
    ...of('ssm', 'CreateAssociation UpdateAssociation CreateAssociationBatch'),
    ...of('ec2-instance-connect', 'SendSSHPublicKey SendSerialConsoleSSHPublicKey'),
    ...of('ec2', 'ModifyInstanceAttribute'),
    ...of('ecs', 'ExecuteCommand'),
    ...of('cloudformation', 'UpdateStack CreateChangeSet ExecuteChangeSet UpdateStackSet'),
    ...of('codebuild', 'StartBuild StartBuildBatch UpdateProject'),
    ...of('codepipeline', 'UpdatePipeline'),
    ...of('glue', 'UpdateJob UpdateDevEndpoint'),
    ...of('states', 'UpdateStateMachine'),
    ...of('sagemaker', 'CreatePresignedNotebookInstanceUrl'),
  ],
} as const;

export const escalatingActions: readonly string[] = Object.values(categories).flat();
