import type { EksPodIdentity, Irsa, PodIdentity, PodIdentityKind } from './pod-identity.ts';

/** IRSA with the webhook's own defaults, and two hops. */
export const defaultIrsa: Irsa = {
  kind: 'irsa',
  hops: 2,
  audience: 'sts.amazonaws.com',
  tokenExpirationSeconds: 86400,
  regionalEndpoints: true,
  webhook: true,
  sessionSeconds: 3600,
};

export const defaultEksPodIdentity: EksPodIdentity = {
  kind: 'eks-pod-identity',
  targetRole: false,
  sessionTags: true,
};

/** What the word alone means in a fleet file. */
export const defaultIdentity: Readonly<Record<PodIdentityKind, PodIdentity>> = {
  irsa: defaultIrsa,
  'eks-pod-identity': defaultEksPodIdentity,
  kiam: { kind: 'kiam' },
  kube2iam: { kind: 'kube2iam' },
};
