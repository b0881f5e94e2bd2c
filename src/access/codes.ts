import type { Problem } from '../fleet/diagnostic.ts';

/** Every code that planning access can give. Each is explained in docs/errors.md. */
export const accessCodes = [
  'access/account-partition',
  'access/partition-crossed',
  'access/namespace-owner',
  'access/namespace-reserved',
  'access/service-account-reserved',
  'access/service-account-owner',
  'access/role-shared',
  'access/role-collision',
  'access/role-ownership',
  'access/role-case',
  'access/external-id-conflict',
  'access/user-shared',
  'access/user-conflict',
  'access/kubeconfig-endpoint',
  'access/profile-source-identity',
  'access/two-agents',
  'access/kiam-version',
  'access/migration',
  'access/moving-profiles',
  'access/moving-split',
] as const;

export interface AccessProblem extends Problem {
  readonly code: (typeof accessCodes)[number];
}
