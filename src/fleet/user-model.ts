import type { PrincipalArn, RoleName } from '../names/arn.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Cluster } from './cluster-model.ts';

/** People in clusters: an IAM user or role that exists, or a role made for them. */
export interface User {
  readonly name: string;
  readonly path: FleetPath;
  readonly principal: UserPrincipal;
  /** The Kubernetes user; may hold the authenticator's `{{SessionName}}` and the like. Default: `name`. */
  readonly username: string;
  /** Kubernetes groups besides the one that its rights are bound to. Default: none. */
  readonly groups: readonly string[];
  /** An administrator’s rights are meant. Default: false. */
  readonly breakGlass: boolean;
  /** At least one. */
  readonly clusters: readonly Cluster[];
  readonly rights: readonly UserRight[];
  /** EKS access policies: only in clusters with access entries. Default: none. */
  readonly accessPolicies: readonly UserAccessPolicy[];
}

export type UserPrincipal =
  | { readonly kind: 'existing'; readonly arn: PrincipalArn }
  | {
      /** A role in the account of each cluster. */
      readonly kind: 'role';
      readonly role: RoleName;
      /** IAM users and roles that may become it. At least one. */
      readonly trusted: readonly PrincipalArn[];
      /** IAM users only with a second factor; a role's session never shows one. Default: true. */
      readonly mfa: boolean;
      /** 3600–43200. Default: 3600. */
      readonly sessionSeconds: number;
    };

/** Kubernetes' own ClusterRoles (kubernetes.io, "Using RBAC Authorization", user-facing roles). */
export const rightLevels = ['view', 'edit', 'admin'] as const;
export type RightLevel = (typeof rightLevels)[number];

/** What a user may do in Kubernetes: in some namespaces, or (none named) in the whole cluster. */
export type UserRight =
  | { readonly kind: 'level'; readonly level: RightLevel; readonly namespaces: readonly string[] }
  | {
      readonly kind: 'rules';
      /** Names the Role. */
      readonly name: string;
      readonly rules: readonly UserRule[];
      readonly namespaces: readonly string[];
    };

export interface UserRule {
  /** API groups; empty text for the core. At least one. */
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Empty: all. */
  readonly names: readonly string[];
}

export interface UserAccessPolicy {
  /** Such as `AmazonEKSViewPolicy`. */
  readonly policy: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
}
