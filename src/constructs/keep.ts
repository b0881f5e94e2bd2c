/**
 * Annotations by which each applier keeps an object that it would otherwise delete when it leaves
 * the tree: Flux (kustomize-controller, "prune: disabled"), Argo CD (sync options), Helm. Argo CD is
 * told besides that what is left is no difference: it would try to heal it without end.
 */
export const keepAnnotations: Readonly<Record<string, string>> = {
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'helm.sh/resource-policy': 'keep',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};
