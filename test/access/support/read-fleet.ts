/** What is read of a drawn fleet file. */
export interface FileCluster {
  readonly name: string;
  readonly podIdentity?: unknown;
  readonly agents?: { readonly kiam?: { readonly existing?: boolean } };
}
export interface FileService {
  readonly cluster?: string;
  readonly kubeconfig?: boolean;
  readonly podIdentity: unknown;
  readonly policies?: readonly FilePolicy[];
  readonly reach: readonly {
    readonly clusters: readonly string[];
    readonly policies?: readonly FilePolicy[];
  }[];
}
export interface FilePolicy {
  readonly actions: readonly string[];
  readonly reason?: string;
}
export interface FileUser {
  readonly clusters: readonly string[];
  readonly groups: readonly string[];
  readonly breakGlass: boolean;
  readonly rights: readonly { readonly name?: string }[];
  readonly accessPolicies?: readonly { readonly policy: string }[];
  readonly role?: { readonly mfa: boolean };
}
