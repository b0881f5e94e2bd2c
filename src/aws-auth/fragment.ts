/** Entries for a cluster's `kube-system/aws-auth`, to be merged into what its owner has there. */
export interface AwsAuthFragment {
  readonly apiVersion: 'rollcall.dev/v1alpha1';
  readonly kind: 'AwsAuthFragment';
  readonly fleet: string;
  readonly cluster: string;
  readonly mapRoles: readonly RoleMapping[];
}

/** One `mapRoles` entry (kubernetes-sigs/aws-iam-authenticator, pkg/config/types.go). */
export interface RoleMapping {
  readonly rolearn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export const awsAuthFragment = (
  fleet: string,
  cluster: string,
  mapRoles: readonly RoleMapping[],
): AwsAuthFragment => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'AwsAuthFragment',
  fleet,
  cluster,
  mapRoles,
});

/**
 * The comment above an entry that says whose it is. It names the role, so that an entry of someone
 * else's that comes to stand below it is not taken for ours.
 */
export const ownerMark = (fleet: string, rolearn: string): string =>
  `# rollcall: fleet ${fleet}, ${rolearn}`;
