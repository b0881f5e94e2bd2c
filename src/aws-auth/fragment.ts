/** Entries for a cluster's `kube-system/aws-auth`, to be merged into what its owner has there. */
export interface AwsAuthFragment {
  readonly apiVersion: 'rollcall.dev/v1alpha1';
  readonly kind: 'AwsAuthFragment';
  readonly fleet: string;
  readonly cluster: string;
  readonly mapRoles: readonly RoleMapping[];
  /** Absent: none. */
  readonly mapUsers?: readonly UserMapping[];
}

/** One `mapRoles` entry (kubernetes-sigs/aws-iam-authenticator, pkg/config/types.go). */
export interface RoleMapping {
  readonly rolearn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** One `mapUsers` entry (the same file). */
export interface UserMapping {
  readonly userarn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** What a cluster is to have, by section. */
export interface AwsAuthEntries {
  readonly mapRoles: readonly RoleMapping[];
  /** Default: none. */
  readonly mapUsers?: readonly UserMapping[];
}

/** An empty list of users is left out: a fragment's YAML is then as one that knows none. */
export const awsAuthFragment = (
  fleet: string,
  cluster: string,
  { mapRoles, mapUsers = [] }: AwsAuthEntries,
): AwsAuthFragment => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'AwsAuthFragment',
  fleet,
  cluster,
  mapRoles,
  ...(mapUsers.length > 0 && { mapUsers }),
});

/**
 * The comment above an entry that says whose it is. It names the principal, so that an entry of
 * someone else's that comes to stand below it is not taken for ours.
 */
export const ownerMark = (fleet: string, arn: string): string =>
  `# rollcall: fleet ${fleet}, ${arn}`;
