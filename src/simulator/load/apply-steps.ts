import { z } from 'zod';

/** A step that changes a role, by a document in a file. */
const ofRole = {
  step: z.int().positive(),
  account: z.string(),
  role: z.string(),
  arn: z.string(),
  file: z.string(),
};
const tags = z.record(z.string(), z.string());

const createProvider = z.strictObject({
  step: z.int().positive(),
  action: z.literal('create-oidc-provider'),
  account: z.string(),
  arn: z.string(),
  issuer: z.string(),
  clientIds: z.array(z.string()).min(1),
  tags,
});
const createRole = z.strictObject({
  ...ofRole,
  action: z.literal('create-role'),
  path: z.string(),
  maxSessionSeconds: z.int(),
  /** The ARN of a managed policy. */
  permissionsBoundary: z.string().optional(),
  tags,
});
const trustStatements = z.strictObject({
  ...ofRole,
  action: z.literal('add-trust-statements'),
  /** The role's owner must let sessions last so long. */
  maxSessionSeconds: z.int(),
});
/** An inline policy. */
const putPermissions = z.strictObject({
  ...ofRole,
  action: z.enum(['put-permissions', 'add-permission-statements']),
  policy: z.string(),
});
/** A managed policy, attached to the role. */
const attachPolicy = z.strictObject({
  ...ofRole,
  action: z.literal('attach-managed-policy'),
  policy: z.string(),
  policyArn: z.string(),
  path: z.string(),
  tags,
});

const ofCluster = {
  step: z.int().positive(),
  account: z.string(),
  region: z.string(),
  /** The name that EKS knows it by. */
  cluster: z.string(),
};
const createEntry = z.strictObject({
  ...ofCluster,
  action: z.literal('create-access-entry'),
  principalArn: z.string(),
  username: z.string(),
  groups: z.array(z.string()),
  policies: z.array(z.strictObject({ policyArn: z.string(), namespaces: z.array(z.string()) })),
});
const createAssociation = z.strictObject({
  ...ofCluster,
  action: z.literal('create-pod-identity-association'),
  namespace: z.string(),
  serviceAccount: z.string(),
  roleArn: z.string(),
  targetRoleArn: z.string().optional(),
  disableSessionTags: z.boolean(),
});

/** A change to an account, as `_iam/apply-order.json` lists them. */
export const step = z.discriminatedUnion('action', [
  createProvider,
  createRole,
  trustStatements,
  putPermissions,
  attachPolicy,
  createEntry,
  createAssociation,
]);

export type Step = z.output<typeof step>;
/** With what its file holds, where it has one. */
export type DocumentedStep = Step & { readonly document: unknown };
export type StepOf<Action extends Step['action']> = Extract<DocumentedStep, { action: Action }>;
