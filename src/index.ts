/**
 * What an own cdk8s app imports: constructs, their props, and the error that they throw. Each stands
 * in docs/constructs.md with an example.
 */
export { CrossAccountAccess } from './constructs/cross-account-access.ts';
export type { CrossAccountAccessProps } from './constructs/cross-account-access.ts';
export type * from './constructs/gate-props.ts';
export { IdentityServiceAccount } from './constructs/identity-service-account.ts';
export type {
  IdentityServiceAccountProps,
  ServiceAccountProps,
} from './constructs/identity-service-account.ts';
export { IrsaServiceAccount } from './constructs/irsa-service-account.ts';
export type { IrsaServiceAccountProps } from './constructs/irsa-service-account.ts';
export { KeptNamespace } from './constructs/kept-namespace.ts';
export type { KeptNamespaceProps, NamespaceProps } from './constructs/kept-namespace.ts';
export { KiamNamespace } from './constructs/kiam-namespace.ts';
export type { KiamNamespaceProps } from './constructs/kiam-namespace.ts';
export { Kube2iamNamespace } from './constructs/kube2iam-namespace.ts';
export type { Kube2iamNamespaceProps } from './constructs/kube2iam-namespace.ts';
export { PodIdentityServiceAccount } from './constructs/pod-identity-service-account.ts';
export type { PodIdentityServiceAccountProps } from './constructs/pod-identity-service-account.ts';
export { PropsError } from './constructs/props-error.ts';
export type { PropsProblem } from './constructs/props-error.ts';
export { RestartCronJob } from './constructs/restart-cron-job.ts';
export type * from './constructs/restart-cron-job-props.ts';
export type {
  DirectIrsaIdentity,
  EksPodIdentityIdentity,
  IrsaIdentity,
  NodeAgentIdentity,
  RestartIdentity,
} from './constructs/restart-identity.ts';
export type * from './constructs/restart-targets.ts';
export type * from './constructs/strategy-props.ts';
