/**
 * Annotations by which each applier keeps an object that it would otherwise delete when it leaves
 * the tree: Flux (kustomize-controller, "prune: disabled"), Argo CD (sync options), Helm.
 */
export const keepAnnotations: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'helm.sh/resource-policy': 'keep',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};
