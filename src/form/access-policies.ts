/**
 * EKS' own access policies (EKS user guide, "Review access policy permissions"). It adds others: one that
 * isn't here may be there.
 */
export const accessPolicyNames = [
  'AmazonEKSAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSAutoNodePolicy',
  'AmazonEKSBlockStorageClusterPolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSComputeClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSHybridPolicy',
  'AmazonEKSLoadBalancingClusterPolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingClusterPolicy',
  'AmazonEKSNetworkingPolicy',
  'AmazonEKSSecretReaderPolicy',
  'AmazonEKSViewPolicy',
] as const;

/** The policy that is written like this but for upper and lower case: EKS knows the exact name alone. */
export const otherCaseOf = (policy: string): string | undefined =>
  accessPolicyNames.find((name) => name !== policy && name.toLowerCase() === policy.toLowerCase());
