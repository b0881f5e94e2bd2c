/** The forms in which clusters' objects are written; what IAM is told is the same in each. */
export const outputFormats = ['manifests', 'helm', 'flux', 'argocd', 'kustomize'] as const;

export type OutputFormat = (typeof outputFormats)[number];
