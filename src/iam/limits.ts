/**
 * Quotas of IAM, in characters without white space, or in number a role: the defaults, which AWS can
 * raise but for those of size in policies (IAM user guide, "IAM and AWS STS quotas").
 */
export const iamLimits = {
  trustPolicy: 2048,
  /** All inline policies of a role together. */
  inlinePolicies: 10240,
  managedPolicy: 6144,
  managedPoliciesOfRole: 10,
  policyName: 128,
} as const;
