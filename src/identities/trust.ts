import type { RoleArn } from '../names/arn.ts';

/** Who may become a role. */
export type Trust = WebIdentityTrust | RoleTrust | PodIdentityTrust | PeopleTrust;

/** A ServiceAccount of one cluster, by its OIDC issuer, with exact audience and subject. */
export interface WebIdentityTrust {
  readonly kind: 'web-identity';
  readonly providerArn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly audience: string;
  /** `system:serviceaccount:NAMESPACE:NAME`. */
  readonly subject: string;
}

/** Another role, such as a service's own, kiam's server or a node's. */
export interface RoleTrust {
  readonly kind: 'role';
  readonly roleArn: RoleArn;
  readonly externalId?: string;
  /**
   * The caller's session carries the tags of EKS Pod Identity on, so that `sts:TagSession` must be
   * allowed besides; only this pod's tags let it in.
   */
  readonly podTags?: PodTags;
  /** Exactly this source identity must be set, which takes `sts:SetSourceIdentity` besides. */
  readonly sourceIdentity?: string;
}

/** EKS Pod Identity's service, for one ServiceAccount of one cluster. */
export interface PodIdentityTrust {
  readonly kind: 'pod-identity';
  readonly tags: PodTags;
  /** Twelve digits: the cluster's account. */
  readonly account: string;
  /** False: the association disables them, and the trust can't ask for them. */
  readonly sessionTags: boolean;
}

/** What EKS Pod Identity says of a pod (EKS user guide, "Grant Pods access … based on tags"). */
export interface PodTags {
  readonly clusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** People: IAM users and roles that they have signed in with. */
export interface PeopleTrust {
  readonly kind: 'people';
  /** ARNs of IAM users, or of roles. */
  readonly principalArn: string;
  /** Only with a second factor. */
  readonly mfa: boolean;
}
