/** The server's: v4, v4 with `--disable-strict-namespace-regexp`, or v3. */
export type KiamMatching = 'v4' | 'v4-loose' | 'v3';

export interface KiamMatch {
  /** The namespace's `iam.amazonaws.com/permitted`. */
  readonly permitted: string;
  /** The pod's `iam.amazonaws.com/role`, which it asks for. */
  readonly annotation: string;
  readonly matching: KiamMatching;
  /** `--role-base-arn`. */
  readonly base: string;
}

/**
 * Whether kiam gives the pod the role that it is annotated with: `NamespacePermittedRoleNamePolicy` of
 * uswitch/kiam, pkg/server/policy.go, of v4.2 and of v3.6.
 */
export function kiamPermits({ permitted, annotation, matching, base }: KiamMatch): boolean {
  if (annotation === '' || permitted === '') return false;
  switch (matching) {
    case 'v4':
      return new RegExp(`^${permitted}$`, 'u').test(resolve(annotation, base));
    case 'v4-loose':
      return new RegExp(permitted, 'u').test(resolve(annotation, base));
    case 'v3':
      return new RegExp(permitted, 'u').test(annotation);
  }
}

/** `Resolve` of uswitch/kiam, pkg/aws/sts/arn_resolver.go (v4.2). */
export const resolve = (role: string, base: string): string =>
  role.startsWith('arn:') ? role : base + role.replace(/^\//, '');
