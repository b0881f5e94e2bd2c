import { eksPodIdentity } from './eks-pod-identity/mechanism.ts';
import { irsa } from './irsa/mechanism.ts';
import { kiam } from './kiam/mechanism.ts';
import { kube2iam } from './kube2iam/mechanism.ts';
import type { IdentityMechanism, IdentityPlan, IdentityRequest } from './mechanism.ts';
import type { PodIdentityKind } from './pod-identity.ts';

/** Every way to an identity. A new one adds its folder, and a line here. */
export const mechanisms: { readonly [Kind in PodIdentityKind]: IdentityMechanism<Kind> } = {
  irsa,
  'eks-pod-identity': eksPodIdentity,
  kiam,
  kube2iam,
};

/** What the service's mechanism asks of roles, pods and job. */
export function planIdentity(request: IdentityRequest): IdentityPlan {
  // The row of the request's own kind takes it.
  const mechanism = mechanisms[request.identity.kind] as IdentityMechanism;
  return mechanism.plan(request);
}
