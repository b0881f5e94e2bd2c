/** How the output reaches the clusters. */
export interface Delivery {
  /** Where in the repository the output lies; empty: at its root. No slash at its end. */
  readonly path: string;
  /** Absent: Flux knows its source already, and Argo CD can't be told of one. */
  readonly git?: GitDelivery;
  readonly flux: FluxDelivery;
  readonly argocd: ArgoCdDelivery;
  readonly kustomize: KustomizeDelivery;
}

export interface GitDelivery {
  /** `https://…` or `ssh://…`. */
  readonly url: string;
  /** Default: `main`. */
  readonly branch: string;
  /** Name of the Secret with a read-only deploy key. Default: `rollcall-deploy-key` by ssh, none by https. */
  readonly secret?: string;
}

export interface FluxDelivery {
  readonly source: {
    /** Default: `GitRepository`. */
    readonly kind: 'GitRepository' | 'OCIRepository' | 'Bucket';
    /** Default: `flux-system`; `rollcall-<fleet>` where `git` is given. */
    readonly name: string;
    /** Of the source and of all of Flux's objects. Default: `flux-system`. */
    readonly namespace: string;
  };
  /** Default: `10m`. */
  readonly interval: string;
  /** Default: `2m`. */
  readonly retryInterval: string;
  /** Default: `5m`. */
  readonly timeout: string;
  /** Default: true. */
  readonly prune: boolean;
  /** Someone else's account for all that is applied. Absent: one is generated for each chart. */
  readonly serviceAccountName?: string;
  /** Gives the generated accounts their rights. Absent: the controllers' own account. */
  readonly adminServiceAccountName?: string;
  /** Default: manifests. */
  readonly via:
    | { readonly kind: 'manifests' }
    | { readonly kind: 'helm'; readonly registry: string; readonly serviceAccountName: string };
}

export interface ArgoCdDelivery {
  /** Default: `argocd`. */
  readonly namespace: string;
}

export interface KustomizeDelivery {
  /** Labels of clusters for which the user keeps components. Default: none. */
  readonly overlayLabels: readonly string[];
  /** Their folder, beside the output folder. Default: `components`. */
  readonly components: string;
}

/** What a cluster may use that Rollcall does not make itself. */
export const infrastructureNames = ['cert-manager', 'calico', 'kube-prometheus-stack'] as const;
export type InfrastructureName = (typeof infrastructureNames)[number];

/** `install`: as Flux's HelmRelease; `existing`: somebody has. What is absent is not used. */
export type Infrastructure = Readonly<Partial<Record<InfrastructureName, 'install' | 'existing'>>>;
