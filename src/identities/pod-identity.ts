/** How a service's pods get their AWS identity, with every default filled in. */
export type PodIdentity = Irsa | EksPodIdentity | Kiam | Kube2iam;
export type PodIdentityKind = PodIdentity['kind'];

/** IAM roles for service accounts: a projected token of the cluster's own issuer. */
export interface Irsa {
  readonly kind: 'irsa';
  /**
   * 2: the pod becomes the service's own role, and from it each target's, for at most an hour.
   * 1: every target account has an OIDC provider for the hub's issuer, and the pod becomes each
   * target's role by its token. Default: 2.
   */
  readonly hops: 1 | 2;
  /** Whom the token is for. Default: `sts.amazonaws.com`; in China `sts.amazonaws.com.cn` is not used by the webhook. */
  readonly audience: string;
  /** 600–86400. Default: 86400. */
  readonly tokenExpirationSeconds: number;
  /** Default: true. */
  readonly regionalEndpoints: boolean;
  /** False: the cluster has no webhook, and volume and environment are written out. Default: true. */
  readonly webhook: boolean;
  /** 900–43200 with one hop, at most 3600 with two. Default: 3600. */
  readonly sessionSeconds: number;
}

/** EKS Pod Identity: an association in the cluster's account, and an agent on each node. */
export interface EksPodIdentity {
  readonly kind: 'eks-pod-identity';
  /** The association makes the hop into the one role that the service reaches. Default: false. */
  readonly targetRole: boolean;
  /** The six tags of the pod on its session. Default: true. */
  readonly sessionTags: boolean;
}

/** kiam: an agent on each node asks a server, which assumes the role for the pod. */
export interface Kiam {
  readonly kind: 'kiam';
}

/** kube2iam: an agent on each node assumes the role for the pod with the node's own. */
export interface Kube2iam {
  readonly kind: 'kube2iam';
}
