/** What `flux bootstrap` commits: its own source, and the root, which applies a folder of it. */
export const fluxSystem = (url: string, path: string): readonly object[] => [
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'flux-system', namespace: 'flux-system' },
    spec: {
      interval: '1h',
      url,
      ref: { branch: 'main' },
      secretRef: { name: 'rollcall-deploy-key' },
    },
  },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'flux-system', namespace: 'flux-system' },
    spec: {
      interval: '1h',
      prune: true,
      path,
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
    },
  },
];
